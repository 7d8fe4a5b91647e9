"""What came out, one row for each iteration and sample?  Inputs and outputs side by side, in order of first appearance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ivoryos_jupyter.records import _typed
from ivoryos_jupyter.records._columns import MISSING, Column, fetch, texts
from ivoryos_jupyter.records._edits import edits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ivoryos_jupyter.records._database import Statements, Values

_PHASES = (
    Column("phase", "p.id", "integer"),
    Column("run", "p.run_id", "integer"),
    Column("iteration", "p.repeat_index", "integer"),
    Column("parameters", "p.parameters", "json"),
    Column("outputs", "p.outputs", "json"),
    Column("samples", "p.samples", "json"),
    Column("status", "p.status", "key"),
)
_STEPS = (
    Column("id", "s.id", "integer"),
    Column("phase", "s.phase_id", "integer"),
    Column("sample", "s.sample", "integer"),
    Column("output", "s.output", "json"),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample of one iteration."""

    run: int
    iteration: int
    sample: int
    sample_id: str | None
    status: str | None
    context: Mapping[str, object]
    edited: str | None = None
    """What a person changed in its steps before they were done again."""


def samples(statements: Statements, source: str, condition: str, values: Values, read: Callable[[str], object]) -> list[Sample]:
    """Return every sample of the script phases that `condition` selects."""
    where = f"{source} WHERE p.name = 'main' AND {condition}"
    phases = fetch(statements, _PHASES, where, values, read)
    unclosed = f"workflow_steps s WHERE s.output IS NOT NULL AND s.phase_id IN (SELECT p.id FROM {where} AND p.outputs IS NULL)"  # noqa: S608 - our own text
    integers, values_of, status = phases.integers, phases.documents, phases.texts["status"]
    partial = _partial(statements, unclosed, values, read) if any(one is None for one in values_of["outputs"]) else {}
    changed = edits(statements, where, values)
    found: list[Sample] = []
    for at in range(len(phases)):
        known = _dicts(values_of["parameters"][at])
        contexts = _dicts(values_of["outputs"][at]) or partial.get(int(integers["phase"][at]), [])
        names = values_of["samples"][at] or []
        state = None if status[at] is pd.NA else str(status[at])
        phase = int(integers["phase"][at])
        for index in range(max(len(known), len(contexts), len(names))):
            context = {**(known[index] if index < len(known) else {}), **(contexts[index] if index < len(contexts) else {})}
            name = str(names[index]) if index < len(names) else None
            found.append(
                Sample(int(integers["run"][at]), int(integers["iteration"][at]), index, name, state, context, changed.get((phase, index)))
            )
    return found


def _partial(statements: Statements, source: str, values: Values, read: Callable[[str], object]) -> dict[int, list[Mapping[str, object]]]:
    """Return what the steps of unclosed phases had added to each sample, phase by phase."""
    steps = fetch(statements, _STEPS, source, values, read)
    found: dict[int, dict[int, dict[str, object]]] = {}
    for phase, sample, output in zip(steps.integers["phase"], steps.integers["sample"], steps.documents["output"], strict=True):
        if isinstance(output, dict):
            index = 0 if sample == MISSING else int(sample)
            found.setdefault(int(phase), {}).setdefault(index, {}).update(output)
    return {phase: [contexts.get(index, {}) for index in range(max(contexts) + 1)] for phase, contexts in found.items()}


def _dicts(cell: object) -> list[Mapping[str, object]]:
    """Return the dicts of a cell; a table row that could not be converted is text in IvoryOS's records, and stays under its names."""
    return [item for item in cell if isinstance(item, dict)] if isinstance(cell, list) else []


def value_names(found: Iterable[Sample]) -> list[str]:
    """Return every name that occurs, in order of first appearance."""
    return list(dict.fromkeys(name for one in found for name in one.context))


def outputs_frame(found: Sequence[Sample]) -> pd.DataFrame:
    """Return the table; a value that bears the name of one of the first columns gets ``_`` behind it."""
    columns: dict[str, pd.Series] = {
        "run": _typed.integer(np.array([one.run for one in found], dtype=np.int64)),
        "iteration": _typed.integer(np.array([one.iteration for one in found], dtype=np.int64)),
        "in_batch": _typed.integer(np.array([one.sample for one in found], dtype=np.int64)),
        "sample_id": pd.Series(texts([one.sample_id for one in found])),
        "status": pd.Series(texts([one.status for one in found])),
    }
    if any(one.edited is not None for one in found):
        columns["edited"] = pd.Series(texts([one.edited for one in found]))
    for name in value_names(found):
        title = name
        while title in columns:
            title += "_"
        columns[title] = _typed.value([one.context.get(name) for one in found])
    return pd.DataFrame(columns)
