"""How is a result looked at?  As text, a table or an image; never as markup, whatever the object says of itself."""

from __future__ import annotations

import base64
import reprlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ivoryos_jupyter.widgets._shapes import ShownJson, TableJson

LONGEST = 20_000
MOST_ROWS = 50
MOST_COLUMNS = 30
WIDEST = 200
"""Characters of a cell of a table."""
LARGEST_IMAGE = 2_000_000
_FEW = 1000
_SHORT = reprlib.Repr()
_SHORT.maxlist = _SHORT.maxtuple = _SHORT.maxdict = _SHORT.maxset = _SHORT.maxfrozenset = 100


def show(value: object, unit: str = "", name: str = "") -> ShownJson:
    """Return what a view shows of `value`; bounded, and whatever the object's own methods raise.

    Parameters
    ----------
    value
        What a call gave back.
    unit
        The unit of a number.
    name
        The name it has on the deck: then only that is shown, for the repr of an instrument may talk to hardware.
    """
    if name:
        return {"text": name, "type": type(value).__name__, "unit": "", "table": None, "image": ""}
    return {
        "text": text_of(value),
        "type": type_of(value),
        "unit": unit if isinstance(value, (int, float)) and not isinstance(value, bool) else "",
        "table": table_of(value),
        "image": image_of(value),
    }


def type_of(value: object) -> str:
    """Return the type as people say it, with the shape of arrays and tables."""
    name = type(value).__name__
    shape = getattr(value, "shape", None) if type(value).__module__.partition(".")[0] in {"numpy", "pandas"} else None
    return f"{name} {' × '.join(str(one) for one in shape)}" if isinstance(shape, tuple) and shape else name


def text_of(value: object) -> str:
    """Return the repr of `value`, cut where it is too long to look at."""
    if isinstance(value, str):
        return _cut(repr(value[: LONGEST + 1]))
    if isinstance(value, (list, tuple, dict, set, frozenset)) and len(value) > _FEW:
        return _SHORT.repr(value)
    try:
        return _cut(repr(value))
    except BaseException as error:  # noqa: BLE001 - an object that cannot say what it is has still been returned
        return f"<{type(value).__name__}, whose repr raises {type(error).__name__}>"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text):,} characters in all)"


def table_of(value: object) -> TableJson | None:
    """Return the beginning of a table; None when `value` is none."""
    if type(value).__module__.partition(".")[0] == "pandas":
        return _frame(value)
    if isinstance(value, (list, tuple)) and value and all(isinstance(row, dict) for row in value[:MOST_ROWS]):
        return _records(list(value[:MOST_ROWS]), len(value))
    return None


def _frame(value: object) -> TableJson | None:
    import pandas as pd  # noqa: PLC0415 - only an object of pandas comes here

    if isinstance(value, pd.Series):
        value = value.to_frame(str(value.name or ""))
    if not isinstance(value, pd.DataFrame):
        return None
    head = value.iloc[:MOST_ROWS, :MOST_COLUMNS]
    rows = [[_cell(index), *map(_cell, row)] for index, row in zip(head.index, head.itertuples(index=False), strict=True)]
    return {"columns": ["", *map(_cell, head.columns)], "rows": rows, "total": len(value)}


def _cell(value: object) -> str:
    """Return what a cell of a table says, cut where it is too long for one."""
    try:
        text = str(value)
    except Exception:  # noqa: BLE001 - as of `text_of`, which says so
        text = text_of(value)
    return text if len(text) <= WIDEST else f"{text[:WIDEST]}…"


def _records(rows: list[dict[object, object]], total: int) -> TableJson:
    columns = list(_in_order(key for row in rows for key in row))[:MOST_COLUMNS]
    cells = [[_cell(text_of(row[name])) if name in row else "" for name in columns] for row in rows]
    return {"columns": [_cell(name) for name in columns], "rows": cells, "total": total}


def _in_order(keys: Iterable[object]) -> dict[object, None]:
    return dict.fromkeys(keys)


def image_of(value: object) -> str:
    """Return the PNG that `value` draws of itself, in base64; empty when it draws none."""
    draw = getattr(type(value), "_repr_png_", None)
    try:
        png = draw(value) if callable(draw) else None
    except Exception:  # noqa: BLE001 - an image that cannot be drawn leaves the text
        return ""
    return base64.b64encode(png).decode() if isinstance(png, bytes) and len(png) <= LARGEST_IMAGE else ""
