"""How does one write a workflow in a notebook?  A draft with three phases that gives an immutable workflow."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.workflow._draft_phase import PhaseDraft, Shared
from ivoryos_jupyter.workflow._lookup import DeckIndex
from ivoryos_jupyter.workflow._model import Workflow
from ivoryos_jupyter.workflow._tree import walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.schema import DeckSchema


class WorkflowDraft:
    """A workflow that is being written in Python.

    Instruments are named by text (``"pump.dispense"``) or given live (``pump.dispense``). Arguments are values of Python,
    converted for the parameter that takes them; `at_run`, the names that earlier steps return, and `formula` stand for
    what is known only later. Everything wrong with one step is said at once, when it is added. The ids of the steps depend
    on their order only, so that running the same cell again gives the same workflow.

    >>> wf = WorkflowDraft("dose")
    >>> left = wf.script.call("pump.dispense", volume_ml=at_run("volume"), save="left")
    >>> with wf.script.if_("left < 15"):
    ...     wf.script.call("pump.refill")
    >>> wf.cleanup.set("reactor.temperature", 25.0)
    >>> wf.workflow

    Parameters
    ----------
    name
        Name of the workflow.
    schema
        The deck; with it, names and arguments are checked and converted as they are written.
    name_of
        Returns the deck's path of a live object, or an empty text.
    start
        A workflow to go on from.
    description
        What it is for.
    """

    def __init__(
        self,
        name: str,
        *,
        schema: DeckSchema | None = None,
        name_of: Callable[[object], str] | None = None,
        start: Workflow | None = None,
        description: str = "",
    ) -> None:
        """Begin with empty phases, or with those of `start`."""
        deck = schema.name if schema else ""
        base = start or Workflow(name=name)
        self._base = replace(base, name=name, deck=base.deck or deck, description=description or base.description)
        taken = {visit.step.id for visit in walk(base)}
        self._shared = Shared(DeckIndex(schema), name_of or (lambda _thing: ""), taken, dict(base.nested))
        self.prep = PhaseDraft(self._shared, "prep", base.prep)
        """Once, before."""
        self.script = PhaseDraft(self._shared, "script", base.script)
        """Repeated, by count or for each row of a table."""
        self.cleanup = PhaseDraft(self._shared, "cleanup", base.cleanup)
        """Once, after every ending."""

    @property
    def workflow(self) -> Workflow:
        """The workflow as it stands."""
        steps = {"prep": self.prep.steps, "script": self.script.steps, "cleanup": self.cleanup.steps}
        return replace(self._base, nested=dict(self._shared.nested), **steps)  # type: ignore[arg-type] # the phases' names

    def declare(self, name: str, annotation: str) -> None:
        """Say of which type a run-time parameter is: ``declare("volume", "float | None")``."""
        self._base = replace(self._base, parameters={**self._base.parameters, name: annotation})
