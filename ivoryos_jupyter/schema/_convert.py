"""What plain value does a text or a Python value mean for a kind?  The one conversion, whatever the source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.schema import _kinds as k
from ivoryos_jupyter.schema._choices import read_enum, read_literal, read_nothing, read_text
from ivoryos_jupyter.schema._containers import read_dict, read_list, read_record, read_tuple
from ivoryos_jupyter.schema._literals import Typed
from ivoryos_jupyter.schema._numbers import read_boolean, read_integer, read_number
from ivoryos_jupyter.schema._reading import Blank, Reading
from ivoryos_jupyter.schema._specials import read_special
from ivoryos_jupyter.schema._times import read_temporal
from ivoryos_jupyter.schema._unions import choose, read_anything, read_live, read_nullable, read_one_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.schema._kinds import Kind, Plain

_READERS: dict[type[Kind], Callable[..., Plain]] = {
    k.Boolean: read_boolean,
    k.Integer: read_integer,
    k.Number: read_number,
    k.Text: read_text,
    k.Nothing: read_nothing,
    k.EnumChoice: read_enum,
    k.LiteralChoice: read_literal,
    k.ListOf: read_list,
    k.TupleOf: read_tuple,
    k.DictOf: read_dict,
    k.Record: read_record,
    k.Temporal: read_temporal,
    k.Special: read_special,
    k.Live: read_live,
    k.OneOf: read_one_of,
    k.Nullable: read_nullable,
    k.Anything: read_anything,
}
"""To add a kind: its dataclass in ``_kinds``, its reader here, its words in ``_describe``, its class in ``_codec``."""


def from_text(kind: Kind, text: str, *, field: str = "", unit: str = "", blank: Blank = "missing") -> Plain:
    """Return the plain value that typed `text` means for `kind`.

    Parameters
    ----------
    kind
        What is asked for.
    text
        What was typed, untouched.
    field
        Name of the field for messages.
    unit
        Unit of the field; a quantity in another unit is converted where pint is installed.
    blank
        What blank text says for an optional text: ``missing`` is None, as for an empty table cell; ``text`` is the
        empty text, for a form that has a choice of its own for None.

    Raises
    ------
    ConversionError
        With everything that is wrong.
    """
    return read(kind, Typed(text), Reading(read, field, unit, blank))


def from_value(kind: Kind, value: object, *, field: str = "", unit: str = "", live: bool = False) -> Plain:
    """Return the plain value of the Python `value` for `kind`.

    Parameters
    ----------
    kind
        What is asked for.
    value
        A plain value, or a live one such as an Enum member, a datetime, a scalar of numpy or a dataclass instance. A `str`
        for a kind that is no text is read as typed text.
    field
        Name of the field for messages.
    unit
        Unit of the field, into which a quantity of pint is converted.
    live
        Whether an object without plain value passes as it is where the kind admits one; the result is then for the call
        only, and `encode` makes something that can be kept.

    Raises
    ------
    ConversionError
        With everything that is wrong.
    """
    return read(kind, value, Reading(read, field, unit, "text", live))


def chosen_member(kind: k.OneOf, given: object, *, text: bool) -> tuple[int, Plain]:
    """Return which member of the union is taken, as its index, and the plain value.

    Raises
    ------
    ConversionError
        If no member fits.
    """
    return choose(kind, Typed(given) if text and isinstance(given, str) else given, Reading(read))


def read(kind: Kind, given: object, reading: Reading) -> Plain:
    """Read `given`, typed text or any value, as `kind`."""
    if isinstance(given, k.LiveReference) and not isinstance(kind, (k.Live, k.Anything, k.Nullable, k.OneOf, k.ListOf)):
        raise reading.error("a reference to a live object does not fit here; give the value itself", given.text)
    reader = _READERS[type(kind)]
    return reader(kind, given, reading)
