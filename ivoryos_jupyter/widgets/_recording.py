"""How does what a person does by hand become a workflow?  While recording is on, each call of a panel is appended to its script."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import CommandError, IvoryOSError
from ivoryos_jupyter.widgets._to_step import step_of
from ivoryos_jupyter.workflow import Place, insert

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ivoryos_jupyter.session import Session
    from ivoryos_jupyter.widgets._calls import LoggedCall
    from ivoryos_jupyter.widgets.builders import Builders
    from ivoryos_jupyter.workflow import Workflow

    Params = Mapping[str, object]

_log = logging.getLogger(__name__)


class Recording:
    """Appends calls to the open workflow of a name, as unsaved changes that undo takes back one by one."""

    def __init__(self, session: Session, tell: Callable[[str, object], None]) -> None:
        """Begin switched off; `tell` says to every panel what is recorded into."""
        self._session = session
        self._tell = tell
        self._lock = threading.Lock()
        self._name = ""
        self._count = 0
        self._problem = ""

    def state(self) -> dict[str, object]:
        """Return the workflow that is recorded into (empty when none is), how many steps it got, and what went wrong."""
        return {"workflow": self._name, "steps": self._count, "problem": self._problem}

    def switch(self, params: Params) -> dict[str, object]:
        """Record into the workflow that is named, made when there is none; stop recording when no name is given."""
        name = str(params.get("workflow") or "").strip()
        if name:
            builders = self._builders()
            workflow = builders.present_of(builders.open(name))()
            if workflow.finalized:
                raise CommandError(f"{name} is finalized and cannot be changed; name another workflow.")
        with self._lock:
            self._name, self._count, self._problem = name, 0, ""
        self._tell("control.recording", self.state())
        return self.state()

    def hear(self, logged: LoggedCall) -> None:
        """Append a call of a panel that has just been done."""
        entry = logged.entry
        if not self._name or entry["origin"] != "panel" or entry["state"] != "done":
            return
        try:
            builders = self._builders()
            key = builders.open(self._name)
            builders.opened_as(key).replace(f"Record {entry['target']}.{entry['member']}", _longer(builders.present_of(key)(), logged))
        except IvoryOSError as error:
            _log.warning("%s could not be recorded: %s", entry["call"], error)
            self._problem = f"{entry['call']} was not recorded: {error}"
        else:
            self._count += 1
        self._tell("control.recording", self.state())

    def _builders(self) -> Builders:
        from ivoryos_jupyter.widgets.builders import builders_of  # noqa: PLC0415 - who records nothing needs no builder

        return builders_of(self._session)


def _longer(workflow: Workflow, logged: LoggedCall) -> Workflow:
    if workflow.finalized:
        raise CommandError(f"{workflow.name} is finalized by now.")
    return insert(workflow, Place("script", index=len(workflow.script)), step_of(logged))
