"""What would make safe do, and what did it do last?  Said beforehand and afterwards, to every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.wire import made_safe_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ivoryos_jupyter.bridge._sidebar_shapes import SafetyJson
    from ivoryos_jupyter.session import Session


class SafetyBoard:
    """Shows the plan, and the latest report until somebody has read it."""

    def __init__(self, session: Session, changed: Callable[[], None]) -> None:
        """Let the session's desk answer; `changed` lets every page ask again."""
        self._session = session
        self._changed = changed
        self._read_us = 0
        session.desk.register("sidebar.safe_read", self._read)

    def show(self) -> SafetyJson:
        """Return plan and report."""
        session = self._session
        plan = session.safe_states.plan()
        report = session.runner.safety.report
        return {
            "handlers": [{"label": one.label, "instruments": [*one.instruments]} for one in plan.handlers],
            "without": [*plan.without],
            "problems": [*plan.problems],
            "report": None if report is None or report.started_us <= self._read_us else made_safe_json(report),
        }

    def _read(self, _: Mapping[str, object]) -> None:
        """Take note that somebody has read the report that has ended."""
        report = self._session.runner.safety.report
        if report is not None and report.ended:
            self._read_us = report.started_us
            self._changed()
