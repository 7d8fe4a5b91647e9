"""How is a message with ``#name`` in it written in Python?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ivoryos_jupyter.codegen._literals import quoted

if TYPE_CHECKING:
    from collections.abc import Collection

_MARK = re.compile(r"#([^\W\d]\w*)")


def marked(text: str) -> list[str]:
    """Return the names that stand in `text` as ``#name``."""
    return _MARK.findall(text)


def filled(text: str, known: Collection[str]) -> str:
    """Return a string literal, an f-string where `text` mentions a name that is `known`."""
    if not any(found in known for found in marked(text)):
        return quoted(text)
    parts: list[str] = []
    at = 0
    for found in _MARK.finditer(text):
        parts.append(_escaped(text[at : found.start()]))
        parts.append(f"{{{found.group(1)}}}" if found.group(1) in known else _escaped(found.group()))
        at = found.end()
    parts.append(_escaped(text[at:]))
    body = "".join(parts)
    return f'f"{body}"' if '"' not in body and "\\'" not in body else f"f'{body}'"


def _escaped(text: str) -> str:
    """Return `text` as it stands between single quotes of an f-string."""
    body = repr(f'"{text}')[2:-1]  # a double quote makes repr choose single ones
    return body.replace("{", "{{").replace("}", "}}")


def printable(text: str) -> str:
    """Return `text` as it may stand in a comment: without what Python or an editor would take for the end of a line or a file."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
