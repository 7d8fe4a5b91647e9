"""Where is unsaved work?  In ``scripts/drafts/``, one file for each workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import RecordsError
from ivoryos_jupyter.records._files import write_whole

if TYPE_CHECKING:
    from ivoryos_jupyter.records._folder import DataFolder


class DraftFiles:
    """The drafts of one data folder."""

    def __init__(self, folder: DataFolder) -> None:
        """Use `folder`."""
        self._folder = folder

    def read(self, name: str) -> str | None:
        """Return the draft of `name`, or None."""
        try:
            return self._folder.draft(name).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise RecordsError(
                f"The draft {self._folder.draft(name)} cannot be read ({error}); move it away to go on without it."
            ) from error

    def keep(self, name: str, text: str) -> None:
        """Write the draft of `name`, whole or not at all."""
        write_whole(self._folder.draft(name), text.encode("utf-8", "backslashreplace"))

    def drop(self, name: str) -> None:
        """Forget the draft of `name`."""
        try:
            self._folder.draft(name).unlink(missing_ok=True)
        except OSError as error:
            raise RecordsError(f"The draft {self._folder.draft(name)} cannot be removed ({error}).") from error

    def rename(self, name: str, new_name: str) -> None:
        """Keep the draft of `name` for `new_name`."""
        text = self.read(name)
        if text is not None:
            self.keep(new_name, text)
            self.drop(name)
