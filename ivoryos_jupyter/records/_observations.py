"""How are the readings of a watch kept?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.records._plain import clean

if TYPE_CHECKING:
    from ivoryos_jupyter.journal import Observation
    from ivoryos_jupyter.records._database import Database
    from ivoryos_jupyter.records._encoder import Encoder

_KEEP = """
INSERT INTO observations (run_id, instrument, property, at_us, value, unit, error_text, due_us)
VALUES (:run_id, :instrument, :property, :at_us, :value, :unit, :error_text, :due_us)
"""


class Observations:
    """The readings of one store."""

    def __init__(self, database: Database, encoder: Encoder) -> None:
        """Write to `database`; large values go through `encoder`."""
        self._database = database
        self._encoder = encoder

    def keep(self, reading: Observation) -> None:
        """Commit a reading."""
        self._database.change(
            _KEEP,
            {
                "run_id": reading.run_id,
                "instrument": reading.instrument,
                "property": reading.property,
                "at_us": reading.at_us,
                "value": self._encoder.encode(reading.value).text,
                "unit": reading.unit,
                "error_text": None if reading.error is None else clean(reading.error),
                "due_us": reading.due_us,
            },
        )
