"""How is a workflow file of JupyterLab edited?  Its text comes from the page, is opened as a draft here, and goes back as text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.widgets.builders._library import imported
from ivoryos_jupyter.widgets.builders._page import view_of
from ivoryos_jupyter.workflow import content_hash, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ivoryos_jupyter.widgets.builders._page import Table
    from ivoryos_jupyter.widgets.builders._workshop import Workshop
    from ivoryos_jupyter.workflow import Workflow

    Params = Mapping[str, object]


class FileDesk:
    """Answers what the page asks about workflow files."""

    def __init__(self, shop: Workshop, table: Table) -> None:
        """Open files on `table`."""
        self._shop = shop
        self._table = table

    def register(self) -> None:
        """Let the desk know the requests that are answered here."""
        handlers: dict[str, Callable[[Params], object]] = {
            "open_file": self.open_file,
            "take_file": self.take_file,
            "show_again": self.show_again,
            "leave": self.leave,
        }
        for name, handler in handlers.items():
            self._shop.desk.register(f"builder.{name}", handler)

    def open_file(self, params: Params) -> dict[str, object]:
        """Open the workflow in the text of a file and return its key; a question when another one of this name is here.

        ``choice`` answers the question: ``file`` makes the file's content a change of what is here, which undo takes back; ``kept``
        opens what is here; ``apart`` opens the file under a name of its own.
        """
        workflow, choice = self._read(params), params.get("choice")
        if choice == "apart":
            workflow = self._table.apart(workflow)
        elif choice is None and (question := self._question(workflow)):
            return {"question": question}
        key = self._table.open(workflow.name if choice in {"kept", "file"} else workflow)
        if choice == "file":
            self._table.opened_as(key).replace("Change from the file", workflow)
        self._table.page(view_of(params)).show(key, self._table.opened_as(key))
        return {"document": key, "name": self._table.opened_as(key).workflow.name}

    def take_file(self, params: Params) -> dict[str, object]:
        """Make the text of the file, which was changed on disk, the present state; undo takes it back."""
        opened = self._table.opened_as(str(params.get("document", "")))
        opened.replace("Change from the file", replace(self._read(params), name=opened.workflow.name))
        return {}

    def show_again(self, params: Params) -> dict[str, object]:
        """Let a page that was loaded anew go on with a workflow that is open here."""
        key = str(params.get("document", ""))
        opened = self._table.opened_as(key)
        self._table.page(view_of(params)).show(key, opened)
        return {"document": key, "name": opened.workflow.name}

    def leave(self, params: Params) -> dict[str, object]:
        """Show nothing to a page's view any more; the workflow stays open."""
        self._table.leave(view_of(params))
        return {}

    def _read(self, params: Params) -> Workflow:
        workflow = imported(str(params.get("text", "")))
        kept = self._shop.library.get(workflow.name)
        return replace(workflow, registered=kept is not None and kept.registered)

    def _question(self, workflow: Workflow) -> str:
        """Return what must be decided before the file can be opened; empty when nothing is."""
        name, library = workflow.name, self._shop.library
        saved, draft = library.get(name), library.draft(name)
        if saved is None and draft is None:
            return ""
        opened = self._table.opened_as(self._table.open(name))
        present = opened.workflow
        if content_hash(present) == content_hash(workflow) or not any(True for _ in walk(present)):
            return ""
        here = "unsaved changes of" if opened.dirty else f"version {opened.saved_version} of"
        return f"This kernel has {here} {name!r}, and the file says something else."
