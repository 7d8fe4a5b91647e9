"""How far is each row of a run, and what came of it?  Kept up from the runner's events, begun from the records."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.journal import Outcome, StepStatus
from ivoryos_jupyter.schema import to_text
from ivoryos_jupyter.widgets._showing import text_of
from ivoryos_jupyter.workflow import Action, CallBlock, CallWorkflow, GetProperty, Input, SetVariable, WaitFor, from_json, interface, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ivoryos_jupyter.journal import RunRequest
    from ivoryos_jupyter.runner import RunStatus, StepChanged
    from ivoryos_jupyter.schema import DeckSchema, Plain
    from ivoryos_jupyter.workflow import Step

KEPT_LINES = 100
_LONGEST_CELL = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: a sample in an iteration."""

    state: str = "waiting"
    """``waiting``, ``running``, ``done``, ``failed``, ``stopped``, ``in doubt`` or, of records we cannot read, ``unknown``."""
    outputs: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    """Those outputs that are numbers, for drawing."""
    started_us: int | None = None
    ended_us: int | None = None
    skipped: int = 0
    """Steps that failed and were skipped."""


class RunBook:
    """The rows of one run."""

    def __init__(self, request: RunRequest, schema: DeckSchema) -> None:
        """Begin with every row waiting; `schema` knows kinds and units."""
        self.request = request
        self.batch = max(1, request.batch_size)
        workflow = from_json(request.workflow)
        self._named = {visit.step.id: output_names(visit.step) for visit in walk(workflow)}
        face = interface(workflow, schema)
        self._kinds = {one.name: one.kind for one in face.inputs}
        named = dict.fromkeys(name for row in request.rows or () for name in row)
        units = {one.name: one.unit for one in face.inputs}
        self.inputs = {name: units.get(name, "") for name in named}
        """Columns of the table with their units."""
        self.outputs = {one.name: one.unit for one in face.outputs}
        self.count = len(request.rows) if request.rows is not None else request.repeat
        self.lines: list[Line] = [Line()] * self.count
        self.happened: deque[dict[str, object]] = deque(maxlen=KEPT_LINES)
        self._lock = threading.RLock()

    def input_text(self, at: int, name: str) -> str:
        """Return what stands in a cell of the table."""
        row: Mapping[str, Plain] = self.request.rows[at] if self.request.rows is not None else {}
        if name not in row:
            return ""
        kind = self._kinds.get(name)
        return to_text(kind, row[name]) if kind is not None else text_of(row[name])

    def recall(self, at: int, line: Line) -> None:
        """Take a row over from the records; what was heard of it meanwhile is newer, and may lack what its earlier steps gave."""
        with self._lock:
            heard = self.lines[at] if 0 <= at < self.count else None
            if heard is None:
                return
            if heard.state != "waiting":
                outputs, numbers = {**line.outputs, **heard.outputs}, {**line.numbers, **heard.numbers}
                line = replace(heard, outputs=outputs, numbers=numbers, started_us=line.started_us or heard.started_us)
            self.lines[at] = line

    def hear_step(self, event: StepChanged) -> list[int]:
        """Take in a step; return which rows changed."""
        with self._lock:
            self._write_down(event)
            at = (event.iteration - 1) * self.batch + event.sample
            if event.phase != "script" or not 0 <= at < self.count:
                return []
            line = self.lines[at]
            line = replace(line, state="running", started_us=line.started_us or event.began_us)
            if event.status is StepStatus.DONE:
                line = self._with_outputs(line, event)
            elif event.status is StepStatus.SKIPPED:
                line = replace(line, skipped=line.skipped + 1)
            self.lines[at] = line
            return [at]

    def _with_outputs(self, line: Line, event: StepChanged) -> Line:
        names = self._named.get(event.step_id, ())
        found = dict(named_values(names, event.result))
        numbers = numbers_of(found)
        texts = {name: cell(value) for name, value in found.items()}
        return replace(line, outputs={**line.outputs, **texts}, numbers={**line.numbers, **numbers})

    def _write_down(self, event: StepChanged) -> None:
        said = {StepStatus.OPEN: "started", StepStatus.DONE: ""}.get(event.status, event.status.value)
        if event.status is StepStatus.DONE and event.result is not None:
            said = f"→ {cell(event.result)}"
        elif event.error:
            said = f"✕ {event.error.partition(chr(10))[0]}"
        self.happened.append({"at_ms": event.at_us // 1000, "text": f"{event.label} {said or 'done'}", "bad": bool(event.error)})

    def hear_run(self, status: RunStatus) -> list[int]:
        """Close the rows that the run has left behind; return which."""
        with self._lock:
            behind = self.count if status.ended or status.phase == "cleanup" else (status.iteration - 1) * self.batch
            left = [at for at in range(max(0, min(behind, self.count))) if self.lines[at].state == "running"]
            last = (status.iteration - 1) * self.batch
            for at in left:
                broken = how_it_broke(status) if at >= last else None
                self.lines[at] = replace(self.lines[at], state=broken or "done", ended_us=status.ended_us or status.at_us)
            return left

    def durations_us(self) -> list[int]:
        """Return how long each finished row took."""
        with self._lock:
            return [
                one.ended_us - one.started_us
                for one in self.lines
                if one.state == "done" and one.ended_us is not None and one.started_us is not None
            ]


def how_it_broke(status: RunStatus) -> str | None:
    """Return the state of the rows that a run which is over, or in cleanup, had not brought to their end; None when it had."""
    if status.left_as is not None:
        return status.left_as
    return {Outcome.FAILED: "failed", Outcome.INTERRUPTED: "in doubt"}.get(status.outcome) if status.outcome is not None else None


def output_names(step: Step) -> tuple[str, ...]:
    """Return the names that a step's result gets."""
    if isinstance(step, (Action, GetProperty, CallBlock, WaitFor)):
        return step.outputs
    if isinstance(step, (Input, SetVariable)):
        return (step.name,)
    return tuple(step.outputs.values()) if isinstance(step, CallWorkflow) else ()


def named_values(names: tuple[str, ...], result: object) -> Iterable[tuple[str, object]]:
    """Yield each named part of a result: the whole for one name, an item for each of several."""
    if len(names) == 1:
        yield names[0], result
    elif isinstance(result, dict):
        yield from ((name, result[name]) for name in names if name in result)
    elif isinstance(result, (list, tuple)):
        yield from ((name, item) for name, item in zip(names, result, strict=False) if name)


def numbers_of(values: Mapping[str, object]) -> dict[str, float]:
    """Return those values that can be drawn."""
    return {name: float(value) for name, value in values.items() if isinstance(value, (int, float)) and not isinstance(value, bool)}


def cell(value: object) -> str:
    """Return a value as it stands in a cell."""
    text = f"{value:.6g}" if isinstance(value, float) else value if isinstance(value, str) else text_of(value)
    return text if len(text) <= _LONGEST_CELL else f"{text[: _LONGEST_CELL - 1]}…"
