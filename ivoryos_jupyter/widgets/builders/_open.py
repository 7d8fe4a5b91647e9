"""What does it mean that a workflow is open?  One present state, its history, its draft, and every view that shows it.

Two builders on one workflow share one `OpenWorkflow`, so that they stay in step. An edit names the version it was made for;
one made for another version is refused, never merged.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from ivoryos_jupyter.errors import CommandError
from ivoryos_jupyter.widgets.builders._drafts import DraftWriter, read_draft
from ivoryos_jupyter.widgets.builders._history import History
from ivoryos_jupyter.widgets.builders._patch import Change, document
from ivoryos_jupyter.workflow import content_hash

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.workflow import Workflow


class Drafts(Protocol):
    """Where what is not saved is kept, by the name of the workflow."""

    def keep_draft(self, name: str, text: str) -> None:
        """Keep a draft."""

    def drop_draft(self, name: str) -> None:
        """Forget it."""

    def keep_past(self, name: str, text: str) -> None:
        """Keep how what is saved came about."""


class OpenWorkflow:
    """A workflow that is being edited."""

    def __init__(self, workflow: Workflow, saved: Workflow | None, drafts: Drafts) -> None:
        """Open `workflow`; `saved` is what the library holds of it, None when it was never saved."""
        self.version = 0
        self.saved = saved
        self.saved_version = 0
        self._saved_hash = _hash(saved)
        self._writer = DraftWriter()
        self._history = History(workflow)
        self._drafts = drafts
        self._lock = threading.RLock()
        self._listeners: list[Callable[[dict[str, object]], None]] = []

    @classmethod
    def restored(cls, text: str, saved: Workflow | None, drafts: Drafts) -> OpenWorkflow | None:
        """Open what a draft holds, with its undo; None when the draft was made of another saved version or cannot be read."""
        try:
            found = read_draft(text, _hash(saved))
        except (ValueError, LookupError, TypeError):
            return None
        if found is None:
            return None
        opened = cls(found[0].present, saved, drafts)
        opened._history, opened.version = found
        return opened

    @property
    def workflow(self) -> Workflow:
        """The present state."""
        return self._history.present

    @property
    def dirty(self) -> bool:
        """Whether it differs from what the library holds."""
        return self.saved is None or _content(self.workflow) != _content(self.saved)

    def listen(self, listener: Callable[[dict[str, object]], None]) -> Callable[[], None]:
        """Tell `listener` each patch from now on; return the function that ends it."""
        with self._lock:
            self._listeners.append(listener)

        def stop() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return stop

    def document(self) -> dict[str, object]:
        """Return everything a view needs to show it."""
        with self._lock:
            return {**document(self.workflow, self.version), **self.state()}

    def state(self) -> dict[str, object]:
        """Return what the header shows beside the workflow's own words."""
        return {
            "dirty": self.dirty,
            "undo": self._history.undo_label,
            "redo": self._history.redo_label,
            "saved": self.saved is not None,
            "saved_version": self.saved_version,
        }

    def past(self) -> list[Workflow]:
        """Return what the workflow was before, the latest last."""
        with self._lock:
            return self._history.past

    def edit(self, seen: int, name: Callable[[], tuple[str, str]], change: Callable[[Workflow], Workflow]) -> dict[str, object] | None:
        """Apply `change` and return the patch; None when `seen` is not the present version.

        `name` is asked afterwards: the label for the undo button, and the text that lets quick edits of one field become one.
        """
        with self._lock:
            if seen != self.version:
                return None
            if self.workflow.finalized:
                raise CommandError(f"{self.workflow.name!r} is finalized and can only be read; duplicate it to change the copy.")
            changed = change(self.workflow)
            label, merge = name()
            return self._publish(self._history.record(label, changed, merge))

    def replace(self, label: str, workflow: Workflow) -> dict[str, object]:
        """Make `workflow` the present state, whatever views have seen; for edits from Python and from the library."""
        with self._lock:
            return self._publish(self._history.record(label, workflow))

    def undo(self, seen: int) -> dict[str, object] | None:
        """Return to the state before; None when `seen` is not the present version."""
        with self._lock:
            return None if seen != self.version else self._publish(self._history.undo())

    def redo(self, seen: int) -> dict[str, object] | None:
        """Do again what was undone; None when `seen` is not the present version."""
        with self._lock:
            return None if seen != self.version else self._publish(self._history.redo())

    def relabel(self, rename: Callable[[Workflow], Workflow]) -> dict[str, object]:
        """Change what no undo takes back: the name, whether it is finalized or registered."""
        with self._lock:
            return self._publish(self._history.relabel(rename))

    def note_saved(self, saved: Workflow, version: int) -> None:
        """Note what the library holds, without telling the views."""
        self.saved, self.saved_version, self._saved_hash = saved, version, _hash(saved)

    def mark_saved(self, saved: Workflow, version: int) -> None:
        """Note that the library now holds `saved` as this version, and tell the views."""
        with self._lock:
            self.note_saved(saved, version)
            self._publish({})

    def _publish(self, change: Change) -> dict[str, object]:
        patch: dict[str, object] = {"from": self.version, "to": self.version + 1, **change, **self.state()}
        self.version += 1
        self._keep_draft()
        for listener in list(self._listeners):
            listener(patch)
        return patch

    def _keep_draft(self) -> None:
        text = self._writer.text(self._history, self.version, self._saved_hash)
        if self.dirty:
            self._drafts.keep_draft(self.workflow.name, text)
        else:
            self._drafts.drop_draft(self.workflow.name)
            self._drafts.keep_past(self.workflow.name, text)


def _content(workflow: Workflow) -> Workflow:
    """Return `workflow` without what the library adds to it."""
    return replace(workflow, uuid=None, author="", nested={})


def _hash(workflow: Workflow | None) -> str | None:
    return None if workflow is None else content_hash(workflow)
