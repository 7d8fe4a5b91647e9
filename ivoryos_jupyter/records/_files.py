"""How is a file written so that it is either whole or absent, and how is a line added to the log?"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import RecordsError
from ivoryos_jupyter.whole_files import replace_file

if TYPE_CHECKING:
    from pathlib import Path

_log = logging.getLogger(__name__)


def write_whole(target: Path, content: bytes, *, durable: bool = True) -> None:
    """Write `content` beside `target` and put it in its place; `durable` files also survive a power loss."""
    try:
        replace_file(target, content, durable=durable)
    except OSError as error:
        raise RecordsError(f"The file {target} cannot be written ({error}); check the disk and who may write there, then go on.") from error


class DefaultLog:
    """``default.log``: one line for everything that happens; the database is the record, so a log that fails stops nothing."""

    def __init__(self, path: Path) -> None:
        """Append to `path`."""
        self._path = path
        self._lock = threading.Lock()

    def append(self, text: str) -> None:
        """Add `text`, which ends with a line break."""
        try:
            with self._lock, self._path.open("ab") as stream:
                stream.write(text.encode("utf-8", "backslashreplace"))
        except OSError as error:
            _log.warning("The log %s cannot be written: %s", self._path, error)
