"""Widgets of the notebook: control panels, the live view of a run, the dashboard, the builder."""

from ivoryos_jupyter.widgets._control import ControlPanel, control

__all__ = ["ControlPanel", "control"]
