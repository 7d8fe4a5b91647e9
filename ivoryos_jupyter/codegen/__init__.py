"""A workflow as Python that runs by itself, and Python as a workflow."""

from ivoryos_jupyter.codegen._parse import Parsed, parse, parse_lines
from ivoryos_jupyter.codegen._render import render

__all__ = ["Parsed", "parse", "parse_lines", "render"]
