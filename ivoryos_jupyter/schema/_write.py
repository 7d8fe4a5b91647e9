"""How does a plain value read as text in a field, a table cell or a CSV?  The inverse of reading it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError
from ivoryos_jupyter.schema._convert import from_text
from ivoryos_jupyter.schema._kinds import Anything, LiveReference, Nullable, Text

if TYPE_CHECKING:
    from ivoryos_jupyter.schema._kinds import Kind, Plain


def to_text(kind: Kind, plain: Plain) -> str:
    """Return `plain`, a value of `kind`, as the text that `from_text` reads as it.

    None is blank (where nothing is known of the kind, ``None``), and so is the empty text of an optional text: these two
    differ only in what the caller of `from_text` says of blanks.
    """
    if plain is None:
        return "None" if isinstance(kind, Anything) else ""
    if isinstance(plain, str):
        return _text(kind, plain)
    return _element(plain) if isinstance(plain, (list, dict, LiveReference)) else repr(plain)


def _text(kind: Kind, plain: str) -> str:
    inner = kind.kind if isinstance(kind, Nullable) else kind
    if isinstance(inner, Text):
        return plain
    try:
        same = from_text(kind, plain, blank="text") == plain
    except ConversionError:
        same = False
    return plain if same else json.dumps(plain, ensure_ascii=False)


def _element(plain: Plain) -> str:
    """Return a value as it stands between brackets."""
    if isinstance(plain, LiveReference):
        return plain.text
    if isinstance(plain, list):
        return f"[{', '.join(map(_element, plain))}]"
    if isinstance(plain, dict):
        pairs = (f"{json.dumps(key, ensure_ascii=False)}: {_element(value)}" for key, value in plain.items())
        return f"{{{', '.join(pairs)}}}"
    return repr(plain) if isinstance(plain, float) else json.dumps(plain, ensure_ascii=False)
