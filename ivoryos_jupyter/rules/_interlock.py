"""What does ``when reactor.set_temperature: require stirrer.running`` mean?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ivoryos_jupyter.errors import ConversionError, ExpressionError, Problem
from ivoryos_jupyter.schema import SETTER, parse_reference
from ivoryos_jupyter.workflow import compile_condition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ivoryos_jupyter.workflow import Condition

ANY = "*"
"""Member that stands for every method and every setting of an instrument."""
_FORM = "write it like: when reactor.set_temperature: require stirrer.running"
_RULE = re.compile(r"\s*when\s+(?P<target>.+?)(?:\s+with\s+(?P<with>.+?))?\s*:\s*require\b(?P<require>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Interlock:
    """One rule: what must hold when one method is called or one property is set."""

    path: str
    """Path of the instrument; ``blocks`` for a building block."""
    member: str
    """Method or property, or `ANY`."""
    operation: Literal["call", "set"]
    only_with: Condition | None
    """For which arguments it counts; None for all."""
    require: Condition

    @property
    def target(self) -> str:
        """What it guards: ``pump.dispense``, ``set reactor.target``."""
        label = self.member if self.path == "blocks" else f"{self.path}.{self.member}"
        return f"set {label}" if self.operation == "set" else label

    @property
    def text(self) -> str:
        """The rule in its one canonical spelling."""
        only = f" with {self.only_with.text}" if self.only_with is not None else ""
        return f"when {self.target}{only}: require {self.require.text}"

    @property
    def recorded_method(self) -> str:
        """The member as it is recorded: ``<property>_(setter)`` for a property."""
        return f"{self.member}{SETTER}" if self.operation == "set" else self.member

    @property
    def conditions(self) -> Iterator[Condition]:
        """Both conditions, where there are two."""
        if self.only_with is not None:
            yield self.only_with
        yield self.require


def parse_interlock(text: str) -> Interlock:
    """Read a rule.

    Raises
    ------
    ConversionError
        Saying which part cannot be read, and why.
    """
    found = _RULE.fullmatch(_masked(text))
    if found is None:
        raise _refused(text, f"is no rule; {_FORM}")
    only, require = (_part(text, found, name) for name in ("with", "require"))
    path, member, operation = _target(text, _part(text, found, "target"))
    return Interlock(path, member, operation, _condition(text, only) if only else None, _condition(text, require))


def _part(text: str, found: re.Match[str], name: str) -> str:
    start, end = found.span(name)
    return " ".join(text[start:end].splitlines()).strip() if start >= 0 else ""


def _masked(text: str) -> str:
    """Return `text` with every letter inside quotes replaced, so that words in quotes are no words of the rule."""
    letters: list[str] = []
    quote, escaped = "", False
    for letter in text:
        inside = bool(quote)
        if inside and not escaped and letter == quote:
            quote = ""
        elif not inside and letter in "'\"":
            quote = letter
        letters.append("x" if inside else letter)
        escaped = inside and letter == "\\" and not escaped
    return "".join(letters)


def _target(text: str, target: str) -> tuple[str, str, Literal["call", "set"]]:
    setting = re.match(r"set\s+(?=\S)", target)
    label = target[setting.end() :] if setting else target
    path, dot, member = label.rpartition(".")
    if setting and (not dot or member == ANY):
        raise _refused(text, f"sets {label}; name one property, like: when set reactor.target: require …")
    if not dot and label == ANY:
        raise _refused(text, "guards everything; name an instrument, like: when pump.*: require …")
    try:
        path = parse_reference(path).text if dot else "blocks"
        if member != ANY and parse_reference(member).path:
            raise _refused(text, f"guards {member}, which is no name of a method")
    except ConversionError as error:
        raise _refused(text, f"guards {label}: {error.problems[0].message}") from error
    return path, member, "set" if setting else "call"


def _condition(text: str, part: str) -> Condition:
    try:
        return compile_condition(part)
    except ExpressionError as error:
        raise _refused(text, f"cannot be used: {part!r} {error.problems[0].message}") from error


def _refused(text: str, message: str) -> ConversionError:
    return ConversionError([Problem("interlock", f"{text.strip()!r} {message}", text)], "This interlock was not added:")
