"""What does a row of IvoryOS's ``script`` table say?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.records._database import Statements, Value

    Row = Mapping[str, Value]

_NAMES = (
    "name", "deck", "status", "script_dict", "time_created", "last_modified", "id_order", "editing_type", "author", "description",
    "registered", "return_values", "uuid",
)  # fmt: skip
_JSON = frozenset({"script_dict", "id_order", "return_values"})
_SELECTED = ", ".join(f"CAST({name} AS TEXT)" if name in _JSON else name for name in _NAMES)
_EMPTY = '{"prep": [], "script": [], "cleanup": []}'
_CLOSING = frozenset({"else", "endif", "endrepeat", "endwhile"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One row."""

    row: Row

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.row["name"])

    @property
    def deck(self) -> str:
        """The deck it was designed for."""
        return str(self.row["deck"] or "")

    @property
    def author(self) -> str:
        """Who made it."""
        return str(self.row["author"] or "")

    @property
    def description(self) -> str:
        """What it is for."""
        return str(self.row["description"] or "")

    @property
    def finalized(self) -> bool:
        """Whether it may be saved over."""
        return self.row["status"] == "finalized"

    @property
    def registered(self) -> bool:
        """Whether it may be a step of others."""
        return bool(self.row["registered"])

    @property
    def uuid(self) -> str | None:
        """IvoryOS's identity of it."""
        return None if self.row["uuid"] is None else str(self.row["uuid"])

    @property
    def script_dict(self) -> str:
        """Its steps, as JSON text."""
        return str(self.row["script_dict"] or _EMPTY)

    @property
    def steps(self) -> int:
        """How many steps it has, those that close a block not counted."""
        phases = json.loads(self.script_dict)
        return sum(step.get("action") not in _CLOSING for phase in phases.values() for step in phase)

    @property
    def changed_us(self) -> int:
        """When it was changed last, as IvoryOS noted it."""
        try:
            return int(datetime.fromisoformat(str(self.row["last_modified"])).astimezone().timestamp()) * 1_000_000
        except ValueError:
            return 0

    def document(self) -> dict[str, object]:
        """Return it as IvoryOS exports it."""
        parsed = {name: json.loads(str(self.row[name])) for name in _JSON if self.row[name] is not None}
        return {**self.row, "registered": self.registered, **parsed}


def read_entries(statements: Statements) -> list[Entry]:
    """Return all rows."""
    return [_entry(row) for row in statements.rows(f"SELECT {_SELECTED} FROM script ORDER BY name")]  # noqa: S608 - names of ours


def read_entry(statements: Statements, name: str) -> Entry | None:
    """Return the row called `name`, or None."""
    rows = statements.rows(f"SELECT {_SELECTED} FROM script WHERE name = :name", {"name": name})  # noqa: S608 - names of ours
    return _entry(rows[0]) if rows else None


def insert_entry(statements: Statements, row: Row) -> None:
    """Write a new row."""
    bound = ", ".join(f":{name}" for name in _NAMES)
    statements.change(f"INSERT INTO script ({', '.join(_NAMES)}) VALUES ({bound})", row)  # noqa: S608 - names of ours


def update_entry(statements: Statements, row: Row) -> None:
    """Write a row anew."""
    changes = ", ".join(f"{name} = :{name}" for name in _NAMES if name != "name")
    statements.change(f"UPDATE script SET {changes} WHERE name = :name", row)  # noqa: S608 - names of ours


def _entry(row: tuple[object, ...]) -> Entry:
    """Return a row by name."""
    return Entry(
        {name: value if isinstance(value, bool | int) or value is None else str(value) for name, value in zip(_NAMES, row, strict=True)}
    )
