"""How Sphinx builds these pages."""

from importlib.metadata import version as _version

project = "IvoryOS in Jupyter"
author = "The ivoryos_jupyter developers"
copyright = "2026, the ivoryos_jupyter developers"  # noqa: A001 - Sphinx's name
release = _version("ivoryos_jupyter")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "IvoryOS in Jupyter"
html_static_path = ["_static"]
autodoc_typehints = "description"
autodoc_member_order = "bysource"
napoleon_numpy_docstring = True
napoleon_google_docstring = False
default_role = "code"
suppress_warnings = ["myst.header"]
