"""Where is unsaved work?  In ``scripts/drafts/``, one file for each workflow and notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import RecordsError
from ivoryos_jupyter.records._files import write_whole

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

    def read(self, name: str) -> str | None:
        """Return the draft of `name`, or None."""
        try:
            return self._path(name).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise RecordsError(f"The draft {self._path(name)} cannot be read ({error}); move it away to go on without it.") from error

    def keep(self, name: str, text: str) -> None:
        """Write the draft of `name`, whole or not at all."""
        write_whole(self._path(name), text.encode("utf-8", "backslashreplace"))

    def drop(self, name: str) -> None:
        """Forget the draft of `name`."""
        try:
            self._path(name).unlink(missing_ok=True)
        except OSError as error:
            raise RecordsError(f"The draft {self._path(name)} cannot be removed ({error}).") from error

    def rename(self, name: str, new_name: str) -> None:
        """Keep the draft of `name` for `new_name`."""
        text = self.read(name)
        if text is not None:
            self.keep(new_name, text)
            self.drop(name)
