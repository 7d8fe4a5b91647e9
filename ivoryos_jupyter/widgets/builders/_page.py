"""Which views show an open workflow?  Widgets of the notebook, and parts of the page that are none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ivoryos_jupyter.errors import CommandError
from ivoryos_jupyter.wire import PageEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ivoryos_jupyter.widgets.builders._open import OpenWorkflow
    from ivoryos_jupyter.workflow import Workflow


class Showing(Protocol):
    """A view that shows one open workflow at a time."""

    view: str
    """Names it in its requests."""
    document: str
    """Key of the open workflow."""

    def show(self, key: str, opened: OpenWorkflow) -> None:
        """Show an open workflow, and no other any more."""

    def hear(self, name: str, data: object) -> None:
        """Tell the view what happened."""

    def close(self) -> None:
        """Show nothing any more."""


class Table(Protocol):
    """Where workflows lie open."""

    def open(self, workflow: str | Workflow | None = None) -> str:
        """Open a workflow, or find it open; return its key."""

    def opened_as(self, key: str) -> OpenWorkflow:
        """Return the open workflow with a key."""

    def apart(self, workflow: Workflow) -> Workflow:
        """Return `workflow` under a name that nothing has yet."""

    def put_apart(self, opened: OpenWorkflow) -> str:
        """Lay open what does not belong to the library; return its key."""

    def page(self, view: str) -> Page:
        """Return the page's view of this name."""

    def leave(self, view: str) -> None:
        """Forget a page's view."""


class Page:
    """A builder in JupyterLab's main area; it lives in the page, and what it hears goes out as announcements."""

    def __init__(self, view: str, publish: Callable[[object], None]) -> None:
        """Let the view that calls itself `view` hear by `publish`."""
        self.view = view
        self.document = ""
        self._publish = publish
        self._stop: Callable[[], None] | None = None

    def show(self, key: str, opened: OpenWorkflow) -> None:
        """Show an open workflow, and no other any more."""
        self.close()
        self._stop = opened.listen(lambda patch: self.hear("builder.patch", {**patch, "document": key}))
        self.document = key

    def hear(self, name: str, data: object) -> None:
        """Tell the view what happened."""
        self._publish(PageEvent(self.view, name, data))

    def close(self) -> None:
        """Follow no workflow any more."""
        if self._stop is not None:
            self._stop()
            self._stop = None


class Pages:
    """The builders of all pages; a page that was closed without a word is forgotten when many came after it."""

    MOST = 32

    def __init__(self, publish: Callable[[object], None]) -> None:
        """Begin with none."""
        self._publish = publish
        self._pages: dict[str, Page] = {}

    def page(self, view: str) -> Page:
        """Return the page's view of this name; made when it is new."""
        page = self._pages.pop(view, None) or Page(view, self._publish)
        self._pages[view] = page
        while len(self._pages) > self.MOST:
            self.leave(next(iter(self._pages)))
        return page

    def leave(self, view: str) -> None:
        """Forget a view."""
        page = self._pages.pop(view, None)
        if page is not None:
            page.close()

    @property
    def views(self) -> dict[str, Page]:
        """All of them, by name."""
        return dict(self._pages)


def view_of(params: Mapping[str, object]) -> str:
    """Return the name of the view that asks."""
    view = params.get("view")
    if not isinstance(view, str) or not view:
        raise CommandError("The request names no view.")
    return view
