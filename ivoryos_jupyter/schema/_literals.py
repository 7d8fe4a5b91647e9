"""How is typed text with brackets and commas taken apart?

One grammar reads JSON and Python's notation alike: ``[1, 2]``, ``(1, 2)``, ``{"a": true}``, and without brackets ``1, 2``.
An item without quotes stays the very text that was typed (`Bare`), so that its kind decides what it means; an item in
quotes is a text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

MOST_NESTED = 50
"""Deeper brackets are refused, so that no text can exhaust the stack."""

_CLOSING = {"[": "]", "(": ")", "{": "}"}
_CLOSERS = frozenset("])}")
_BRACKETS_OF_A_LIST = frozenset("[(")


class Typed(str):
    """Text as a person typed it, whose kind decides what it means; an ordinary `str` is a text already."""

    __slots__ = ()


class Bare(Typed):
    """An item that stood without quotes inside brackets or between commas, where ``null`` means None."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Pairs:
    """What stood in braces with colons: keys and values in order, doubles included."""

    items: tuple[tuple[object, object], ...]


class LiteralError(ValueError):
    """Text whose brackets, quotes or commas do not fit together."""


def split_items(text: str) -> list[object]:
    """Return the items of a list as typed, with or without brackets around it."""
    scanner = _Scanner(text)
    items = scanner.items("")
    whole = len(items) == 1 and not scanner.saw_comma
    if whole and text.lstrip()[:1] in _BRACKETS_OF_A_LIST | {"{"} and isinstance(items[0], list):
        return items[0]
    return items


def structure(text: str) -> object:
    """Return the one value that `text` is: `Bare`, `str`, list or `Pairs`."""
    scanner = _Scanner(text)
    value = scanner.value(0)
    scanner.expect_end()
    return value


class _Scanner:
    """Reads one text from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self.saw_comma = False

    def items(self, closer: str, depth: int = 0) -> list[object]:
        """Read items up to `closer`; the empty closer is the end of the text."""
        found: list[object] = []
        self.saw_comma = False
        comma = False
        while not self._closes(closer):
            found.append(self.value(depth))
            if not self._take(","):
                break
            comma = True
        self._close(closer)
        self.saw_comma = comma
        return found

    def value(self, depth: int, *, key: bool = False) -> object:
        """Read one item, which ends before a comma, a closing bracket or, as a key, a colon."""
        if depth > MOST_NESTED:
            raise LiteralError(f"brackets are nested deeper than {MOST_NESTED}")
        self._skip_space()
        head = self._text[self._at : self._at + 1]
        if head in {'"', "'"} and (quoted := self._quoted(key=key)) is not None:
            return quoted
        if head and head in _CLOSING:
            start = self._at
            self._at += 1
            value = self._braces(depth + 1) if head == "{" else self._bracketed(head, depth + 1)
            if self._ends(key=key):
                return value
            self._at = start
        return self._bare(key=key)

    def expect_end(self) -> None:
        """Refuse what is left over."""
        self._skip_space()
        if self._at < len(self._text):
            raise LiteralError(f"{self._text[self._at :][:20]!r} is left over at the end")

    def _bracketed(self, opener: str, depth: int) -> object:
        items = self.items(_CLOSING[opener], depth)
        if opener == "(" and len(items) == 1 and not self.saw_comma:
            return items[0]
        return items

    def _braces(self, depth: int) -> object:
        pairs: list[tuple[object, object]] = []
        singles: list[object] = []
        while not self._closes("}"):
            key = self.value(depth, key=True)
            if self._take(":"):
                pairs.append((key, self.value(depth)))
            else:
                singles.append(key)
            if not self._take(","):
                break
        self._close("}")
        if pairs and singles:
            raise LiteralError(f"the key {str(singles[0])[:20]!r} has no value")
        return singles or Pairs(tuple(pairs))

    def _quoted(self, *, key: bool) -> str | None:
        start, quote = self._at, self._text[self._at]
        end = self._end_of_quote(start)
        raw = self._text[start:end]
        self._at = end
        if end <= start + 1 or raw[-1] != quote or not self._ends(key=key):
            self._at = start
            return None
        return _unquoted(raw)

    def _end_of_quote(self, start: int) -> int:
        quote, at = self._text[start], start + 1
        while at < len(self._text) and self._text[at] != quote:
            at += 2 if self._text[at] == "\\" else 1
        return min(at + 1, len(self._text))

    def _bare(self, *, key: bool) -> Bare:
        start = self._at
        open_brackets: list[str] = []
        while self._at < len(self._text):
            char = self._text[self._at]
            if not open_brackets and (char in _CLOSERS or char == "," or (key and char == ":")):
                break
            if char in _CLOSING:
                open_brackets.append(_CLOSING[char])
            elif char in _CLOSERS and open_brackets.pop() != char:
                raise LiteralError(f"{char!r} closes nothing")
            self._at = self._end_of_quote(self._at) if open_brackets and char in "\"'" else self._at + 1
        if open_brackets:
            raise LiteralError(f"{open_brackets[-1]!r} is missing")
        return Bare(self._text[start : self._at].strip())

    def _ends(self, *, key: bool) -> bool:
        self._skip_space()
        following = self._text[self._at : self._at + 1]
        return not following or following == "," or following in _CLOSERS or (key and following == ":")

    def _closes(self, closer: str) -> bool:
        self._skip_space()
        return self._text[self._at : self._at + 1] == closer

    def _close(self, closer: str) -> None:
        if not self._closes(closer):
            raise LiteralError(f"{closer!r} is missing" if closer else f"{self._text[self._at]!r} closes nothing")
        self._at += len(closer)

    def _take(self, char: str) -> bool:
        taken = self._closes(char)
        self._at += taken
        return taken

    def _skip_space(self) -> None:
        while self._text[self._at : self._at + 1].isspace():
            self._at += 1


def _unquoted(raw: str) -> str:
    as_json = raw if raw[0] == '"' else '"' + raw[1:-1].replace("\\'", "'").replace('"', '\\"') + '"'
    try:
        text = json.loads(as_json, strict=False)
    except ValueError:
        raise LiteralError(f"{raw[:40]} has a backslash that means nothing; write \\\\ for a backslash") from None
    return str(text)
