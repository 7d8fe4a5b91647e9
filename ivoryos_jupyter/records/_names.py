"""Which file name stands for a name a person typed?  One that every file system takes, and that no other name has.

A typed name never decides a path: what is not a letter, digit, space, ``.``, ``-`` or ``_`` becomes ``_``. As soon as
anything had to be changed, a short hash of the full name keeps two names apart; also two that differ in capitals only, which
one file on Windows or macOS would hold. The full name stands in the database.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

_LONGEST = 80
_UNSAFE = re.compile(r"[^\w .\-]")
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)


def file_name(name: str, suffix: str = "") -> str:
    """Return a file name (no path) for `name`, the same one each time; `suffix` is kept as it is."""
    plain = unicodedata.normalize("NFC", name)
    safe = _UNSAFE.sub("_", plain).strip(". ").encode("utf-8", "replace").decode("utf-8")
    safe = _cut(safe)
    if _RESERVED.fullmatch(safe):
        safe = f"_{safe}"
    if safe != name or name != name.lower():
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
        safe = f"{safe}~{digest}" if safe else digest
    return safe + suffix


def _cut(text: str) -> str:
    """Return `text` short enough for a file name, counted in bytes and in characters."""
    text = text[:_LONGEST]
    return text.encode("utf-8")[: 2 * _LONGEST].decode("utf-8", "ignore").rstrip(". ")
