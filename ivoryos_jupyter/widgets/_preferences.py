"""Which members does she want on top, out of sight, or in another order?  Kept per deck, beside its description."""

from __future__ import annotations

import json
import logging
import threading
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import CommandError
from ivoryos_jupyter.whole_files import read_file, replace_file

if TYPE_CHECKING:
    from pathlib import Path

    from ivoryos_jupyter.widgets._shapes import PreferencesJson

_log = logging.getLogger(__name__)


class Preferences:
    """The preferences of one deck, in a small JSON file."""

    def __init__(self, path: Path) -> None:
        """Read the file at `path`; one that cannot be read is named in the log and starts afresh."""
        self._path = path
        self._lock = threading.Lock()
        self._kept = self._read()

    def _read(self) -> PreferencesJson:
        try:
            return checked(json.loads(read_file(self._path)))
        except FileNotFoundError:
            pass
        except (OSError, ValueError, CommandError) as error:
            _log.warning("The panel's preferences in %s cannot be read (%s); they start afresh.", self._path, error)
        return {"favourites": [], "hidden": [], "order": {}}

    @property
    def kept(self) -> PreferencesJson:
        """What she decided so far."""
        with self._lock:
            return self._kept

    def keep(self, data: object) -> PreferencesJson:
        """Replace everything by `data`, also in the file.

        Raises
        ------
        CommandError
            When `data` are no preferences.
        """
        fresh = checked(data)
        with self._lock:
            self._kept = fresh
            replace_file(self._path, (json.dumps(fresh, indent=1, ensure_ascii=False) + "\n").encode(), durable=False)
        return fresh


def checked(data: object) -> PreferencesJson:
    """Return `data` as preferences, or raise `CommandError`."""
    try:
        return {
            "favourites": _names(data["favourites"]),  # type: ignore[index]  # whatever is no mapping raises what is caught
            "hidden": _names(data["hidden"]),  # type: ignore[index]  # likewise
            "order": {str(path): _names(names) for path, names in data["order"].items()},  # type: ignore[index]  # likewise
        }
    except (TypeError, KeyError, AttributeError) as error:
        raise CommandError("Preferences are favourites, hidden names, and an order of names for each instrument.") from error


def _names(data: object) -> list[str]:
    if not isinstance(data, list) or not all(isinstance(one, str) for one in data):
        raise TypeError("a list of names is expected")
    return list(dict.fromkeys(data))
