"""What does the sidebar ask, and what is it told?  Everything beside the run itself, which every page hears of anyway."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.bridge._sidebar_deck import DeckBoard
from ivoryos_jupyter.bridge._sidebar_pace import Pace
from ivoryos_jupyter.bridge._sidebar_queue import QueueCounter
from ivoryos_jupyter.bridge._sidebar_safety import SafetyBoard
from ivoryos_jupyter.bridge._sidebar_told import told
from ivoryos_jupyter.bridge._sidebar_watches import WatchBoard
from ivoryos_jupyter.errors import RecordsError
from ivoryos_jupyter.notebook.recovery import CaseCounter, RunDecided
from ivoryos_jupyter.notices import NotificationsChanged
from ivoryos_jupyter.records import latest_runs
from ivoryos_jupyter.remembered import Remembered
from ivoryos_jupyter.runner import MadeSafe, QueueChanged, RunChanged
from ivoryos_jupyter.session import DeckChanged
from ivoryos_jupyter.wire import LimitsChanged

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ivoryos_jupyter.bridge._sidebar_shapes import QueueJson, RecentJson, SidebarJson, ToldJson
    from ivoryos_jupyter.notebook.recovery import InterruptedJson
    from ivoryos_jupyter.records import LatestRun
    from ivoryos_jupyter.session import Session

    Params = Mapping[str, object]

_RECENT = 8
_LONGEST_ERROR = 300
_OVER = {"stopped", "failed", "interrupted"}
"""Of runs that ended so, what is missing can be run."""


class Sidebar:
    """Answers the sidebars of all pages of one session."""

    def __init__(self, session: Session, changed: Callable[[], None]) -> None:
        """Let the session's desk answer; `changed` lets every page ask again."""
        self._session = session
        self._changed = changed
        self._watches = WatchBoard(session, changed)
        self._deck = DeckBoard(session, self._watches.band_of)
        self._safety = SafetyBoard(session)
        self._queue = QueueCounter(session)
        self._pace = Pace()
        self._recent = Remembered(lambda: [_recent(run) for run in latest_runs(session.store, _RECENT)])
        self._cases = session.one(CaseCounter)
        session.desk.register("sidebar.state", lambda _: self._state())
        session.desk.register("sidebar.trust", self._trust)

    def hear(self, event: object) -> bool:
        """Take an event in; tell whether something beside the run is different now."""
        if isinstance(event, RunChanged):
            self._pace.hear(event.status)
        if (isinstance(event, RunChanged) and event.status.ended) or isinstance(event, (QueueChanged, RunDecided)):
            self._recent.forget()
        queue, deck, watches = self._queue.hear(event), self._deck.hear(event), self._watches.hear(event)
        cases = self._cases.hear(event)
        return (
            queue or deck or cases or watches or isinstance(event, (RunChanged, DeckChanged, LimitsChanged, MadeSafe, NotificationsChanged))
        )

    def _state(self) -> SidebarJson:
        problem = ""
        queue: QueueJson = {"on_hold": False, "reason": "", "entries": []}
        recent: list[RecentJson] = []
        interrupted: list[InterruptedJson] = []
        try:
            queue, recent, interrupted = self._queue.show(), self._latest(), self._cases.show()
        except RecordsError as error:
            problem = str(error)
        return {
            "deck": self._deck.show(),
            "told": self._told(),
            "safety": self._safety.show(),
            "queue": queue,
            "recent": recent,
            "tripped": self._watches.show(),
            "interrupted": interrupted,
            "estimate": self._pace.estimate(self._session.runner.active),
            "problem": problem,
        }

    def _told(self) -> ToldJson | None:
        active = self._session.runner.active
        question = None if active is None else active.question
        return None if question is None else told(question, self._session.notifications)

    def _latest(self) -> list[RecentJson]:
        active = self._session.runner.active
        ours = active.run_id if active is not None else None
        known = self._recent.get()
        if any(one["status"] == "running" and one["id"] != ours for one in known):
            self._recent.forget()  # of the end of another kernel's run nobody tells us
        return known

    def _trust(self, params: Params) -> bool:
        trusted = self._session.pipeline.trust(str(params.get("name")))
        self._changed()
        return trusted


def _recent(run: LatestRun) -> RecentJson:
    trail = run.trail
    return {
        "id": run.id,
        "name": run.name,
        "workflow": run.workflow,
        "status": run.status,
        "started_ms": None if run.started_us is None else run.started_us // 1000,
        "ended_ms": None if run.ended_us is None else run.ended_us // 1000,
        "skipped": run.skipped,
        "error": run.error if len(run.error) <= _LONGEST_ERROR else f"{run.error[:_LONGEST_ERROR]}…",
        "done": trail.done,
        "total": trail.total,
        "before": [{"run": number, "done": done} for number, done in trail.before],
        "missing": len(trail.missing) if run.status in _OVER else 0,
        "by": trail.by,
        "cleanup_only": trail.cleanup_only,
        "table": run.table,
    }
