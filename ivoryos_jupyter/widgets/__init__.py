"""Widgets of the notebook: control panels, the live view of a run, the dashboard, the builder.

Importing this is light; what draws is imported when something is drawn.
"""

from ivoryos_jupyter.widgets._doors import attach, control, dashboard, run_bundle

__all__ = ["attach", "control", "dashboard", "run_bundle"]
