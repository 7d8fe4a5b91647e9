"""Which properties of the deck set one and the same thing?  Libraries keep an object behind a property, and people name it themselves."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from ivoryos_jupyter.schema import SETTER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ivoryos_jupyter.introspect._record import Record

VALUE = "value"
"""The property of an object that is itself got and set."""
_SETTING = frozenset({"set", "put", "__call__"})
"""Methods by which such an object is set."""


class Settings:
    """Where each object that is got and set stands on the deck."""

    def __init__(self, records: Mapping[str, Record]) -> None:
        """Look at nothing yet."""
        self._records = records
        self._places: dict[int, tuple[object, list[tuple[str, str]]]] | None = None

    def others(self, path: str, method: str) -> tuple[tuple[str, str], ...]:
        """Return path and recorded method of every other property that is set by this one, or by this method."""
        record = self._records.get(path)
        if record is None:
            return ()
        name = VALUE if method in _SETTING else method.removesuffix(SETTER) if method.endswith(SETTER) else ""
        signal = _behind(record, name) if name else None
        if signal is None:
            return ()
        _, places = self._all().get(id(signal), (None, ()))
        return tuple(one for one in places if one != (path, method))

    def _all(self) -> dict[int, tuple[object, list[tuple[str, str]]]]:
        if self._places is None:
            places: dict[int, tuple[object, list[tuple[str, str]]]] = {}
            for place, signal in self._each():
                places.setdefault(id(signal), (signal, []))[1].append(place)
            self._places = places
        return self._places

    def _each(self) -> Iterator[tuple[tuple[str, str], object]]:
        for path, record in list(self._records.items()):
            for one in record.description.instrument.properties:
                signal = _behind(record, one.name) if one.settable else None
                if signal is not None:
                    yield (path, f"{one.name}{SETTER}"), signal


def _behind(record: Record, name: str) -> object:
    """Return the object that is set when the property `name` is; None where the driver's own setter does it."""
    adapter = record.description.adapter
    if adapter is None or not adapter.keeps_signals:
        return None
    with suppress(Exception):  # what cannot be reached, as with no connection, cannot be set either
        if adapter.bind(record.obj, name, "set") is not None:
            return record.obj if name == VALUE else getattr(record.obj, name, None)
    return None
