"""How is an interrupted run told about?  Which one, where it was, what is in doubt, and what each choice will do."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from ivoryos_jupyter.runner import DoWait, DoWatch
from ivoryos_jupyter.schema import SETTER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ivoryos_jupyter.journal import CallIntent, Decision, StepIntent
    from ivoryos_jupyter.notebook.recovery._case import Case
    from ivoryos_jupyter.runner import InDoubt
    from ivoryos_jupyter.schema import Plain

_LONGEST = 60


def call_text(intent: StepIntent) -> str:
    """Return a step as one would write it: ``pump.dispense(volume_ml=2.5)``."""
    return _written(intent.instrument, intent.method_name, intent.arguments)


def direct_call_text(intent: CallIntent) -> str:
    """Return a direct call as one would write it."""
    return _written(intent.instrument, intent.method_name.rpartition(".")[2], intent.kwargs)


def _written(instrument: str, method: str, given: Mapping[str, Plain]) -> str:
    place = f"{instrument}." if instrument not in {"", "blocks"} else ""
    if method.endswith(SETTER):
        return f"{place}{method.removesuffix(SETTER)} = {', '.join(map(said, given.values()))}"
    return f"{place}{method}({', '.join(f'{name}={said(value)}' for name, value in given.items())})"


def said(value: object) -> str:
    """Return a value that was written down, or that an instrument gave, in a few characters."""
    try:
        text = repr(value)
    except Exception as error:  # noqa: BLE001 - a class of a driver may raise anything
        text = f"<{type(value).__name__}, whose repr raises {type(error).__name__}>"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def moment(at_us: int) -> str:
    """Return a moment in local time."""
    return datetime.fromtimestamp(at_us / 1e6).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def where_of(case: Case) -> str:
    """Return where the run was: ``in script 4 of 10 (sample S4)``."""
    phases = case.run.phases
    if not phases:
        return "before its first step"
    started = phases[-1].started
    if started.phase != "script":
        return f"in {started.phase}"
    samples = f" (sample {', '.join(started.samples)})" if started.samples else ""
    return f"in script, iteration {started.iteration} of {case.iterations}{samples}"


def choices_of(case: Case) -> list[tuple[str, str]]:
    """Return each choice as Python, and what it does in words."""
    if case.problem:
        return _whole(case)
    return [*(_about(case, case.in_doubt) if case.in_doubt is not None else []), *_resume(case), *_whole(case)]


def _about(case: Case, doubt: InDoubt) -> list[tuple[str, str]]:
    label = doubt.doing.label
    names = case.needs_value
    value = f"value={'...' if len(names) == 1 else '(' + ', '.join('...' for _ in names) + ')'}" if names else ""
    kept = f" and returned that, as {', '.join(names)}" if names else ""
    if isinstance(doubt.doing, DoWait):
        return _about_wait(doubt.doing)
    if isinstance(doubt.doing, DoWatch):
        return [(f"done({value})", f"the condition was met{' with that reading' if names else ''}"), ("not_done()", "it is watched anew")]
    choices = [
        (f"done({value})", f"{label} was done{kept}; it is not called again"),
        ("not_done()", f"{label} was not done; it is called again"),
    ]
    return [*choices, ("verify()", "asks the instrument, as its driver says")] if case.can_check else choices


def _about_wait(doing: DoWait) -> list[tuple[str, str]]:
    enough = ("done()", "it was waited long enough")
    if doing.until:
        return [enough, ("not_done()", f"it is waited until it is {doing.until} again, perhaps tomorrow")]
    return [enough, ("not_done()", "it is waited again in full"), ("rest()", "what is left is waited; the outage counts as waited")]


def _resume(case: Case) -> list[tuple[str, str]]:
    if case.undecided:
        return [("resume()", "goes on, once you have decided about the step in doubt")]
    coming = case.coming
    first = "nothing is left but to close it" if coming is None else f"begins with {coming.label} (step {coming.step.id})"
    return [("resume()", f"goes on as a run of its own; {first}")]


def _whole(case: Case) -> list[tuple[str, str]]:
    return [
        ("cleanup()", "runs its cleanup and nothing else, with what prep had saved"),
        (f"start_again({case.iteration})", f"begins a new run with iteration {case.iteration}; prep runs again"),
        ("leave()", "does nothing more; it stays interrupted"),
    ]


def decided_text(decision: Decision | None) -> str:
    """Return what was decided about the step in doubt."""
    if decision is None:
        return ""
    if decision.choice == "done":
        return "you said it was done" + (f", and returned {said(decision.value)}" if decision.value is not None else "")
    if decision.choice == "rest":
        return "you said that its rest shall be waited"
    changed = ", ".join(f"{name}={said(value)}" for name, value in decision.arguments.items())
    return "you said it was not done" + (f", and is to be done with {changed}" if changed else "")


def lines_of(case: Case) -> list[str]:
    """Return what there is to know, a line each."""
    doubt = case.in_doubt
    lines = [f"Run {case.run_id} {case.name!r} was interrupted {where_of(case)}."]
    lines += filter(None, (case.may_end_early, case.other_instruments))
    if doubt is not None:
        intent = doubt.step.intent
        sample = f", sample {intent.sample_id}" if intent.sample_id else ""
        again = f", attempt {intent.attempt}" if intent.attempt > 1 else ""
        lines.append(f"In doubt: {call_text(intent)} (step {intent.step_id}{sample}{again}), begun {moment(intent.started_us)}.")
    if case.decision is not None:
        lines.append(f"Decided: {decided_text(case.decision)}.")
    lines += [f"Lost: {name} ({what}); give it anew: recovery.give({name!r}, ...)" for name, what in case.lost.items()]
    if case.problem:
        lines.append(case.problem)
    if case.waiting:
        lines.append(f"{case.waiting!r} follows from it and waits in the queue.")
    return lines


def text_of(case: Case) -> str:
    """Return what there is to know and to choose, as text."""
    choices = choices_of(case)
    width = max(len(call) for call, _ in choices)
    return "\n".join([*lines_of(case), *(f"  .{call.ljust(width)}  {does}" for call, does in choices)])


def html_of(case: Case) -> str:
    """Return the same for a notebook."""
    lines = "".join(f"<div>{escape(line)}</div>" for line in lines_of(case))
    rows = "".join(
        f"<tr><td><code>.{escape(call)}</code></td><td style='text-align:left'>{escape(does)}</td></tr>" for call, does in choices_of(case)
    )
    return f"<div>{lines}<table><tbody>{rows}</tbody></table></div>"


def table_of(recoveries: Sequence[Mapping[str, str]]) -> str:
    """Return several as an HTML table."""
    heads = ("run", "name", "workflow", "in doubt")
    head = "".join(f"<th>{escape(one)}</th>" for one in heads)
    body = "".join(
        "<tr>" + "".join(f"<td style='text-align:left'>{escape(row[one])}</td>" for one in heads) + "</tr>" for row in recoveries
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
