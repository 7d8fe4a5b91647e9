"""How does a rehearsal look in a notebook?  Plain HTML in the colours of the notebook, which needs no front end of ours."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ivoryos_jupyter.notebook._rehearsal_words import amount_in_words, left_in_words, method_in_words, total_time_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ivoryos_jupyter.notebook._rehearsal import Rehearsal
    from ivoryos_jupyter.runner.rehearsal import Issue, Rehearsed

    Cells = Sequence[str]

_BOX = "font-size:var(--jp-ui-font-size1,13px);font-family:var(--jp-ui-font-family,system-ui,sans-serif);max-width:64em"
_HINT = "color:var(--jp-ui-font-color2,#616161)"
_BAD = "color:var(--jp-error-color1,#c62828)"
_WARN = "color:color-mix(in srgb, var(--jp-warn-color1,#f57c00) 70%, var(--jp-ui-font-color1,#212121))"
_GOOD = "color:var(--jp-success-color1,#2e7d32)"
_MARKS = {"good": (_GOOD, "✓"), "assumed": (_WARN, "≈"), "bad": (_BAD, "!")}
_CELL = "text-align:left;vertical-align:top;white-space:normal"
_NUMBER = "text-align:right;vertical-align:top;font-variant-numeric:tabular-nums"
_MOST = 12


def rehearsal_html(rehearsal: Rehearsal) -> str:
    """Return the whole of a rehearsal, with the long lists folded."""
    rehearsed = rehearsal.rehearsed
    tone, sign = _MARKS[rehearsal.standing]
    verdict = f'<span style="{tone}">{sign} {escape(rehearsal.verdict.capitalize())}</span>'
    parts = [
        f"<div><b>Rehearsal of {escape(rehearsal.name)}</b>: {escape(rehearsal.headline)}</div>",
        f"<div>{verdict}</div>",
        f'<div style="{_HINT}">{escape(" · ".join(rehearsal.counts))}</div>',
        *(_issue(one, rehearsal.words.step(one.step_id)) for one in rehearsed.issues[:_MOST]),
        _more(len(rehearsed.issues), "problems"),
        _totals(rehearsed),
        _folded("Loops that would not end", ("step", "why"), _loops(rehearsal), opened=True),
        _folded("Parts no rehearsal came to", ("step", "part"), _never(rehearsal)),
        _folded("Questions to a person", ("question", "answered here"), [(one.message, one.answer) for one in rehearsed.asked]),
        _folded("Faults", ("step", "fault", "the run", "cleanup", "not reached by cleanup"), _faults(rehearsal), opened=True),
        _folded("What was taken for true", ("about", "taken", "from"), rehearsal.assumed.itertuples(index=False)),
        f'<div style="{_HINT}">Nothing was called and nothing was recorded.</div>',
    ]
    return f'<div style="{_BOX}">{"".join(parts)}</div>'


def _issue(issue: Issue, step: str) -> str:
    times = f" ({issue.times:,} times)" if issue.times > 1 else ""
    tone = _WARN if issue.assumed or issue.follows else _BAD
    rests = ", needs a value that was assumed" if issue.assumed else ", because a step before it failed" if issue.follows else ""
    where = f"{issue.phase} {issue.iteration}" if issue.phase == "script" else issue.phase
    return (
        f'<div style="margin:2px 0 2px 1em"><span style="{tone}">{escape(issue.kind)}</span> · {escape(step)}: '
        f'{escape(issue.message)} <span style="{_HINT}">first in {where}{times}{rests}</span></div>'
    )


def _more(count: int, what: str) -> str:
    return f'<div style="{_HINT};margin-left:1em">and {count - _MOST} more {what}, see .{what}</div>' if count > _MOST else ""


def _totals(rehearsed: Rehearsed) -> str:
    if not rehearsed.totals:
        return ""
    rows = []
    for one in rehearsed.totals:
        amounts = [amount for amount in rehearsed.amounts if (amount.instrument, amount.method) == (one.instrument, one.method)]
        rows.append(
            (
                one.instrument,
                method_in_words(one.method),
                f"{one.calls:,}",
                total_time_in_words(one, rehearsed),
                "; ".join(map(amount_in_words, amounts)),
            )
        )
    return _table(("instrument", "method", "calls", "time", "amounts"), rows, numbers=(2, 3))


def _loops(rehearsal: Rehearsal) -> list[Cells]:
    return [
        (rehearsal.words.step(one.step_id), f"still true after {one.rounds:,} rounds; {one.names}") for one in rehearsal.rehearsed.endless
    ]


def _never(rehearsal: Rehearsal) -> list[Cells]:
    return [(rehearsal.words.step(one.step_id), rehearsal.words.slot(one.slot)) for one in rehearsal.rehearsed.never]


def _faults(rehearsal: Rehearsal) -> list[Cells]:
    return [
        (rehearsal.words.step(one.step_id), one.fault, f"{one.did}; {one.outcome}", one.cleanup, left_in_words(one) or "✓")
        for one in rehearsal.rehearsed.faults
    ]


def _folded(title: str, head: Cells, rows: Iterable[Cells], *, opened: bool = False) -> str:
    found = list(rows)
    if not found:
        return ""
    attribute = " open" if opened else ""
    return f'<details{attribute} style="margin-top:4px"><summary>{escape(title)} ({len(found)})</summary>{_table(head, found)}</details>'


def _table(head: Cells, rows: Iterable[Cells], numbers: Sequence[int] = ()) -> str:
    styles = [_NUMBER if at in numbers else _CELL for at in range(len(head))]
    heads = "".join(f'<th style="{style}">{escape(one)}</th>' for one, style in zip(head, styles, strict=True))
    body = "".join(
        "<tr>" + "".join(f'<td style="{style}">{escape(str(cell))}</td>' for cell, style in zip(row, styles, strict=True)) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
