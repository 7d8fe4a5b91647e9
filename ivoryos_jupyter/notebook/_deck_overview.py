"""What is on the deck, what is not, and why?  Shown by ``%ivoryos deck`` and ``ivoryos.deck``."""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import TYPE_CHECKING

from ivoryos_jupyter.introspect import plain_kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ivoryos_jupyter.schema import DeckSchema, Instrument, LeftOut
    from ivoryos_jupyter.session import Session


class DeckOverview:
    """The deck as two lists: instruments and blocks, and what was left out with the reason."""

    def __init__(self, session: Session) -> None:
        """Show the deck of `session`, as it is whenever it is displayed."""
        self._session = session

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the instruments."""
        self._session.refresh()
        return self._session.deck.names

    @property
    def left_out(self) -> dict[str, str]:
        """Reason by name, for what is not on the deck."""
        self._session.refresh()
        return {one.name: one.reason for one in self._session.deck.left_out}

    @property
    def schema(self) -> DeckSchema:
        """The frozen description of the deck."""
        self._session.refresh()
        return self._session.deck.schema()

    def _rows(self) -> list[tuple[str, str, str]]:
        schema = self.schema
        rows = [(one.name, one.type_name.rpartition(":")[2], _offers(one)) for one in schema.instruments]
        return rows + [(block.name, f"block · {block.category}", block.method.summary) for block in schema.blocks]

    def __repr__(self) -> str:
        """Return both lists as text."""
        rows, left_out = self._rows(), self._session.deck.left_out
        lines = ["On the deck:", *(f"  {name}  {what}  {size}" for name, what, size in rows)] if rows else [_EMPTY]
        odd, plain = _sorted(left_out, empty=not rows)
        if left_out:
            lines += ["Left out:", *(f"  {one.name}: {one.reason}" for one in odd), *([f"  {_folded(plain)}"] if plain else []), _HINT]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows, left_out = self._rows(), self._session.deck.left_out
        deck = _table(("name", "what", "offers"), rows) if rows else f"<p>{escape(_EMPTY)}</p>"
        return deck + (_left_out_html(left_out, empty=not rows) if left_out else "")


_EMPTY = "No instruments yet: define one in a cell, for example pump = Pump(), and look again."
_MOST = 6
"""How many names that are plainly no instruments are said."""
_MANY = {"class": "classes", "part of the notebook": "parts of the notebook"}
_HINT = "ivoryos.include(name) and ivoryos.exclude(name) decide otherwise, and are remembered. ivoryos.deck.left_out gives every reason."


def _offers(one: Instrument) -> str:
    return f"{_count(len(one.methods), 'method', 'methods')}, {_count(len(one.properties), 'property', 'properties')}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _sorted(left_out: Iterable[LeftOut], *, empty: bool) -> tuple[list[LeftOut], list[LeftOut]]:
    """Return what was left out for a reason worth reading, and what is plainly no instrument; on an empty deck a class is worth a word."""
    found: tuple[list[LeftOut], list[LeftOut]] = ([], [])
    for one in left_out:
        kind = plain_kind(one.reason)
        found[bool(kind) and not (empty and kind == "class")].append(one)
    return found


def _folded(plain: Sequence[LeftOut]) -> str:
    """Return what is plainly no instrument in one line: how many, of which kinds, and the first names."""
    kinds = Counter(plain_kind(one.reason) for one in plain)
    counts = ", ".join(_count(number, kind, _MANY.get(kind, f"{kind}s")) for kind, number in kinds.most_common())
    names = ", ".join(one.name for one in plain[:_MOST]) + (" …" if len(plain) > _MOST else "")
    what = "that is plainly no instrument" if len(plain) == 1 else "that are plainly no instruments"
    return f"{len(plain)} {what} ({counts}): {names}"


def _left_out_html(left_out: Iterable[LeftOut], *, empty: bool) -> str:
    odd, plain = _sorted(left_out, empty=empty)
    head = ("left out", "why")
    shown = f"<p>Left out:</p>{_table(head, [(one.name, one.reason) for one in odd])}" if odd else ""
    folded = (
        f"<details><summary>{escape(_folded(plain))}</summary>{_table(head, [(one.name, one.reason) for one in plain])}</details>"
        if plain
        else ""
    )
    return f"{shown}{folded}<p>{escape(_HINT)}</p>"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    heads = "".join(f'<th style="text-align:left">{escape(one)}</th>' for one in head)
    body = "".join("<tr>" + "".join(f'<td style="text-align:left">{escape(cell)}</td>' for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
