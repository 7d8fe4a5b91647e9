"""How do the rows of a rehearsal become tables?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.runner.rehearsal import ASSUMPTIONS, step_of
from ivoryos_jupyter.workflow import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from ivoryos_jupyter.runner.rehearsal import FaultResult, Line, Rehearsed
    from ivoryos_jupyter.schema import DeckSchema
    from ivoryos_jupyter.workflow import Workflow

_BASES = {
    "given": "given to the rehearsal",
    "recorded": "recorded calls",
    "as set": "what was set before",
    "limits": "the limits of the setting",
    "type": "its type",
    "assumed": "nothing is known",
}


def frame(columns: Sequence[str], rows: Iterable[Sequence[object]], numbers: Sequence[str] = ()) -> pd.DataFrame:
    """Return a table; `numbers` are columns of floats, nan where there is none."""
    import pandas as pd  # noqa: PLC0415 - it takes a second to import

    table = pd.DataFrame(list(rows), columns=list(columns))
    return table.astype(dict.fromkeys(numbers, "float64"))


class Words:
    """Says which step is meant, as the builder says it."""

    def __init__(self, workflow: Workflow, schema: DeckSchema) -> None:
        """Speak of the steps of `workflow`."""
        self._workflow = workflow
        self._schema = schema
        self._known: dict[str, str] = {}

    def step(self, step_id: str) -> str:
        """Return a step as a sentence."""
        if step_id not in self._known:
            found = step_of(self._workflow, step_id)
            self._known[step_id] = sentence(found, self._schema) if found is not None else step_id
        return self._known[step_id]

    def slot(self, slot: str) -> str:
        """Return a part of a step in words."""
        if slot.startswith("branch:"):
            number = int(slot.partition(":")[2])
            return "if" if number == 0 else f"else if ({number})"
        return {"else": "else", "body": "its steps", "script": "its steps"}.get(slot, slot)


def lines_table(lines: Iterable[Line]) -> pd.DataFrame:
    """Return steps or calls, one row each."""
    columns = ["phase", "iteration", "sample", "instrument", "method", "arguments", "starts", "lasts_s", "status", "assumed", "error"]
    rows = [
        (
            one.phase,
            one.iteration,
            one.sample,
            one.instrument,
            one.method,
            dict(one.arguments),
            one.starts_us,
            one.lasts_s,
            one.status,
            one.assumed,
            one.error,
        )
        for one in lines
    ]
    import pandas as pd  # noqa: PLC0415 - likewise

    table = frame(columns, rows, ("lasts_s",))
    table["starts"] = pd.to_datetime(table["starts"].astype("int64"), unit="us", utc=True)
    return table.astype({"iteration": "int64", "assumed": bool})


def totals_table(rehearsed: Rehearsed) -> pd.DataFrame:
    """Return calls, time and amounts by instrument and method; one row for each numeric argument."""
    columns = ["instrument", "method", "calls", "seconds", "argument", "sum", "unit", "lowest", "highest", "largest_sum"]
    rows: list[Sequence[object]] = []
    for total in rehearsed.totals:
        head = (total.instrument, total.method, total.calls, total.seconds)
        own = [one for one in rehearsed.amounts if (one.instrument, one.method) == head[:2]]
        rows += [(*head, one.parameter, one.total, one.unit, one.lowest, one.highest, one.most) for one in own]
        rows += [] if own else [(*head, "", None, "", None, None, None)]
    return frame(columns, rows, ("seconds", "sum", "lowest", "highest", "largest_sum"))


def problems_table(rehearsed: Rehearsed, words: Words) -> pd.DataFrame:
    """Return what would go wrong."""
    columns = ["kind", "phase", "iteration", "step", "message", "times", "assumed", "follows"]
    rows = [
        (one.kind, one.phase, one.iteration, words.step(one.step_id), one.message, one.times, one.assumed, one.follows)
        for one in rehearsed.issues
    ]
    return frame(columns, rows).astype({"assumed": bool, "follows": bool})


def loops_table(rehearsed: Rehearsed, words: Words) -> pd.DataFrame:
    """Return the loops that would not end."""
    rows = [(words.step(one.step_id), one.condition, one.rounds, one.names) for one in rehearsed.endless]
    return frame(["step", "condition", "rounds", "why"], rows)


def never_table(rehearsed: Rehearsed, words: Words) -> pd.DataFrame:
    """Return the parts that no rehearsal came to."""
    return frame(["phase", "step", "part"], [(one.phase, words.step(one.step_id), words.slot(one.slot)) for one in rehearsed.never])


def questions_table(rehearsed: Rehearsed) -> pd.DataFrame:
    """Return what a person would be asked, and what the rehearsal answered."""
    import pandas as pd  # noqa: PLC0415 - likewise

    rows = [(one.phase, one.iteration, one.kind, one.message, one.answer, one.known, one.at_us) for one in rehearsed.asked]
    table = frame(["phase", "iteration", "kind", "message", "answer", "given", "at"], rows)
    table["at"] = pd.to_datetime(table["at"].astype("int64"), unit="us", utc=True)
    return table


def assumed_table(rehearsed: Rehearsed) -> pd.DataFrame:
    """Return what was taken for true, and what it stands on; assumptions first."""
    said = sorted(rehearsed.assumptions, key=lambda one: one.basis not in ASSUMPTIONS)
    return frame(["about", "taken", "from"], [(one.about, one.taken, _BASES.get(one.basis, one.basis)) for one in said])


def faults_table(faults: Sequence[FaultResult], words: Words) -> pd.DataFrame:
    """Return what each fault did."""
    columns = ["phase", "iteration", "step", "fault", "did", "outcome", "cleanup", "left", "make_safe", "safe"]
    rows = [
        (
            one.phase,
            one.iteration,
            words.step(one.step_id),
            one.fault,
            one.did,
            one.outcome,
            one.cleanup,
            ", ".join(one.left),
            ", ".join(one.make_safe),
            one.safe,
        )
        for one in faults
    ]
    return frame(columns, rows)
