"""How are workflows kept, found and brought back?  What the library dialog asks; nothing is overwritten without a question."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import Problem, UnknownNameError, WorkflowError
from ivoryos_jupyter.widgets.builders._differences import differences
from ivoryos_jupyter.workflow import content_hash, from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ivoryos_jupyter.widgets.builders._open import OpenWorkflow
    from ivoryos_jupyter.widgets.builders._workshop import Workshop
    from ivoryos_jupyter.workflow import Workflow

    Params = Mapping[str, object]


class LibraryDesk:
    """Answers what the library dialog asks."""

    def __init__(self, shop: Workshop, opened: Callable[[Params], OpenWorkflow], changed: Callable[[], None]) -> None:
        """Use `shop`; `changed` is called when registered workflows became others."""
        self._shop = shop
        self._opened = opened
        self._changed = changed

    def register(self) -> None:
        """Let the desk know the requests that are answered here."""
        handlers: dict[str, Callable[[Params], object]] = {
            "library": self.shelves,
            "save": self.save,
            "save_as": self.save_as,
            "rename": self.rename,
            "mark": self.mark,
            "delete": self.delete,
            "restore": self.restore,
            "versions": self.versions,
            "diff": self.diff,
            "restore_version": self.restore_version,
            "export": self.export,
        }
        for name, handler in handlers.items():
            self._shop.desk.register(f"builder.{name}", handler)

    def shelves(self, _params: Params) -> object:
        """Return what the library holds."""
        return {
            "shelves": [
                {
                    "name": one.name,
                    "description": one.description,
                    "author": one.author,
                    "steps": one.steps,
                    "versions": one.versions,
                    "changed_ms": one.changed_us // 1000,
                    "finalized": one.finalized,
                    "registered": one.registered,
                    "draft": one.draft,
                }
                for one in self._shop.library.shelves()
            ]
        }

    def save(self, params: Params) -> object:
        """Keep the present state as the newest version."""
        opened = self._opened(params)
        newest = self._shop.library.get(opened.workflow.name)
        known = content_hash(opened.saved) if opened.saved is not None else None
        if newest is not None and content_hash(newest) != known and not params.get("confirm"):
            name = opened.workflow.name
            return {"question": f"{name!r} was saved elsewhere since it was opened here. Save this as a newer version all the same?"}
        return self._keep(opened, opened.workflow)

    def _keep(self, opened: OpenWorkflow, workflow: Workflow) -> dict[str, object]:
        version = self._shop.library.save(replace(workflow, author=workflow.author or self._shop.operator))
        opened.mark_saved(workflow, version.number)
        self._changed()
        return {"saved": version.number}

    def save_as(self, params: Params) -> object:
        """Keep a copy under another name, and go on with the copy."""
        opened, name = self._opened(params), _name(params)
        before = opened.workflow.name
        if name != before:
            if self._shop.library.get(name) is not None and not params.get("confirm"):
                return {"question": f"There is a workflow {name!r} already. Save this as a newer version of it?"}
            self._shop.library.drop_draft(before)
            opened.relabel(lambda one: replace(one, name=name, uuid=None, finalized=False, registered=False))
        return self._keep(opened, opened.workflow)

    def rename(self, params: Params) -> object:
        """Give the workflow another name, with all its versions."""
        opened, name = self._opened(params), _name(params)
        before = opened.workflow.name
        if name == before:
            return {}
        if self._shop.library.get(name) is not None:
            raise WorkflowError([Problem("name", "another workflow has this name; choose another one", name)])
        if opened.saved is not None:
            self._shop.library.rename(before, name)
            opened.note_saved(replace(opened.saved, name=name), opened.saved_version)
        opened.relabel(lambda one: replace(one, name=name))
        self._shop.library.drop_draft(before)
        self._changed()
        return {}

    def mark(self, params: Params) -> object:
        """Finalize (read only) or register (a step of other workflows), or take that back; saved at once."""
        opened = self._opened(params)
        marks = {name: bool(params[name]) for name in ("finalized", "registered") if name in params}
        opened.relabel(lambda one: replace(one, **marks))  # type: ignore[arg-type] # both are bool
        return self._keep(opened, opened.workflow)

    def delete(self, params: Params) -> object:
        """Take a workflow off the shelf."""
        self._shop.library.delete(_name(params))
        self._changed()
        return {}

    def restore(self, params: Params) -> object:
        """Bring a deleted workflow back."""
        self._shop.library.restore(_name(params))
        self._changed()
        return {}

    def versions(self, params: Params) -> object:
        """Return the versions of a workflow, the newest first."""
        rows = [
            {"number": one.number, "hash": one.hash, "saved_ms": one.saved_us // 1000, "author": one.author}
            for one in self._shop.library.versions(_name(params))
        ]
        return {"versions": rows}

    def diff(self, params: Params) -> object:
        """Return what is different between two versions; an empty hash means the present state."""
        old, new = self._version(params, str(params.get("old", ""))), self._version(params, str(params.get("new", "")))
        return differences(old, new)

    def restore_version(self, params: Params) -> object:
        """Make an older version the present state; undo takes it back."""
        opened = self._opened(params)
        old = self._version(params, str(params.get("version", "")))
        current = opened.workflow
        opened.replace("Restore version", replace(old, name=current.name, finalized=False, registered=current.registered))
        return {}

    def _version(self, params: Params, version: str) -> Workflow:
        opened = self._opened(params)
        if not version:
            return opened.workflow
        found = self._shop.library.get(opened.workflow.name, version)
        if found is None:
            raise UnknownNameError(f"{opened.workflow.name!r} has no version {version[:8]}.")
        return found

    def export(self, params: Params) -> object:
        """Return the workflow as JSON text."""
        opened = self._opened(params)
        return {"text": to_json(opened.workflow, indent=1)}


def imported(text: str) -> Workflow:
    """Return the workflow in JSON `text`; raise `WorkflowError` with every problem."""
    return replace(from_json(text), finalized=False)


def _name(params: Params) -> str:
    name = str(params.get("name", "")).strip()
    if not name:
        raise WorkflowError([Problem("name", "a workflow needs a name", name)])
    return name
