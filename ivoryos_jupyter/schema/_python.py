"""Which object of the standard library, or array, does a plain value stand for?"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ivoryos_jupyter.errors import ConversionError, Problem
from ivoryos_jupyter.schema._kinds import Temporal
from ivoryos_jupyter.schema._reading import quoted
from ivoryos_jupyter.schema._specials import parse_bytes
from ivoryos_jupyter.schema._times import parse_moment

if TYPE_CHECKING:
    from ivoryos_jupyter.schema._kinds import Plain, Special


def python_value(kind: Temporal | Special, plain: Plain, *, field: str = "") -> object:
    """Return the datetime, timedelta, Path, bytes, Decimal, complex or ndarray that `plain` stands for.

    Raises
    ------
    ConversionError
        If `plain` is no plain value of `kind`.
    """
    try:
        value = _moment(kind, plain) if isinstance(kind, Temporal) else _special(kind, plain)
    except (ValueError, TypeError, ArithmeticError) as error:
        raise ConversionError([Problem(field, f"{quoted(plain)} cannot be used: {error}")]) from error
    if value is None:
        raise ConversionError([Problem(field, f"{quoted(plain)} is no {kind.form}")])
    return value


def _moment(kind: Temporal, plain: Plain) -> object:
    if kind.form == "timedelta":
        return dt.timedelta(seconds=float(cast("float", plain)))
    return parse_moment(kind.form, str(plain))


def _special(kind: Special, plain: Plain) -> object:
    if kind.form == "ndarray":
        import numpy as np  # noqa: PLC0415 - only a parameter that asks for an array needs it

        return np.asarray(plain)
    text = str(plain)
    if kind.form == "path":
        return Path(text)
    if kind.form == "bytes":
        return parse_bytes(text)
    return Decimal(text) if kind.form == "decimal" else complex(text)
