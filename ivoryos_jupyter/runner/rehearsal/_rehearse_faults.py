"""What would the run do when a call goes wrong, and would cleanup leave every instrument safe?

One fault at a time, of every kind that makes sense, at every step that makes a call. Rehearsals with the same seed are the
same up to the fault, so that a call is found again by its number.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from ivoryos_jupyter.runner._call import root_of
from ivoryos_jupyter.runner.rehearsal._faults import FAULT_KINDS
from ivoryos_jupyter.runner.rehearsal._rehearse import perform
from ivoryos_jupyter.runner.rehearsal._result import FaultResult
from ivoryos_jupyter.runner.rehearsal._summary import step_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ivoryos_jupyter.runner.rehearsal._faults import FaultKind
    from ivoryos_jupyter.runner.rehearsal._log import Line, Log, Trouble
    from ivoryos_jupyter.runner.rehearsal._stage import Performance, Scene

ROUNDS = 2
"""Iterations of the script over which faults are rehearsed; iterations do not see each other."""
_AT_ONCE = 3
"""Most faults of a random rehearsal."""


def rehearse_faults(scene: Scene, start_us: int, *, seed: int = 0, random_ones: int = 0) -> tuple[FaultResult, ...]:
    """Return what each fault does.

    Parameters
    ----------
    scene
        What is rehearsed; of its iterations only the first few.
    start_us
        When it would begin, in UTC microseconds.
    seed
        The same seed gives the same faults.
    random_ones
        How many rehearsals with several faults at random places follow those with one.
    """
    short = _shortened(scene)
    base = perform(short, start_us, f"{seed}/0", on_error="stop")
    calls = [line for line in base.log.lines if line.flight]
    random = Random(f"{seed}/faults")  # noqa: S311 - chance, no secret
    found = [
        _result(short, line, kind, base, perform(short, start_us, f"{seed}/0", {line.flight: kind}, "stop"))
        for line in _one_of_each_step(calls, random)
        for kind in _kinds_for(line, short)
    ]
    for _ in range(random_ones if calls else 0):
        at = {one.flight: random.choice(_kinds_for(one, short)) for one in random.sample(calls, min(_AT_ONCE, len(calls)))}
        found.append(_result_of_several(short, at, calls, base, perform(short, start_us, f"{seed}/0", at, "stop")))
    return tuple(found)


def _shortened(scene: Scene) -> Scene:
    request = scene.request
    rows = None if request.rows is None else request.rows[: ROUNDS * request.batch_size]
    return replace(scene, request=replace(request, rows=rows, repeat=min(ROUNDS, request.repeat)))


def _one_of_each_step(calls: Sequence[Line], random: Random) -> Iterator[Line]:
    by_step: dict[tuple[str, str], list[Line]] = {}
    for line in calls:
        by_step.setdefault((line.phase, line.step_id), []).append(line)
    for lines in by_step.values():
        yield random.choice(lines)


def _kinds_for(line: Line, scene: Scene) -> tuple[FaultKind, ...]:
    """Return the faults that make sense: a result that nobody keeps cannot be wrong."""
    outputs = getattr(step_of(scene.workflow, line.step_id), "outputs", ())
    numeric = scene.sources.returns_number(line.instrument, line.method)
    wanted = {"exception", "never returns"}
    wanted |= {"wrong type"} if any(outputs) else set()
    wanted |= {"nan"} if any(outputs) and numeric else set()
    return tuple(kind for kind in FAULT_KINDS if kind in wanted)


def _result(scene: Scene, line: Line, kind: FaultKind, base: Performance, spoiled: Performance) -> FaultResult:
    log = spoiled.log
    left = _left(log)
    return FaultResult(
        line.phase,
        line.iteration,
        line.step_id,
        label_of(line),
        kind,
        _did(base, spoiled),
        log.outcome.value if log.outcome is not None else "",
        _cleanup(log),
        left,
        tuple(name for name in left if name in scene.made_safe),
    )


def _result_of_several(
    scene: Scene, at: Mapping[int, FaultKind], calls: Sequence[Line], base: Performance, spoiled: Performance
) -> FaultResult:
    by_flight = {line.flight: line for line in calls}
    first = by_flight[min(at)]
    words = ", ".join(f"{kind} at {label_of(by_flight[flight])}" for flight, kind in sorted(at.items()))
    return replace(_result(scene, first, at[first.flight], base, spoiled), fault=words)


def label_of(line: Line) -> str:
    """Return the call as people name it."""
    return line.method if line.instrument == "blocks" else f"{line.instrument}.{line.method}"


def _did(base: Performance, spoiled: Performance) -> str:
    """Return what the run did about the fault, by the troubles that came up after it and not without it."""
    if spoiled.hung:
        return "waited without end, for the step has no time-out"
    known = {_mark(one) for one in base.log.troubles}
    new = [one for one in spoiled.log.troubles if _mark(one) not in known]
    if not new:
        return "went on and noticed nothing"
    first = new[0]
    policy = first.doing.step.on_error
    again = sum(one.doing.step.id == first.doing.step.id and one.doing.attempt > 1 for one in new)
    if policy.action == "retry" and again < policy.retries:
        return f"tried {first.doing.label} again"
    what = {"continue": "went on without {}", "fail": "ended at {}"}.get(policy.action, "asked a person about {}").format(first.doing.label)
    return f"tried again {policy.retries} times, then {what}" if policy.action == "retry" else what


def _mark(trouble: Trouble) -> tuple[str, str, str, str]:
    return (trouble.phase, trouble.doing.step.id, type(trouble.error).__name__, trouble.doing.path)


def _cleanup(log: Log) -> str:
    status = log.phases.get(("cleanup", 1))
    if status is None:
        return "did not run"
    return "ran" if status == "done" and not _skipped_in_cleanup(log) else "did not come to its end"


def _skipped_in_cleanup(log: Log) -> bool:
    return any(one.phase == "cleanup" and one.doing.step.on_error.action == "continue" for one in log.troubles)


def _left(log: Log) -> tuple[str, ...]:
    """Return the instruments that were told to do something, and that cleanup did not reach."""
    told = [one.instrument for one in log.lines if one.told and one.phase != "cleanup" and one.instrument != "blocks"]
    reached = {root_of(one.instrument) for one in log.lines if one.phase == "cleanup" and one.flight and one.status == "done"}
    return tuple(name for name in dict.fromkeys(map(root_of, told)) if name not in reached)
