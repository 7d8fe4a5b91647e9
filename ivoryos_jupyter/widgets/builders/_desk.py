"""How does the kernel answer what a builder's view asks about one open workflow?  One method for each request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.codegen import render
from ivoryos_jupyter.errors import IvoryOSError, Problem, UnknownNameError, WorkflowError
from ivoryos_jupyter.widgets._candidates import candidates_in
from ivoryos_jupyter.widgets.builders._check import check_json, findings_of, limits_of, repaired
from ivoryos_jupyter.widgets.builders._edits import Edited, edited
from ivoryos_jupyter.widgets.builders._form import step_form
from ivoryos_jupyter.widgets.builders._palette import palette
from ivoryos_jupyter.widgets.builders._values import edited_value
from ivoryos_jupyter.workflow import CallWorkflow, pin, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ivoryos_jupyter.widgets.builders._open import OpenWorkflow
    from ivoryos_jupyter.widgets.builders._workshop import Workshop
    from ivoryos_jupyter.workflow import Workflow

    Params = Mapping[str, object]


class EditDesk:
    """Answers requests about workflows that are open."""

    def __init__(self, shop: Workshop, find: Callable[[str], OpenWorkflow | None]) -> None:
        """Use `shop`; `find` gives the open workflow with a key."""
        self._shop = shop
        self._find = find
        self._candidates = candidates_in(shop.deck)

    def register(self) -> None:
        """Let the desk know the requests that are answered here."""
        handlers = {
            "edit": self.edit,
            "form": self.form,
            "check": self.check,
            "palette": self.palette,
            "python": self.python,
        }
        for name, handler in handlers.items():
            self._shop.desk.register(f"builder.{name}", handler)

    def opened(self, params: Params) -> OpenWorkflow:
        """Return the open workflow that `params` names."""
        found = self._find(str(params.get("document", "")))
        if found is None:
            raise UnknownNameError("This builder belongs to a session that has ended. Run its cell again.")
        return found

    def edit(self, params: Params) -> dict[str, object]:
        """Do an edit; ``stale`` when the view had not seen the present version."""
        opened, seen = self.opened(params), params.get("seen")
        intent = params.get("intent")
        if not isinstance(seen, int):
            raise WorkflowError([Problem("seen", "must be the version that the view has seen", str(seen))])
        if intent in {"undo", "redo"}:
            patch = opened.undo(seen) if intent == "undo" else opened.redo(seen)
            return {"stale": opened.version} if patch is None else {"patch": patch, "select": []}
        made: list[Edited] = []

        def change(workflow: Workflow) -> Workflow:
            done = self._edited(workflow, params, opened.past())
            made.append(replace(done, workflow=self._pinned(done.workflow)) if intent in {"insert", "paste"} else done)
            return made[0].workflow

        patch = opened.edit(seen, lambda: (made[0].label, made[0].merge), change)
        if patch is None:
            return {"stale": opened.version}
        return {"patch": patch, "select": list(made[0].select)}

    def _edited(self, workflow: Workflow, params: Params, past: Sequence[Workflow]) -> Edited:
        schema = self._shop.deck.schema()
        if params.get("intent") == "repair":
            wanted = params.get("repair")
            return repaired(workflow, wanted if isinstance(wanted, Mapping) else {}, findings_of(self._shop, workflow, past=past))
        made = edited_value(workflow, params, schema)
        return made or edited(workflow, params, schema)

    def _pinned(self, workflow: Workflow) -> Workflow:
        """Return `workflow` with every version it calls among its own, as far as the library has them."""
        calls = (visit.step for visit in walk(workflow) if isinstance(visit.step, CallWorkflow))
        missing = {(one.workflow, one.version) for one in calls if one.version not in workflow.nested}
        found = (self._shop.library.get(name, version) for name, version in missing)
        return pin(workflow, *(one for one in found if one is not None)) if missing else workflow

    def check(self, params: Params) -> object:
        """Return what is wrong with the present version."""
        opened = self.opened(params)
        version, workflow = opened.version, opened.workflow
        return check_json(version, findings_of(self._shop, workflow, past=opened.past()))

    def python(self, params: Params) -> dict[str, object]:
        """Return the workflow as Python, or why it cannot be said yet."""
        opened = self.opened(params)
        try:
            return {"version": opened.version, "code": render(opened.workflow, self._shop.deck.schema()), "problem": ""}
        except IvoryOSError as error:
            return {"version": opened.version, "code": "", "problem": str(error)}

    def form(self, params: Params) -> object:
        """Return the form of one step."""
        opened = self.opened(params)
        schema = self._shop.deck.schema()
        return step_form(opened.workflow, str(params.get("step", "")), schema, limits_of(self._shop)[0], self._candidates, self._shop.usual)

    def palette(self, _params: Params) -> object:
        """Return what can be dragged."""
        schema = self._shop.deck.schema()
        registered = [one.name for one in self._shop.library.shelves() if one.registered and one.hash]  # what cannot be read has none
        workflows = [found for name in registered if (found := self._shop.library.get(name)) is not None]
        return palette(schema, workflows)
