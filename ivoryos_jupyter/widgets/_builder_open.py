"""What does it mean that a workflow is open?  One present state, its history, its draft, and every view that shows it.

Two builders on one workflow share one `OpenWorkflow`, so that they stay in step. An edit names the version it was made for;
one made for another version is refused, never merged.
"""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import CommandError, WorkflowError
from ivoryos_jupyter.widgets._builder_history import History
from ivoryos_jupyter.widgets._builder_patch import Change, document
from ivoryos_jupyter.workflow import content_hash, from_data, to_data

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ivoryos_jupyter.records import Library
    from ivoryos_jupyter.workflow import Workflow

DRAFT = "ivoryos-draft/1"


class OpenWorkflow:
    """A workflow that is being edited."""

    def __init__(self, workflow: Workflow, saved: Workflow | None, drafts: Library) -> None:
        """Open `workflow`; `saved` is what the library holds of it, None when it was never saved."""
        self.version = 0
        self.saved = saved
        self.saved_version = 0
        self._history = History(workflow)
        self._drafts = drafts
        self._lock = threading.RLock()
        self._listeners: list[Callable[[dict[str, object]], None]] = []

    @classmethod
    def restored(cls, text: str, saved: Workflow | None, drafts: Library) -> OpenWorkflow | None:
        """Open what a draft holds, with its undo; None when the draft was made of another saved version or cannot be read."""
        try:
            data = json.loads(text)
            if data["format"] != DRAFT or data["saved"] != _hash(saved):
                return None
            workflow = from_data(data["workflow"])
            opened = cls(workflow, saved, drafts)
            opened._history = History.from_data(workflow, data["history"])
            opened.version = int(data["version"])
        except (ValueError, LookupError, TypeError, WorkflowError):
            return None
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

    def mark_saved(self, saved: Workflow, version: int) -> None:
        """Note that the library now holds `saved` as this version, and tell the views."""
        with self._lock:
            self.saved, self.saved_version = saved, version
            self._publish({})

    def _publish(self, change: Change) -> dict[str, object]:
        patch: dict[str, object] = {"from": self.version, "to": self.version + 1, **change, **self.state()}
        self.version += 1
        self._keep_draft()
        for listener in list(self._listeners):
            listener(patch)
        return patch

    def _keep_draft(self) -> None:
        if not self.dirty:
            self._drafts.drop_draft(self.workflow.name)
            return
        self._drafts.keep_draft(self.workflow.name, json.dumps(self._draft(), ensure_ascii=True))

    def _draft(self) -> Mapping[str, object]:
        return {
            "format": DRAFT,
            "version": self.version,
            "saved": _hash(self.saved),
            "workflow": to_data(self.workflow),
            "history": self._history.to_data(),
        }


def _content(workflow: Workflow) -> Workflow:
    """Return `workflow` without what the library adds to it."""
    return replace(workflow, uuid=None, author="", nested={})


def _hash(workflow: Workflow | None) -> str | None:
    return None if workflow is None else content_hash(workflow)
