"""The builder as a widget: views of open workflows, and the desk that all builders of a session share."""

from __future__ import annotations

import secrets
import threading
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from traitlets import Unicode

from ivoryos_jupyter.codegen import parse
from ivoryos_jupyter.session import DeckChanged
from ivoryos_jupyter.widgets._candidates import candidates_in
from ivoryos_jupyter.widgets._view import View
from ivoryos_jupyter.widgets.builders._desk import EditDesk
from ivoryos_jupyter.widgets.builders._files import FileDesk
from ivoryos_jupyter.widgets.builders._library import LibraryDesk, imported
from ivoryos_jupyter.widgets.builders._open import OpenWorkflow
from ivoryos_jupyter.widgets.builders._page import Pages
from ivoryos_jupyter.widgets.builders._rehearsal import RehearsalDesk
from ivoryos_jupyter.widgets.builders._runs import Runs
from ivoryos_jupyter.widgets.builders._table import RunDesk
from ivoryos_jupyter.widgets.builders._waiting import WaitingDesk
from ivoryos_jupyter.wire import LimitsChanged
from ivoryos_jupyter.workflow import Workflow, content_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ivoryos_jupyter.widgets.builders._page import Page, Showing
    from ivoryos_jupyter.widgets.builders._workshop import Workshop

    Params = Mapping[str, object]


class Builder(View):
    """A builder in the notebook. It shows an open workflow; the workflow itself lives in the kernel."""

    document = Unicode().tag(sync=True)
    """Key of the open workflow that is shown."""
    view = Unicode().tag(sync=True)
    """Names this widget in its requests."""

    _stop: Callable[[], None] | None = None

    @classmethod
    def bundle(cls) -> str:
        """Return the name of the front end's files."""
        return "builder"

    def show(self, key: str, opened: OpenWorkflow) -> None:
        """Show an open workflow, and no other any more."""
        self._leave()
        self._stop = opened.listen(lambda patch: self.hear("builder.patch", {**patch, "document": key}))
        self.document = key

    def close(self) -> None:
        """Take the view off the screen; the workflow stays open."""
        self._leave()
        super().close()

    def _leave(self) -> None:
        if self._stop is not None:
            self._stop()
            self._stop = None


class Builders:
    """All builders of a session, and the workflows that are open in them."""

    def __init__(self, shop: Workshop) -> None:
        """Register at the desk of `shop`."""
        self.shop = shop
        self._open: dict[str, OpenWorkflow] = {}
        self._lock = threading.Lock()
        self._admitting = threading.Lock()  # who goes through the views must meet no other that is just being admitted
        self._views: WeakValueDictionary[str, Builder] = WeakValueDictionary()
        self._runs = Runs(shop.version_of)
        edits = EditDesk(shop, self._open.get)
        edits.register()
        runs = RunDesk(shop, edits.opened, candidates_in(shop.deck))
        runs.register()
        RehearsalDesk(shop, edits.opened, runs.submission).register()
        self._pages = Pages(shop.publish)
        self._waiting = WaitingDesk(shop, self, runs.submission)
        self._waiting.register()
        FileDesk(shop, self).register()
        LibraryDesk(shop, edits.opened, self._tell_palette).register()
        self._opened = edits.opened
        for name, handler in {"open": self._answer_open, "run": self._answer_run, "show": self._answer_show}.items():
            shop.desk.register(f"builder.{name}", handler)
        self._stop = shop.subscribe(self._hear)

    def builder(self, workflow: str | Workflow | None = None) -> Builder:
        """Return a builder that shows a workflow.

        Parameters
        ----------
        workflow
            A workflow, or the name of one; a name that nobody knows, or none, begins a new one. Two builders of one workflow show
            the same and stay in step.
        """
        key = self.open(workflow)
        view = Builder(self.shop.desk, self.shop.token, view=secrets.token_hex(8))
        view.show(key, self._open[key])
        self.admit(view)
        return view

    def admit(self, view: Builder) -> None:
        """Let `view` ask for workflows, and hear what happens to the one it shows."""
        with self._admitting:
            self._views[view.view] = view

    def open(self, workflow: str | Workflow | None = None) -> str:
        """Open a workflow, or find it open already; return the key under which views ask for it."""
        with self._lock:
            given = workflow if isinstance(workflow, Workflow) else None
            name = given.name if given is not None else str(workflow or self._free_name())
            for key, one in self._of_the_library():
                if one.workflow.name == name:
                    if given is not None and given != one.workflow:
                        one.replace("Change from Python", given)
                    return key
            key = secrets.token_hex(4)
            self._open[key] = self._begin(name, given)
            return key

    def opened_as(self, key: str) -> OpenWorkflow:
        """Return the open workflow with a key."""
        return self._opened({"document": key})

    def page(self, view: str) -> Page:
        """Return the view of this name in JupyterLab's main area."""
        return self._pages.page(view)

    def leave(self, view: str) -> None:
        """Forget a view in JupyterLab's main area; what it showed stays open."""
        self._pages.leave(view)

    def put_apart(self, opened: OpenWorkflow) -> str:
        """Lay open what does not belong to the library; return its key."""
        key = f"waiting-{secrets.token_hex(4)}"
        with self._lock:
            self._open[key] = opened
        return key

    def _of_the_library(self) -> list[tuple[str, OpenWorkflow]]:
        return [(key, one) for key, one in self._open.items() if self._waiting.of_document(key) is None]

    @property
    def _showing(self) -> dict[str, Showing]:
        with self._admitting:
            widgets = dict(self._views.items())
        return {**widgets, **self._pages.views}

    def present_of(self, key: str) -> Callable[[], Workflow]:
        """Return a function that gives the present state of an open workflow."""
        opened = self._open[key]
        return lambda: opened.workflow

    def close(self) -> None:
        """Close every view and hear nothing more."""
        self._stop()
        for view in self._showing.values():
            view.close()

    def _begin(self, name: str, given: Workflow | None) -> OpenWorkflow:
        saved = self.shop.library.get(name)
        library = self.shop.library
        kept = (text for text in (library.draft(name), library.past(name)) if text is not None)
        opened = next(filter(None, (OpenWorkflow.restored(text, saved, library) for text in kept)), None)
        if opened is None:
            opened = OpenWorkflow(given or saved or Workflow(name=name, deck=self.shop.deck.name), saved, self.shop.library)
        elif given is not None and given != opened.workflow:
            opened.replace("Change from Python", given)
        if saved is not None:
            mark = content_hash(saved)
            opened.saved_version = next((one.number for one in self.shop.library.versions(name) if one.hash == mark), 1)
        return opened

    def _taken(self) -> set[str]:
        return {one.workflow.name for _, one in self._of_the_library()} | {one.name for one in self.shop.library.shelves()}

    def _free_name(self) -> str:
        taken = self._taken()
        return next(name for number in count(1) if (name := f"workflow_{number}") not in taken)

    def apart(self, workflow: Workflow) -> Workflow:
        """Return an imported workflow under a name that nothing has yet, so that it overwrites nothing."""
        taken = self._taken()
        names = (workflow.name if number == 1 else f"{workflow.name}_{number}" for number in count(1))
        return replace(workflow, name=next(name for name in names if name not in taken), registered=False)

    def _answer_open(self, params: Params) -> dict[str, object]:
        waiting = self._waiting.of(str(params.get("document", "")))
        return {"document": self._opened(params).document(), "run": self._answer_run({**params, "since": 0}), "waiting": waiting}

    def _answer_run(self, params: Params) -> dict[str, object] | None:
        workflow, since = self._opened(params).workflow, params.get("since", 0)
        return self._runs.of(workflow.name, content_hash(workflow), since if isinstance(since, int) else 0)

    def _answer_show(self, params: Params) -> dict[str, object]:
        """Let a view show another workflow: by name, a new one, or from the text of a file or a cell."""
        view = self._showing.get(str(params.get("view", "")))
        text, name = params.get("text"), params.get("name")
        python = params.get("language") == "python"
        key = self.open(self.apart(self._from_text(str(text), python=python)) if text else str(name) if name else None)
        if view is not None:
            view.show(key, self._open[key])
        return {"document": key}

    def _from_text(self, text: str, *, python: bool) -> Workflow:
        """Return the workflow that is imported; raise `WorkflowError` with every line or place that cannot be read."""
        return parse(text, self.shop.deck.schema()) if python else imported(text)

    def _hear(self, event: object) -> None:
        if isinstance(event, (DeckChanged, LimitsChanged)):
            self._tell_palette()
        name = self._runs.hear(event)
        if name is None:
            return
        for view in self._showing.values():
            opened = self._open.get(view.document)
            if opened is not None and opened.workflow.name == name:
                view.hear("builder.run", None)

    def _tell_palette(self) -> None:
        for view in self._showing.values():
            view.hear("builder.palette", None)
