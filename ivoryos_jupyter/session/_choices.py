"""Which names did the scientist put on the deck, or take off it, by hand?  Remembered beside the data."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from ivoryos_jupyter.whole_files import read_file, replace_file

if TYPE_CHECKING:
    from pathlib import Path

_log = logging.getLogger(__name__)


class DeckChoices:
    """Names included and excluded by hand, kept in a small JSON file per deck."""

    def __init__(self, path: Path) -> None:
        """Read the choices at `path`; a file that cannot be read is named in the log and starts afresh."""
        self._path = path
        self.included: set[str] = set()
        self.excluded: set[str] = set()
        try:
            data = json.loads(read_file(path))
            self.included = {str(name) for name in data["included"]}
            self.excluded = {str(name) for name in data["excluded"]}
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, TypeError) as error:
            _log.warning("The deck choices in %s cannot be read (%s); nothing is included or excluded by hand.", path, error)

    def include(self, name: str) -> None:
        """Remember that `name` belongs to the deck."""
        self.included.add(name)
        self.excluded.discard(name)
        self._save()

    def exclude(self, name: str) -> None:
        """Remember that `name` does not belong to the deck."""
        self.excluded.add(name)
        self.included.discard(name)
        self._save()

    def _save(self) -> None:
        text = json.dumps({"included": sorted(self.included), "excluded": sorted(self.excluded)}, indent=1, ensure_ascii=False)
        try:
            replace_file(self._path, f"{text}\n".encode(), durable=False)
        except OSError as error:
            _log.warning(
                "What is on the deck by hand could not be remembered in %s (%s); it holds until the kernel ends.", self._path, error
            )
