"""Which columns does each table of the history have, and how does it become a frame?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ivoryos_jupyter.records import _typed
from ivoryos_jupyter.records._columns import Column, Columns, texts
from ivoryos_jupyter.records._filters import CALL_STATUS, RUN_STATUS, STEP_STATUS, micros

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ivoryos_jupyter.records._columns import Texts


def _times(alias: str) -> tuple[Column, ...]:
    """Return when the rows of a table started and ended; where only IvoryOS's naive local times are there, as its text."""
    return (
        Column("started", f"{alias}.started_us", "integer"),
        Column("started_text", f"CASE WHEN {alias}.started_us IS NULL THEN CAST({alias}.start_time AS TEXT) END", "rare"),
        Column("ended", f"{alias}.ended_us", "integer"),
        Column("ended_text", f"CASE WHEN {alias}.ended_us IS NULL THEN CAST({alias}.end_time AS TEXT) END", "rare"),
    )


RUNS = (
    Column("run", "r.id", "integer"),
    Column("name", "r.name", "key"),
    Column("workflow", "r.workflow_name", "key"),
    Column("deck", "r.platform", "key"),
    Column("mode", "r.repeat_mode", "key"),
    Column("status", RUN_STATUS, "key"),
    *_times("r"),
    Column("operator", "COALESCE(NULLIF(r.operator, ''), r.submitted_by)", "key"),
    Column("error", "r.error_text", "rare"),
    Column("counts", "r.counts", "json"),
    Column("derived_from", "r.derived_from", "integer"),
    Column("submission_key", "r.submission_key", "key"),
    Column("workflow_version", "r.workflow_version", "key"),
    Column("deck_fingerprint", "r.deck_fingerprint", "key"),
    Column("code_versions", "r.code_versions", "json"),
    Column("notebook", "r.notebook", "key"),
    Column("host", "r.host", "key"),
    Column("os_user", "r.os_user", "key"),
    Column("instruments", "r.instruments", "json"),
    Column("data_path", "r.data_path", "key"),
)
PHASES = (
    Column("id", "p.id", "integer"),
    Column("run", "p.run_id", "integer"),
    Column("phase", "p.name", "key"),
    Column("iteration", "p.repeat_index", "integer"),
    Column("status", "p.status", "key"),
    *_times("p"),
    Column("parameters", "p.parameters", "json"),
    Column("outputs", "p.outputs", "json"),
    Column("samples", "p.samples", "json"),
    Column("error", "COALESCE(p.error_text, NULLIF(CAST(p.error AS TEXT), 'null'))", "rare"),
)
STEPS = (
    Column("id", "s.id", "integer"),
    Column("phase_id", "s.phase_id", "integer"),
    Column("step", "s.step_index", "integer"),
    Column("step_id", "s.step_id", "key"),
    Column("instrument", "s.instrument", "key"),
    Column("method", "s.method_name", "key"),
    Column("path", "s.path", "key"),
    Column("attempt", "s.attempt", "integer"),
    Column("in_batch", "s.sample", "integer"),
    Column("sample_id", "s.sample_id", "rare"),
    Column("status", STEP_STATUS, "key"),
    *_times("s"),
    Column("arguments", "s.arguments", "json"),
    Column("result", "s.result", "json"),
    Column("output", "s.output", "json"),
    Column("error", "s.error_text", "rare"),
    Column("prints", "s.prints", "rare"),
)
CALLS = (
    Column("id", "s.id", "integer"),
    Column("instrument", "s.instrument", "key"),
    Column("method", "s.method_name", "key"),
    Column("status", CALL_STATUS, "key"),
    *_times("s"),
    Column("arguments", "s.kwargs", "json"),
    Column("result", "s.output", "json"),
    Column("error", "COALESCE(s.error_text, s.run_error)", "rare"),
    Column("prints", "s.prints", "rare"),
    Column("operator", "s.operator", "key"),
    Column("origin", "s.origin", "key"),
    Column("run", "s.run_id", "integer"),
    Column("override", "s.override_reason", "rare"),
)
EVENTS = (
    Column("id", "e.id", "integer"),
    Column("run", "e.run_id", "integer"),
    Column("kind", "e.kind", "key"),
    Column("at", "e.at_us", "integer"),
    Column("detail", "e.detail", "json"),
)
OBSERVATIONS = (
    Column("id", "o.id", "integer"),
    Column("run", "o.run_id", "integer"),
    Column("instrument", "o.instrument", "key"),
    Column("property", "o.property", "key"),
    Column("at", "o.at_us", "integer"),
    Column("value", "o.value", "json"),
    Column("unit", "o.unit", "key"),
    Column("error", "o.error_text", "rare"),
    Column("due", "o.due_us", "integer"),
)
PARENTS = (
    Column("phase_id", "p.id", "integer"),
    Column("run", "r.id", "integer"),
    Column("iteration", "p.repeat_index", "integer"),
    Column("phase", "p.name", "key"),
    Column("workflow", "r.workflow_name", "key"),
    Column("outcome", "r.outcome", "key"),
)
_MOMENTS = frozenset({"started", "ended", "at", "due"})
_PHASE_NAMES = {"main": "script"}
_RUN_TITLES = (
    "run", "name", "workflow", "status", "mode", "started", "ended", "operator", "counts", "error",
    "deck", "derived_from", "notebook", "host", "os_user", "instruments", "data_path", "submission_key",
    "workflow_version", "deck_fingerprint", "code_versions",
)  # fmt: skip
_STEP_TITLES = (
    "id", "run", "iteration", "sample_id", "phase", "instrument", "method", "arguments", "result", "status", "started", "ended", "attempt",
    "error", "output", "prints", "workflow", "step", "in_batch", "path", "step_id",
)  # fmt: skip
"""What one reads comes first, what only programs look for last."""


def runs_frame(found: Columns) -> pd.DataFrame:
    """Return the table of runs."""
    return _frame(found, _RUN_TITLES)


def phases_frame(found: Columns) -> pd.DataFrame:
    """Return the table of phases."""
    return _frame(found.changed(phase=_named(found.texts["phase"])), _titles(PHASES))


def calls_frame(found: Columns) -> pd.DataFrame:
    """Return the table of direct calls; IvoryOS writes the instrument before the method only."""
    parts = [str(method).removeprefix("deck.").rpartition(".") for method in found.texts["method"]]
    known = [part[0] if name is pd.NA else str(name) for name, part in zip(found.texts["instrument"], parts, strict=True)]
    split = found.changed(instrument=texts([name or None for name in known]), method=texts([part[2] for part in parts]))
    return _frame(split, _titles(CALLS))


def events_frame(found: Columns) -> pd.DataFrame:
    """Return the table of events."""
    return _frame(found, ("run", "kind", "at", "detail"))


def observations_frame(found: Columns) -> pd.DataFrame:
    """Return the table of readings; the values have the one dtype that holds them all."""
    return _frame(found, _titles(OBSERVATIONS)).assign(value=_typed.value(found.documents["value"].tolist()))


def selected_events(frame: pd.DataFrame, since: datetime | str | None, until: datetime | str | None, kind: str | None) -> pd.DataFrame:
    """Return the events of a period and a kind."""
    keep = pd.Series(data=True, index=frame.index)
    if since is not None:
        keep &= frame["at"] >= pd.Timestamp(micros(since, "since"), unit="us", tz="UTC")
    if until is not None:
        keep &= frame["at"] < pd.Timestamp(micros(until, "until"), unit="us", tz="UTC")
    if kind is not None:
        keep &= frame["kind"] == kind
    return frame[keep].reset_index(drop=True)


def steps_frame(found: Columns, parents: Columns) -> pd.DataFrame:
    """Return the table of steps; what its phase and run say is looked up by position, not joined row by row."""
    place = np.searchsorted(parents.integers["phase_id"], found.integers["phase_id"])
    numbers = {name: parents.integers[name][place] for name in ("run", "iteration")}
    words = {name: parents.texts[name].take(place) for name in ("workflow", "outcome")}
    status = pd.Series(found.texts["status"])
    status = status.mask((status == "open") & (pd.Series(words["outcome"]) == "interrupted").fillna(value=False), "in doubt")
    phase = _named(parents.texts["phase"]).take(place)
    whole = Columns({**found.integers, **numbers}, {**found.texts, **words, "phase": phase}, found.documents)
    return _frame(whole, _STEP_TITLES).assign(status=status)


def _frame(found: Columns, titles: Sequence[str]) -> pd.DataFrame:
    """Return a frame with `titles` as columns, each of its own dtype."""
    return pd.DataFrame({title: _series(title, found) for title in titles}, copy=False)


def _series(title: str, found: Columns) -> pd.Series:
    """Return one column."""
    if title in _MOMENTS:
        return _typed.moment(found.integers[title], found.texts.get(f"{title}_text"))
    if title in found.integers:
        return _typed.integer(found.integers[title])
    if title in found.texts:
        return pd.Series(found.texts[title], copy=False)
    return pd.Series(found.documents[title], dtype=object, copy=False)


def _titles(columns: Sequence[Column]) -> tuple[str, ...]:
    """Return the names of the columns that are shown."""
    return tuple(column.name for column in columns if not column.name.endswith("_text"))


def _named(column: Texts) -> Texts:
    """Return the names of phases as we call them."""
    return texts([_PHASE_NAMES.get(str(name), str(name)) for name in column])
