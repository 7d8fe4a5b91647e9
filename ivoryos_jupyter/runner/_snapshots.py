"""How did the instruments stand when a run began and when it ended?  Chosen properties, read like every call and kept as events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ivoryos_jupyter.runner._gates import recordable
from ivoryos_jupyter.runner._readings import Reading

if TYPE_CHECKING:
    from ivoryos_jupyter.runner._station import Station
    from ivoryos_jupyter.schema import Plain

WITHIN_S = 5.0
"""Seconds that one reading may take."""


def take_snapshot(station: Station, moment: Literal["start", "end"]) -> None:
    """Read the chosen properties and keep them with the run; one that cannot be read is kept with the reason, and holds nothing up."""
    chosen = station.office.snapshot
    if not chosen:
        return
    values: dict[str, object] = {}
    missing: dict[str, Plain] = {}
    for name in chosen:
        path, _, member = name.rpartition(".")
        try:
            values[name] = Reading(station.office, path, member).value(WITHIN_S, (), station.office.executor.start)
        except Exception as error:  # noqa: BLE001 - whatever it is, a run neither waits nor ends for it
            missing[name] = str(error)
    station.note("snapshot", {"moment": moment, "values": {**recordable(values)}, "not_read": missing})
