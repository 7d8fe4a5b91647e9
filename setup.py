"""Which built files of the front end go where JupyterLab looks for them?  (Everything else is in `pyproject.toml`.)"""

from jupyter_packaging import get_data_files
from setuptools import setup

EXTENSION = "share/jupyter/labextensions/ivoryos-jupyter"

setup(
    data_files=get_data_files(
        [
            (EXTENSION, "ivoryos_jupyter/labextension", "**"),
            (EXTENSION, ".", "install.json"),
        ]
    )
)
