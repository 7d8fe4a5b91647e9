"""How Sphinx builds these pages."""
# ruff: noqa: INP001 - Sphinx reads it as a file

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # the pages describe this checkout, installed or not

from ivoryos_jupyter import __version__

project = "IvoryOS in Jupyter"
author = "The ivoryos_jupyter developers"
copyright = "2026, the ivoryos_jupyter developers"  # noqa: A001 - Sphinx's name
release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "IvoryOS in Jupyter"
html_static_path = ["_static"]
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
napoleon_numpy_docstring = True
napoleon_google_docstring = False
default_role = "code"
suppress_warnings = ["myst.header"]
