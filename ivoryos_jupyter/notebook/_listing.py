"""How is a short list shown in a notebook and in a terminal?"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def as_html(head: Sequence[str], rows: Sequence[Sequence[str]], empty: str) -> str:
    """Return a table, or what is said when there are no rows; every text is shown as text."""
    if not rows:
        return f"<p>{escape(empty)}</p>"
    heads = "".join(f'<th style="text-align:left">{escape(one)}</th>' for one in head)
    body = "".join("<tr>" + "".join(f'<td style="text-align:left">{escape(cell)}</td>' for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def as_text(head: Sequence[str], rows: Sequence[Sequence[str]], empty: str) -> str:
    """Return the same as lines with columns."""
    if not rows:
        return empty
    lines = [tuple(head), *(tuple(row) for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines)
