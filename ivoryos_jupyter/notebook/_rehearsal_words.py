"""How are the verdict, the time and the totals of a rehearsal said in a line?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ivoryos_jupyter.notebook._spans import span
from ivoryos_jupyter.runner.rehearsal import ASSUMPTIONS
from ivoryos_jupyter.schema import SETTER

if TYPE_CHECKING:
    from ivoryos_jupyter.runner.rehearsal import Amount, FaultResult, Rehearsed, Spread, Total

Standing = Literal["good", "assumed", "bad"]
"""No problem and all of it known; no problem, if what was assumed holds; a problem."""


def standing_of(rehearsed: Rehearsed) -> Standing:
    """Return how far a rehearsal can be trusted to have found nothing."""
    if rehearsed.issues or rehearsed.cut_short or _unsafe(rehearsed):
        return "bad"
    return "assumed" if any(one.basis in ASSUMPTIONS for one in rehearsed.assumptions) else "good"


def verdict_in_words(rehearsed: Rehearsed) -> str:
    """Return what was found: ``no problem found, but 2 durations and 1 result were assumed``."""
    found = counted(len(rehearsed.issues), "problem") if rehearsed.issues else "no problem"
    but = [_assumed_in_words(rehearsed)] if not rehearsed.issues else []
    if rehearsed.cut_short:
        but.append("it was cut short after too many steps")
    if _unsafe(rehearsed):
        but.append(f"{_unsafe(rehearsed)} of {len(rehearsed.faults)} faults leave something without cleanup")
    said = ", and ".join(filter(None, but))
    joint = ", and" if rehearsed.issues else ", but"
    return f"{found} found{joint} {said}" if said else f"{found} found"


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: ``1 problem``, ``1,200 problems``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _unsafe(rehearsed: Rehearsed) -> int:
    return sum(not one.safe for one in rehearsed.faults)


def _assumed_in_words(rehearsed: Rehearsed) -> str:
    subjects = [one.subject for one in rehearsed.assumptions if one.basis in ASSUMPTIONS]
    parts = [counted(subjects.count(one), one) for one in ("duration", "result", "answer") if one in subjects]
    if not parts:
        return ""
    listed = " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
    return f"{listed} {'was' if listed.startswith('1 ') and len(parts) == 1 else 'were'} assumed"


def time_in_words(duration: Spread) -> str:
    """Return a time with its spread: ``2 h 10 min (1 h 55 min to 2 h 31 min, from 30 rehearsals)``."""
    low, middle, high = span(duration.p10), span(duration.p50), span(duration.p90)
    return middle if low == high else f"{middle} ({low} to {high}, from {duration.rehearsals} rehearsals)"


def spread_in_words(duration: Spread) -> str:
    """Return a time with its spread and no more: ``2 h 10 min (1 h 55 min to 2 h 31 min)``."""
    low, middle, high = span(duration.p10), span(duration.p50), span(duration.p90)
    return middle if low == high else f"{middle} ({low} to {high})"


def method_in_words(method: str) -> str:
    """Return a recorded method as people name it: ``set temperature`` for a setter."""
    return f"set {method.removesuffix(SETTER)}" if method.endswith(SETTER) else method


def total_time_in_words(total: Total, rehearsed: Rehearsed) -> str:
    """Return how long all calls of a method take; none is said where nothing is known of it."""
    name = total.method.removesuffix(SETTER)
    label = name if total.instrument == "blocks" else f"{total.instrument}.{name}"
    about = f"setting {label} lasts" if total.method.endswith(SETTER) else f"{label} lasts"
    guessed = any(one.about == about and one.basis in ASSUMPTIONS for one in rehearsed.assumptions)
    return "not known" if guessed and total.seconds == 0 else span(total.seconds)


def totals_in_words(rehearsed: Rehearsed) -> list[str]:
    """Return what each instrument does: ``pump: 3 × dispense, 4.5 s, volume_ml 3 mL in all``."""
    said = []
    for one in rehearsed.totals:
        time = total_time_in_words(one, rehearsed)
        sums = [
            f"{amount.parameter} {amount.total:.6g} {amount.unit} in all"
            for amount in rehearsed.amounts
            if (amount.instrument, amount.method) == (one.instrument, one.method) and amount.total is not None
        ]
        said.append(
            ", ".join(
                [f"{one.instrument}: {one.calls} × {method_in_words(one.method)}", "time not known" if time == "not known" else time, *sums]
            )
        )
    return said


def amount_in_words(amount: Amount) -> str:
    """Return what a numeric argument comes to: ``volume_ml: 3 mL in all``, ``value: 25 to 80 °C``."""
    unit = f" {amount.unit}" if amount.unit else ""
    if amount.total is not None:
        return f"{amount.parameter}: {amount.total:.6g}{unit} in all"
    low, high = f"{amount.lowest:.6g}", f"{amount.highest:.6g}"
    return f"{amount.parameter}: {low}{unit}" if low == high else f"{amount.parameter}: {low} to {high}{unit}"


def left_in_words(fault: FaultResult) -> str:
    """Return what cleanup did not reach: ``pump (make safe would), reactor``; empty for nothing."""
    return ", ".join(f"{name} (make safe would)" if name in fault.make_safe else name for name in fault.left)
