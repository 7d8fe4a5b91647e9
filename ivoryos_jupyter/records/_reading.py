"""What does a JSON cell hold?  Its value; a result that lies in a file is an `Artefact`, read when asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivoryos_jupyter.records._artefacts import read_artefact
from ivoryos_jupyter.records._plain import revive
from ivoryos_jupyter.schema import decode

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Artefact:
    """A result that lies in a file."""

    folder: Path
    """The data folder."""
    reference: Mapping[str, object]
    """What the row says of it: path, type, hash, size, and for arrays shape and dtype."""

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return self.folder / str(self.reference["path"])

    def load(self) -> object:
        """Return the value; raise RecordsError when the file is gone or lies elsewhere than in ``results/``."""
        return read_artefact(self.folder, self.reference)

    def __repr__(self) -> str:
        """Say what it is, without opening it."""
        more = "".join(f" {name}={self.reference[name]}" for name in ("shape", "dtype") if name in self.reference)
        return f"<{self.reference.get('type')}{more} in {self.reference.get('path')}>"


class CellReader:
    """Reads the JSON cells of one data folder."""

    def __init__(self, folder: Path) -> None:
        """Find files under `folder`."""
        self._folder = folder

    def __call__(self, text: str) -> object:
        """Return the value of one cell; raise ValueError when it is no JSON.

        A record (dataclass, namedtuple, model) is a dict of its fields, an Enum's member its name: their classes are not imported.
        """
        data = json.loads(text)
        if '"$' not in text:
            return data
        found = self._found(revive(data))
        try:
            return decode(found)  # type: ignore[arg-type]  # with artefacts in it, which stay as they are
        except (ValueError, TypeError, LookupError, ArithmeticError):
            return found  # marks that somebody else wrote mean something else

    def _found(self, data: object) -> object:
        """Return `data` with its references to files as `Artefact`."""
        if isinstance(data, list):
            return [self._found(item) for item in data]
        if not isinstance(data, dict):
            return data
        inner = data.get("$artefact")
        if len(data) == 1 and isinstance(inner, dict) and "path" in inner:
            return Artefact(self._folder, inner)
        kept = _readable(data)
        return {key: self._found(item) for key, item in kept.items()} if isinstance(kept, dict) else kept


def _readable(data: dict[str, object]) -> object:
    """Return the fields of a record and the name of an Enum's member; what is no such thing as it is."""
    fields, name = data.get("fields"), data.get("name")
    if "$record" in data and isinstance(fields, dict):
        return fields
    return data.get("value", name) if "$enum" in data and ("value" in data or isinstance(name, str)) else data
