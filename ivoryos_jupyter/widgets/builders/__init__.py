"""The kernel's side of the workflow builder: what is open, how it is edited, checked, kept and run."""

from ivoryos_jupyter.widgets.builders._builder import Builder, Builders
from ivoryos_jupyter.widgets.builders._wiring import builders_of, open_builder

__all__ = ["Builder", "Builders", "builders_of", "open_builder"]
