"""Which addresses are there after a restart?  Those that were to be remembered, in a file that only their owner may read."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import NoticeError
from ivoryos_jupyter.notices._notice import KINDS
from ivoryos_jupyter.whole_files import read_file, replace_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ivoryos_jupyter.notices._notice import Kind

_log = logging.getLogger(__name__)
_FORMAT = "ivoryos-notify/1"


@dataclass(frozen=True, slots=True)
class Remembered:
    """One address, and when it is told."""

    name: str
    url: str
    on: tuple[Kind, ...]
    after_s: float = 0.0
    every_s: float | None = None


class Shelf:
    """Keeps addresses in ``notify.json``; the file holds secrets."""

    def __init__(self, path: Path) -> None:
        """Keep them at `path`."""
        self.path = path

    def read(self) -> tuple[Remembered, ...]:
        """Return what is remembered; raise `NoticeError` when the file cannot be read."""
        try:
            data = json.loads(read_file(self.path))
            return tuple(_entry(row) for row in data["addresses"])
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, KeyError, TypeError) as error:
            cure = "Mend it, or delete it and name the addresses again with ivoryos.notify(…, remember=True)."
            raise NoticeError(f"{self.path} cannot be read ({type(error).__name__}: {error}); nobody in it is told. {cure}") from None

    def keep(self, entry: Remembered) -> None:
        """Remember an address, in the place of one with the same name."""
        self._write([*(one for one in self.read() if one.name != entry.name), entry])

    def forget(self, name: str) -> bool:
        """Forget an address; False when it was not remembered."""
        entries = self.read()
        left = [one for one in entries if one.name != name]
        if len(left) == len(entries):
            return False
        self._write(left)
        return True

    def _write(self, entries: Iterable[Remembered]) -> None:
        rows = [{"name": e.name, "url": e.url, "on": list(e.on), "after_s": e.after_s, "every_s": e.every_s} for e in entries]
        text = json.dumps({"format": _FORMAT, "addresses": rows}, indent=1, ensure_ascii=False) + "\n"
        try:
            replace_file(self.path, text.encode(), private=True)
        except OSError as error:
            raise NoticeError(
                f"{self.path} cannot be written ({error.strerror or error}); check the disk and who may write there."
            ) from error


def _entry(row: object) -> Remembered:
    if not isinstance(row, dict):
        raise TypeError("an address is an object with a name and a url")
    name, url, on = row["name"], row["url"], row["on"]
    if not (isinstance(name, str) and isinstance(url, str) and isinstance(on, list)):
        raise TypeError("an address has a name, a url and a list called on")
    unknown = [one for one in on if one not in KINDS]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is none of {', '.join(KINDS)}")
    every = row.get("every_s")
    return Remembered(name, url, tuple(on), float(row.get("after_s") or 0.0), None if every is None else float(every))
