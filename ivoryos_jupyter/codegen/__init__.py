"""A workflow as Python that runs by itself."""

from ivoryos_jupyter.codegen._render import render

__all__ = ["render"]
