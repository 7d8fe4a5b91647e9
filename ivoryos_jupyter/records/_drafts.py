"""Where is unsaved work?  In ``scripts/drafts/``, one file for each workflow and notebook; beside it, how saved work came about."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import RecordsError
from ivoryos_jupyter.records._files import write_whole
from ivoryos_jupyter.whole_files import patiently, read_file

if TYPE_CHECKING:
    from pathlib import Path

    from ivoryos_jupyter.records._folder import DataFolder


class DraftFiles:
    """The drafts of one data folder."""

    def __init__(self, folder: DataFolder, notebook: str = "") -> None:
        """Use `folder`; two notebooks that work on one workflow have a draft each."""
        self._folder = folder
        self._notebook = notebook

    def _path(self, name: str) -> Path:
        return self._folder.draft(f"{name} in {self._notebook}" if self._notebook else name)

    def _past(self, name: str) -> Path:
        return self._path(name).with_suffix(".undo")

    def read(self, name: str) -> str | None:
        """Return the draft of `name`, or None."""
        return _text(self._path(name))

    def names(self) -> list[str]:
        """Return the names of the workflows that have a draft, the latest first."""
        files = sorted(self._path("any").parent.glob("*.json"), key=_changed, reverse=True)
        return [name for name, path in ((_named(path), path) for path in files) if name and self._path(name) == path]

    def read_past(self, name: str) -> str | None:
        """Return how the saved workflow `name` came about, or None."""
        return _text(self._past(name))

    def keep_past(self, name: str, text: str) -> None:
        """Write how the saved workflow `name` came about, so that it can be undone also after a restart."""
        write_whole(self._past(name), text.encode("utf-8", "backslashreplace"), durable=False)

    def keep(self, name: str, text: str) -> None:
        """Write the draft of `name`, whole or not at all."""
        write_whole(self._path(name), text.encode("utf-8", "backslashreplace"))

    def drop(self, name: str) -> None:
        """Forget the draft of `name`."""
        _remove(self._path(name))

    def rename(self, name: str, new_name: str) -> None:
        """Keep the draft of `name` for `new_name`."""
        text = self.read(name)
        if text is not None:
            self.keep(new_name, text)
            self.drop(name)
        past = self.read_past(name)
        if past is not None:
            self.keep_past(new_name, past)
            _remove(self._past(name))


def _text(path: Path) -> str | None:
    try:
        return read_file(path).decode("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise RecordsError(f"The draft {path} cannot be read ({error}); move it away to go on without it.") from error


def _remove(path: Path) -> None:
    try:
        patiently(lambda: path.unlink(missing_ok=True))
    except OSError as error:
        raise RecordsError(f"The draft {path} cannot be removed ({error}); close what has it open, then go on.") from error


def _changed(path: Path) -> int:
    """Return when a file was written last; one that is gone by now was never."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _named(path: Path) -> str:
    """Return the name of the workflow a draft is of; empty where the file does not say."""
    try:
        return str(json.loads(read_file(path))["head"]["name"])
    except (OSError, ValueError, LookupError, TypeError):
        return ""
