"""Which Python value was kept by `encode`?"""

from __future__ import annotations

import base64
import datetime as dt
import importlib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.schema._kinds import Plain


def decode(plain: Plain) -> object:
    """Return the Python value that `encode` kept: tuples, sets, dates, bytes, arrays and so on.

    What was kept in part, and what needs a class of somebody else's, stays the dict of marks it is: an Enum member,
    a record, an object. No class is imported for it.
    """
    if isinstance(plain, list):
        return [decode(item) for item in plain]
    if not isinstance(plain, dict):
        return plain
    mark = next((key for key in plain if key.startswith("$")), "")
    reader = _READERS.get(mark)
    if reader is None or not plain.keys() <= {mark, *_BESIDE.get(mark, ())}:
        return {key: decode(value) for key, value in plain.items()}
    return reader(plain[mark], plain)


def _items(content: object) -> list[object]:
    return cast("list[object]", decode(cast("Plain", content)))


def _whole(content: object) -> dict[str, object]:
    return {key: decode(value) for key, value in cast("dict[str, Plain]", content).items()}


def _array(content: object, plain: dict[str, Plain]) -> object:
    numpy = importlib.import_module("numpy")
    return numpy.array(_items(content), dtype=str(plain["dtype"])).reshape(cast("list[int]", plain["shape"]))


def _quantity(content: object, plain: dict[str, Plain]) -> object:
    """Return the quantity, of the units that pint has been told; where it is not installed or knows no such unit, the dict."""
    if not isinstance(content, dict) or content.keys() != {"magnitude", "unit"}:
        return plain
    magnitude, unit = decode(content["magnitude"]), content["unit"]
    try:
        return importlib.import_module("pint").get_application_registry().Quantity(magnitude, unit)
    except (ImportError, AttributeError, ValueError, TypeError):  # pint's UndefinedUnitError is an AttributeError
        return plain


_BESIDE = {"$ndarray": ("dtype", "shape")}
"""What stands beside a mark."""

_READERS: dict[str, Callable[[object, dict[str, Plain]], object]] = {
    "$tuple": lambda content, _plain: tuple(_items(content)),
    "$set": lambda content, _plain: set(_items(content)),
    "$frozenset": lambda content, _plain: frozenset(_items(content)),
    "$map": lambda content, _plain: dict(cast("list[tuple[object, object]]", _items(content))),
    "$dict": lambda content, _plain: _whole(content),
    "$bytes": lambda content, _plain: base64.b64decode(str(content)),
    "$complex": lambda content, _plain: complex(*cast("list[float]", content)),
    "$datetime": lambda content, _plain: dt.datetime.fromisoformat(str(content)),
    "$date": lambda content, _plain: dt.date.fromisoformat(str(content)),
    "$time": lambda content, _plain: dt.time.fromisoformat(str(content)),
    "$timedelta": lambda content, _plain: dt.timedelta(seconds=cast("float", content)),
    "$decimal": lambda content, _plain: Decimal(str(content)),
    "$fraction": lambda content, _plain: Fraction(str(content)),
    "$path": lambda content, _plain: Path(str(content)),
    "$ndarray": _array,
    "$quantity": _quantity,
}
