"""How is a kind called in a sentence?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.schema import _kinds as k

if TYPE_CHECKING:
    from collections.abc import Iterable

_SIMPLE = {
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "text": "a text",
    "nothing": "None",
    "anything": "any value",
}
_TEMPORAL = {"datetime": "a date and time", "date": "a date", "time": "a time of day", "timedelta": "a time span"}
_SPECIAL = {
    "path": "a path",
    "bytes": "bytes",
    "decimal": "a decimal number",
    "complex": "a complex number",
    "ndarray": "an array of numbers",
}
_MOST_NAMED = 12


def describe(kind: k.Kind) -> str:
    """Return what a value of `kind` is, as a noun: ``a whole number``, ``one of SLOW, FAST``."""
    if kind.tag in _SIMPLE:
        return _SIMPLE[kind.tag]
    return _composed(kind) or _chosen(kind)


def _chosen(kind: k.Kind) -> str:
    match kind:
        case k.EnumChoice(members=members, combines=combines):
            return "one of " + listed(member.name for member in members) + (" or several, joined by |" if combines else "")
        case k.LiteralChoice(values=values):
            return "one of " + listed(repr(value) for value in values)
        case k.Temporal(form=form):
            return _TEMPORAL[form]
        case k.Special(form=form):
            return _SPECIAL[form]
        case k.Record(type_name=name) | k.Live(type_name=name):
            return f"a {short_name(name)}"
    return kind.tag


def _composed(kind: k.Kind) -> str:
    match kind:
        case k.ListOf(item=item):
            return f"a list ({describe(item)} each)"
        case k.TupleOf(items=items):
            return f"{len(items)} values ({', '.join(map(describe, items))})"
        case k.DictOf(value=value):
            return f'a mapping such as {{"name": …}} ({describe(value)} each)'
        case k.Nullable(kind=inner):
            return f"{describe(inner)} or None"
        case k.OneOf(members=kinds):
            return " or ".join(map(describe, kinds))
    return ""


def short_name(type_name: str) -> str:
    """Return the class's own name from ``module:qualname``."""
    return type_name.rpartition(":")[2].rpartition(".")[2]


def listed(names: Iterable[str]) -> str:
    """Return `names` with commas, the tail of a long list left away."""
    all_names = list(names)
    head = ", ".join(all_names[:_MOST_NAMED])
    return head if len(all_names) <= _MOST_NAMED else f"{head} … ({len(all_names)} in all)"
