"""Widgets of the notebook: control panels, the live view of a run, the dashboard, the builder.

Importing this is light; what draws is imported when something is drawn.
"""

from typing import TYPE_CHECKING

from ivoryos_jupyter.widgets._doors import attach, builder, control, dashboard, open_builder, run_bundle, workflow_in

if TYPE_CHECKING:
    from ivoryos_jupyter.widgets._control import ControlPanel as ControlPanel
    from ivoryos_jupyter.widgets._dashboard import Dashboard as Dashboard

__all__ = ["attach", "builder", "control", "dashboard", "open_builder", "run_bundle", "workflow_in"]
