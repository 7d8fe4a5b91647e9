"""Which path, bytes, decimal, complex number or array is meant?"""

from __future__ import annotations

import math
import re
from decimal import Decimal, InvalidOperation
from pathlib import PurePath
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError
from ivoryos_jupyter.schema._kinds import Integer, Number
from ivoryos_jupyter.schema._literals import LiteralError, Pairs, Typed, split_items
from ivoryos_jupyter.schema._numbers import NUMBER, number_of, read_integer, read_number
from ivoryos_jupyter.schema._reading import all_or_errors, quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.schema._kinds import Plain, Special
    from ivoryos_jupyter.schema._reading import Reading

_BYTES = re.compile(r"""b'(?:[^'\\]|\\.)*'|b"(?:[^"\\]|\\.)*\"""", re.DOTALL)
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|[\s\S])")
_ESCAPES = {"n": 10, "r": 13, "t": 9, "\\": 92, "'": 39, '"': 34, "a": 7, "b": 8, "f": 12, "v": 11, "0": 0}
_DEEPEST_ARRAY = 32
"""As many dimensions as numpy has known for long."""


def read_special(kind: Special, given: object, reading: Reading) -> Plain:
    """Return the plain value of one of the listed classes."""
    readers: dict[str, Callable[[object, Reading], Plain]] = {
        "path": _path,
        "bytes": _bytes,
        "decimal": _decimal,
        "complex": _complex,
        "ndarray": _array,
    }
    return readers[kind.form](given, reading)


def parse_bytes(text: str) -> bytes:
    r"""Return the bytes of a literal such as ``b'\x02OK'``, or `text` in UTF-8.

    Raises
    ------
    ValueError
        If the literal has an escape that Python does not know.
    """
    if not _BYTES.fullmatch(text):
        return text.encode()
    out, at, body = bytearray(), 0, text[2:-1]
    for found in _ESCAPE.finditer(body):
        out += body[at : found.start()].encode("latin-1")
        out.append(int(found[1][1:], 16) if len(found[1]) > 1 else _ESCAPES[found[1]])
        at = found.end()
    return bytes(out + body[at:].encode("latin-1"))


def _path(given: object, reading: Reading) -> str:
    text = str(given) if isinstance(given, (str, PurePath)) else ""
    if not text or "\0" in text:
        raise reading.error(f"{quoted(given)} is not a path; write one such as data/run.csv", given)
    return text


def _bytes(given: object, reading: Reading) -> str:
    if isinstance(given, (bytes, bytearray, memoryview)):
        return repr(bytes(given))
    if isinstance(given, str):
        try:
            return repr(parse_bytes(str(given)))
        except (KeyError, ValueError):
            raise reading.error(f"{quoted(given)} has an escape that bytes do not know; write \\x02 for a byte", given) from None
    raise reading.error(f"{quoted(given)} is not bytes; write text, or b'…' with \\x02 for a byte", given)


def _decimal(given: object, reading: Reading) -> str:
    if isinstance(given, str) and NUMBER.fullmatch(given.strip()):
        try:
            return str(Decimal(given.strip()))
        except InvalidOperation:
            raise reading.error(f"{quoted(given)} is too large", given) from None
    if isinstance(given, Decimal) and given.is_finite():
        return str(given)
    if type(number_of(given)) is int:
        return str(read_integer(Integer(), given, reading))
    return str(Decimal(repr(read_number(Number(), given, reading))))


def _complex(given: object, reading: Reading) -> str:
    if isinstance(given, str):
        text = given.strip().lower().replace("i", "j").replace(" ", "").removeprefix("(").removesuffix(")")
        try:
            value = complex(text.replace("_", "?"))
        except ValueError:
            raise reading.error(f"{quoted(given)} is not a complex number; write it like 1+2j", given) from None
    else:
        number = given.item() if type(given).__module__ == "numpy" and hasattr(given, "item") else given
        real = number_of(number)
        if not isinstance(number, complex) and real is None:
            raise reading.error(f"{quoted(given)} is not a complex number; write it like 1+2j", given)
        value = number if isinstance(number, complex) else complex(real or 0)
    if not (math.isfinite(value.real) and math.isfinite(value.imag)):
        raise reading.error(f"{quoted(given)} is not a finite number", given)
    return repr(value).removeprefix("(").removesuffix(")")


def _array(given: object, reading: Reading) -> Plain:
    if isinstance(given, str):
        if not given.strip():
            raise reading.error("an array of numbers is needed; write [] for an empty one")
        try:
            given = split_items(given)
        except LiteralError as error:
            raise reading.error(f"{error}; write numbers with commas, such as [1, 2, 3]", given) from None
    elif hasattr(type(given), "tolist"):
        given = given.tolist()  # type: ignore[attr-defined]  # an array's own conversion
    values = _level(given, reading, 0)
    _shape(values, reading)
    return values


def _level(given: object, reading: Reading, depth: int) -> Plain:
    if isinstance(given, (list, tuple)) and depth < _DEEPEST_ARRAY:
        return all_or_errors([_part(item, reading.item(at), depth + 1) for at, item in enumerate(given)])
    if isinstance(given, bool) or (isinstance(given, Typed) and given in {"True", "true", "False", "false"}):
        return given is True or (isinstance(given, str) and given.lower() == "true")
    if isinstance(given, (Pairs, list, tuple)):
        raise reading.error("is not a number", "")
    return _element(given, reading)


def _part(item: object, reading: Reading, depth: int) -> Callable[[], Plain]:
    return lambda: _level(item, reading, depth)


def _element(given: object, reading: Reading) -> Plain:
    number = read_number(Number(), given, reading)
    whole = given.strip().lstrip("+-").isdigit() if isinstance(given, str) else isinstance(number_of(given), int)
    return int(given) if whole and isinstance(given, (str, int)) else number


def _shape(values: Plain, reading: Reading) -> tuple[int, ...]:
    if not isinstance(values, list):
        return ()
    shapes = {_shape(value, reading) for value in values}
    if len(shapes) > 1:
        raise ConversionError(reading.error("the rows of the array are not equally long").problems)
    return (len(values), *(shapes.pop() if shapes else ()))
