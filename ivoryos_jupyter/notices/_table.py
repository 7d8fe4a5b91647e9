"""How does the list of those who are told look?  As text and as HTML, without a secret in it."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from ivoryos_jupyter.notices._notice import local

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ivoryos_jupyter.notices._options import Wish
    from ivoryos_jupyter.notices._teller import Telling

_NOBODY = 'Nobody is told. Name somebody: ivoryos.notify("mailto://…"), or a function that takes a notice.'
_HEAD = ("who", "is told on", "when", "kept", "last")


@dataclass(frozen=True, slots=True)
class Line:
    """One of those who are told."""

    name: str
    wish: Wish
    last: Telling | None
    """What came of the last notice."""

    def cells(self) -> tuple[str, ...]:
        """Return the cells of its row."""
        kept = "remembered" if self.wish.remember else "this kernel"
        return (self.name, ", ".join(self.wish.on), _after(self.wish).lstrip(", ") or "at once", kept, _last(self.last))


def as_text(lines: Sequence[Line], problem: str) -> str:
    """Return the list as text."""
    rows = ["   ".join(line.cells()) for line in lines]
    return "\n".join([*([problem] if problem else []), *(rows or [_NOBODY])])


def as_html(lines: Sequence[Line], problem: str) -> str:
    """Return the list as a table."""
    warning = f"<p><b>{escape(problem)}</b></p>" if problem else ""
    if not lines:
        return f"{warning}<p>{escape(_NOBODY)}</p>"
    head = "".join(f"<th>{escape(cell)}</th>" for cell in _HEAD)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in line.cells())}</tr>" for line in lines)
    foot = "Try them with <code>ivoryos.notifications.test()</code>; take one out with <code>ivoryos.notifications.remove(name)</code>."
    return f"{warning}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{foot}</p>"


def entry_text(name: str, wish: Wish) -> str:
    """Return who is told of what, in one line."""
    kept = "kept with its secrets in notify.json" if wish.remember else "until this kernel ends"
    return f"{name}: told on {', '.join(wish.on)}{_after(wish)}; {kept}"


def _after(wish: Wish) -> str:
    after = f", once it is open for {_span(wish.after_s)}" if wish.after_s else ""
    return after + (f", again every {_span(wish.every_s)}" if wish.every_s is not None else "")


def _last(telling: Telling | None) -> str:
    if telling is None:
        return "not told anything yet"
    when = f"{local(telling.at_us):%Y-%m-%d %H:%M:%S}"
    if telling.state == "failed":
        return f"FAILED {when}: {telling.problem}"
    return f"{telling.state} {when}: {telling.notice.title}"


def _span(seconds: float) -> str:
    minutes = seconds / 60
    return f"{seconds:g} s" if minutes < 1 else f"{minutes:g} min"
