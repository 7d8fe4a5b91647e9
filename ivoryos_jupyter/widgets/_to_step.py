"""How does a call of the log become a step of a workflow?  It is appended to the script phase, and saved as a new version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import CommandError, UnknownNameError
from ivoryos_jupyter.introspect import BLOCKS
from ivoryos_jupyter.workflow import Action, CallBlock, Constant, GetProperty, Place, SetProperty, Workflow, insert, new_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.session import Session
    from ivoryos_jupyter.widgets._calls import CallLog, LoggedCall
    from ivoryos_jupyter.workflow import Step


class StepKeeper:
    """Appends calls of the log to workflows of the library."""

    def __init__(self, session: Session, log: CallLog) -> None:
        """Take calls from `log`."""
        self._session = session
        self._log = log

    def workflows(self) -> list[str]:
        """Return the names of the workflows a step may be appended to."""
        return [one.name for one in self._session.library.shelves() if not one.finalized]

    def append(self, params: Mapping[str, object]) -> str:
        """Append the call to the workflow that is named, made when there is none; return what was done, in words."""
        logged = self._log.find(params.get("id"))
        name = params.get("workflow")
        if logged is None:
            raise UnknownNameError("This entry is no longer in the log.")
        if not isinstance(name, str) or not name.strip():
            raise CommandError("Say which workflow the step is to be appended to.")
        library = self._session.library
        workflow = library.get(name) or Workflow(name=name, deck=self._session.deck.name)
        if workflow.finalized:
            raise CommandError(f"{name} is finalized and cannot be changed; name another workflow.")
        longer = insert(workflow, Place("script", index=len(workflow.script)), step_of(logged))
        library.save(longer)
        return f"now step {len(longer.script)} of {name}"


def step_of(logged: LoggedCall) -> Step:
    """Return the step that makes the same call."""
    entry = logged.entry
    arguments = {name: Constant(value) for name, value in logged.arguments.items()}
    if entry["operation"] == "get":
        return GetProperty(id=new_id(), instrument=entry["target"], property=entry["member"])
    if entry["operation"] == "set":
        return SetProperty(id=new_id(), instrument=entry["target"], property=entry["member"], value=arguments["value"])
    if entry["target"] == BLOCKS:
        return CallBlock(id=new_id(), block=entry["member"], arguments=arguments)
    return Action(id=new_id(), instrument=entry["target"], method=entry["member"], arguments=arguments)
