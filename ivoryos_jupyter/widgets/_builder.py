"""The builder as a widget: one view of one open workflow, and the desk that all builders of a session share."""

from __future__ import annotations

import secrets
import threading
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import anywidget
from traitlets import Unicode

from ivoryos_jupyter.widgets._builder_desk import EditDesk
from ivoryos_jupyter.widgets._builder_open import OpenWorkflow
from ivoryos_jupyter.workflow import Workflow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ivoryos_jupyter.widgets._builder_workshop import Workshop

_STATIC = Path(__file__).parent / "static"


class Builder(anywidget.AnyWidget):  # type: ignore[misc] # anywidget has no types for its base
    """A builder in the notebook. It shows an open workflow; the workflow itself lives in the kernel."""

    _esm = _STATIC / "builder.js"
    _css = _STATIC / "builder.css"
    token = Unicode(help="Names the session.").tag(sync=True)
    document = Unicode(help="Key of the open workflow that is shown.").tag(sync=True)

    def __init__(self, builders: Builders, key: str) -> None:
        """Show the open workflow called `key`."""
        self._builders = builders
        self._stop: Callable[[], None] = lambda: None
        super().__init__(token=builders.shop.token, document=key)
        self.on_msg(self._receive)
        self.show(key)

    def show(self, key: str) -> None:
        """Show another open workflow."""
        self._stop()
        opened = self._builders.opened[key]
        self._stop = opened.listen(lambda patch: self.tell("builder.patch", {**patch, "document": key}))
        self.document = key

    def tell(self, name: str, data: object) -> None:
        """Send an event to the view."""
        if self.comm is not None:
            self.send({"type": "event", "name": name, "data": data})

    def close(self) -> None:
        """Take the view off the screen; the workflow stays open."""
        self._stop()
        super().close()

    def _receive(self, _widget: object, content: Mapping[str, object], _buffers: object) -> None:
        if content.get("type") == "request":
            request = {name: content.get(name) for name in ("id", "method", "params")}
            self._builders.shop.desk.hand_in(request, lambda reply: self.send({"type": "reply", **reply}))


class Builders:
    """All builders of a session."""

    def __init__(self, shop: Workshop) -> None:
        """Register at the desk of `shop`."""
        self.shop = shop
        self.opened: dict[str, OpenWorkflow] = {}
        self._lock = threading.Lock()
        self._views: WeakValueDictionary[str, Builder] = WeakValueDictionary()
        EditDesk(shop, self.opened.get).register()
        shop.desk.register("builder.open", self._open)

    def builder(self, workflow: str | Workflow | None = None) -> Builder:
        """Return a builder that shows a workflow: by name, as an object, or a new one."""
        view = Builder(self, self.open(workflow))
        self._views[view.model_id] = view
        return view

    def open(self, workflow: str | Workflow | None = None) -> str:
        """Open a workflow, or find it open already; return its key."""
        with self._lock:
            name = workflow.name if isinstance(workflow, Workflow) else workflow or self._free_name()
            for key, one in self.opened.items():
                if one.workflow.name == name:
                    if isinstance(workflow, Workflow) and workflow != one.workflow:
                        one.replace("Change from Python", workflow)
                    return key
            key = secrets.token_hex(4)
            self.opened[key] = self._opened(name, workflow if isinstance(workflow, Workflow) else None)
            return key

    def deck_changed(self) -> None:
        """Tell the views that the deck has other instruments or methods."""
        for view in list(self._views.values()):
            view.tell("builder.palette", None)

    def close(self) -> None:
        """Close every view."""
        for view in list(self._views.values()):
            view.close()

    def _opened(self, name: str, given: Workflow | None) -> OpenWorkflow:
        saved = self.shop.library.get(name)
        draft = self.shop.drafts.draft(name)
        restored = OpenWorkflow.restored(draft, saved, self.shop.drafts) if draft is not None else None
        if restored is None:
            return OpenWorkflow(given or saved or Workflow(name=name, deck=self.shop.deck.name), saved, self.shop.drafts)
        if given is not None and given != restored.workflow:
            restored.replace("Change from Python", given)
        return restored

    def _free_name(self) -> str:
        taken = {one.workflow.name for one in self.opened.values()} | {one.name for one in self.shop.library.shelves()}
        number = 1
        while f"workflow_{number}" in taken:
            number += 1
        return f"workflow_{number}"

    def _open(self, params: Mapping[str, object]) -> dict[str, object]:
        desk = EditDesk(self.shop, self.opened.get)
        return {"document": desk.opened(params).document(), "run": None}
