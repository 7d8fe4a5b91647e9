"""Which rows are asked for?  The filters of the history, as conditions with bound values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError, Problem
from ivoryos_jupyter.records._clock import local_text

if TYPE_CHECKING:
    from ivoryos_jupyter.records._database import Value

RUN_STATUS = """CASE WHEN r.outcome IS NOT NULL THEN r.outcome WHEN r.status = 'error' THEN 'failed'
  WHEN r.status IS NULL AND r.submission_key IS NOT NULL THEN 'running' ELSE r.status END"""
STEP_STATUS = "COALESCE(s.status, CASE WHEN s.run_error THEN 'failed' WHEN s.end_time IS NULL THEN 'open' ELSE 'done' END)"
CALL_STATUS = """COALESCE(s.status, CASE WHEN s.run_error IS NOT NULL THEN 'failed' WHEN s.end_time IS NULL THEN 'open' ELSE 'done' END)"""

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What to select; None selects everything."""

    run: int | str | None = None
    """Id or name of a run."""
    workflow: str | None = None
    since: datetime | str | None = None
    """Started at or after; without a zone it is local."""
    until: datetime | str | None = None
    """Started before."""


class Where:
    """Conditions of one query, and their values."""

    def __init__(self) -> None:
        """Start without a condition."""
        self._parts: list[str] = []
        self.values: dict[str, Value] = {}

    @property
    def sql(self) -> str:
        """The conditions, joined."""
        return " AND ".join(self._parts) or "1 = 1"

    def add(self, condition: str, **values: Value) -> None:
        """Add a condition."""
        self._parts.append(condition)
        self.values.update(values)

    def __bool__(self) -> bool:
        """Tell whether there is any condition."""
        return bool(self._parts)

    def equal(self, column: str, name: str, value: Value) -> None:
        """Select one value of a column, unless `value` is None."""
        if value is not None:
            self.add(f"{column} = :{name}", **{name: value})

    def runs(self, filters: Filters) -> None:
        """Select runs, called ``r``."""
        if isinstance(filters.run, str):
            self.add("r.name = :run_name", run_name=filters.run)
        elif filters.run is not None:
            self.add("r.id = :run_id", run_id=int(filters.run))
        if filters.workflow is not None:
            self.add("COALESCE(r.workflow_name, r.name) = :workflow", workflow=filters.workflow)

    def moments(self, column: str, since: datetime | str | None, until: datetime | str | None) -> None:
        """Select by a column of UTC microseconds."""
        if since is not None:
            self.add(f"{column} >= :since_us", since_us=micros(since, "since"))
        if until is not None:
            self.add(f"{column} < :until_us", until_us=micros(until, "until"))

    def period(self, table: str, filters: Filters) -> None:
        """Select what started in a period; rows of IvoryOS have only their local text."""
        for name, bound, compare in (("since", filters.since, ">="), ("until", filters.until, "<")):
            if bound is not None:
                moment = micros(bound, name)
                values: dict[str, Value] = {f"{name}_us": moment, f"{name}_text": local_text(moment)}
                self.add(
                    f"({table}.started_us {compare} :{name}_us"
                    f" OR ({table}.started_us IS NULL AND CAST({table}.start_time AS TEXT) {compare} :{name}_text))",
                    **values,
                )


def micros(bound: datetime | str, name: str) -> int:
    """Return UTC microseconds of a moment; text is ISO, and without a zone it is local time."""
    moment = bound if isinstance(bound, datetime) else _read(bound, name)
    return (moment.astimezone(timezone.utc) - _EPOCH) // timedelta(microseconds=1)


def _read(text: str, name: str) -> datetime:
    """Return the moment that a text means."""
    try:
        return datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError as error:
        problem = Problem(name, "write a time as 2026-11-22 or 2026-11-22T14:30, or give a datetime", str(text))
        raise ConversionError([problem]) from error
