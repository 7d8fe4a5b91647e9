"""What does a reader of values know besides the value?  Where it is, its unit, and how to read what lies below."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeVar

from ivoryos_jupyter.errors import ConversionError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ivoryos_jupyter.schema._kinds import Kind, Plain

T = TypeVar("T")
Blank = Literal["missing", "text"]
"""What blank text says where text is admitted: ``missing`` nothing at all, as an empty cell; ``text`` the empty text."""

_LONGEST_SHOWN = 60
_MOST_BITS_SHOWN = 400


@dataclass(slots=True)
class Reading:
    """The circumstances in which one value is read; not frozen, because one is made for every argument of every call."""

    read: Callable[[Kind, object, Reading], Plain]
    """Reads a value of any kind; given from above so that readers of containers need not know all others."""
    field: str = ""
    """Path of the value, such as ``settings.speed`` or ``volumes[2]``."""
    unit: str = ""
    blank: Blank = "missing"
    live: bool = False
    """Whether a live object passes, as it is, where its kind admits one."""

    def item(self, key: object) -> Reading:
        """Return the circumstances of the item at `key`."""
        return replace(self, field=f"{self.field}[{key!r}]")

    def named(self, name: str, unit: str) -> Reading:
        """Return the circumstances of the field called `name`."""
        return replace(self, field=f"{self.field}.{name}" if self.field else name, unit=unit)

    def error(self, message: str, given: object = "") -> ConversionError:
        """Return the error that says `message` of this field."""
        return ConversionError([Problem(self.field, message, shown(given))])


def shown(value: object) -> str:
    """Return `value` as text for a message: bounded, and without calling a method of an unknown class."""
    if isinstance(value, str):
        text = str(value)
    elif isinstance(value, int) and value.bit_length() > _MOST_BITS_SHOWN:
        text = "a number of very many digits"
    elif value is None or type(value) in {bool, int, float, complex}:
        text = repr(value)
    elif type(value) in {list, tuple, dict, set, frozenset}:
        text = f"a {type(value).__name__} of {len(value)} items"  # type: ignore[arg-type]  # narrowed by the line above
    else:
        text = f"<{type(value).__name__}>"
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def quoted(value: object) -> str:
    """Return `value` as it reads within a sentence."""
    text = shown(value)
    return f"'{text}'" if isinstance(value, str) else text


def all_or_errors(parts: Iterable[Callable[[], T]]) -> list[T]:
    """Call every part; return what they give, or raise one `ConversionError` with the problems of all."""
    values: list[T] = []
    problems: list[Problem] = []
    for part in parts:
        try:
            values.append(part())
        except ConversionError as error:  # noqa: PERF203 - every problem is reported, not the first
            problems.extend(error.problems)
    if problems:
        raise ConversionError(problems)
    return values
