"""Where does a result go?  Into the row when it is small, else into a file under ``results/``, named by its content.

The object itself is kept for the notebook for a while, in a cache that is bounded in number and in bytes.
"""

from __future__ import annotations

import hashlib
import sys
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

from ivoryos_jupyter.records._artefacts import Payload, as_payload
from ivoryos_jupyter.records._clock import now_us
from ivoryos_jupyter.records._files import write_whole
from ivoryos_jupyter.records._plain import marked_text, simple_text
from ivoryos_jupyter.schema import encode as to_plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_LONGEST = 8192
"""Characters of text or JSON that a row takes; more goes into a file."""
_WIDEST = 1000
"""Items of a container that are looked at one by one."""
_DEEPEST = 4
_MOST_ITEMS = 1_000_000
_MOST_CHARACTERS = 20_000_000
_MOST_KEPT = 256
_MOST_BYTES = 256 * 1024 * 1024


class Encoded(NamedTuple):
    """A value as its column holds it."""

    text: str
    artefacts: tuple[Mapping[str, str | int], ...] = ()
    """Files it was written into."""
    exact: bool = False
    """Whether the text says all, so that the object need not be kept."""


class Encoder:
    """Encodes what calls return."""

    def __init__(self, folder: Path) -> None:
        """Write files under ``results/`` of the data folder `folder`."""
        self._folder = folder
        self._live = _Live()

    def encode(self, value: object) -> Encoded:
        """Return `value` as JSON text, with its large parts in files."""
        simple = simple_text(value)
        if simple is not None and len(simple) <= _LONGEST:
            return Encoded(simple, exact=True)
        artefacts: list[Mapping[str, str | int]] = []
        text = marked_text(self._walk(value, artefacts, 0))
        if len(text) > _LONGEST:
            reference = self._write(Payload(".json", "json", text.encode("ascii")), artefacts)
            text = marked_text(reference)
        return Encoded(text, tuple(artefacts))

    def encode_contexts(self, contexts: Sequence[Mapping[str, object]]) -> str:
        """Return the contexts of a phase as JSON text; large values are in files already, under the name of their content."""
        artefacts: list[Mapping[str, str | int]] = []
        return marked_text([{name: self._walk(value, artefacts, 0) for name, value in context.items()} for context in contexts])

    def remember(self, key: tuple[str, int], value: object, encoded: Encoded) -> None:
        """Keep the object of a row for the notebook, when its text does not say all."""
        if not encoded.exact:
            self._live.put(key, value)

    def live(self, key: tuple[str, int]) -> object:
        """Return the object of a row; raise KeyError when it is kept no longer."""
        return self._live.get(key)

    def _walk(self, value: object, artefacts: list[Mapping[str, str | int]], depth: int) -> object:
        """Return JSON data for `value`; arrays, frames, long texts and bytes in it become references to files."""
        payload = as_payload(value, _LONGEST)
        if payload is not None:
            return self._write(payload, artefacts)
        if depth < _DEEPEST and isinstance(value, dict | list | tuple) and type(value) in {dict, list, tuple} and len(value) <= _WIDEST:
            if not isinstance(value, dict):
                return [self._walk(item, artefacts, depth + 1) for item in value]
            if all(type(key) is str for key in value):
                return {key: self._walk(item, artefacts, depth + 1) for key, item in value.items()}
        return to_plain(value, most_items=_MOST_ITEMS, most_characters=_MOST_CHARACTERS)

    def _write(self, payload: Payload, artefacts: list[Mapping[str, str | int]]) -> dict[str, object]:
        """Write a file under the name of its content, once; return the reference to it."""
        digest = hashlib.sha256(payload.content).hexdigest()
        relative = f"results/{digest[:2]}/{digest[:24]}{payload.suffix}"
        target = self._folder / relative
        if not target.exists():
            write_whole(target, payload.content)
        size = len(payload.content)
        artefacts.append({"path": relative, "sha256": digest, "type": payload.type, "size": size, "created_us": now_us()})
        return {"$artefact": {"path": relative, "type": payload.type, "sha256": digest, "size": size, **payload.more}}


class _Live:
    """The last objects, by row."""

    def __init__(self) -> None:
        """Start empty."""
        self._lock = threading.Lock()
        self._objects: OrderedDict[tuple[str, int], tuple[object, int]] = OrderedDict()
        self._bytes = 0

    def put(self, key: tuple[str, int], value: object) -> None:
        """Keep an object; the oldest go when there are too many or they are too large."""
        size = _size(value)
        if size > _MOST_BYTES:
            return
        with self._lock:
            self._bytes += size - self._objects.pop(key, (None, 0))[1]
            self._objects[key] = (value, size)
            while len(self._objects) > _MOST_KEPT or self._bytes > _MOST_BYTES:
                self._bytes -= self._objects.popitem(last=False)[1][1]

    def get(self, key: tuple[str, int]) -> object:
        """Return an object; raise KeyError when it is gone."""
        with self._lock:
            return self._objects[key][0]


def _size(value: object) -> int:
    """Return about how many bytes an object takes; an array says so itself."""
    nbytes = value.nbytes if type(value).__module__.startswith("numpy") and hasattr(value, "nbytes") else None
    return nbytes if isinstance(nbytes, int) else sys.getsizeof(value, 64)
