"""What is on the deck, what is not, and why?  Shown by ``%ivoryos deck`` and ``ivoryos.deck``."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

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
        if left_out:
            lines += ["Left out:", *(f"  {one.name}: {one.reason}" for one in left_out), _HINT]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows, left_out = self._rows(), self._session.deck.left_out
        deck = _table(("name", "what", "offers"), rows) if rows else f"<p>{escape(_EMPTY)}</p>"
        return deck + (_left_out_html(left_out) if left_out else "")


_EMPTY = "No instruments yet: define one in a cell, for example pump = Pump(), and look again."
_HINT = "ivoryos.include(name) and ivoryos.exclude(name) decide otherwise, and are remembered."


def _offers(one: Instrument) -> str:
    return f"{_count(len(one.methods), 'method', 'methods')}, {_count(len(one.properties), 'property', 'properties')}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _left_out_html(left_out: Iterable[LeftOut]) -> str:
    table = _table(("left out", "why"), [(one.name, one.reason) for one in left_out])
    return f"<details open><summary>Left out</summary>{table}<p>{escape(_HINT)}</p></details>"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    heads = "".join(f'<th style="text-align:left">{escape(one)}</th>' for one in head)
    body = "".join("<tr>" + "".join(f'<td style="text-align:left">{escape(cell)}</td>' for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
