"""How does a person set a limit beside a field?  What is typed is checked against the parameter, and written into ``safety.json``."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import CommandError, ConversionError, Problem, UnknownNameError
from ivoryos_jupyter.schema import (
    Anything,
    Boolean,
    EnumChoice,
    Integer,
    Limit,
    ListOf,
    LiteralChoice,
    Nullable,
    Number,
    OneOf,
    Property,
    TupleOf,
    as_text,
    from_text,
)
from ivoryos_jupyter.widgets._forms import limit_json, parameters_of, recorded_name
from ivoryos_jupyter.widgets._lookup import member_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ivoryos_jupyter.schema import Kind, Parameter
    from ivoryos_jupyter.session import Session

    Params = Mapping[str, object]

_WRONG = "This is no limit yet:"


class LimitCounter:
    """Answers what the little form beside a field asks."""

    def __init__(self, session: Session) -> None:
        """Change the limits of `session`."""
        self._session = session

    def register(self) -> None:
        """Let the session's desk answer these requests."""
        handlers: dict[str, Callable[[Params], object]] = {"limits.of": self.of, "limits.save": self.save, "limits.remove": self.remove}
        for name, handler in handlers.items():
            self._session.desk.register(name, handler)

    def of(self, params: Params) -> dict[str, object]:
        """Return the limit of a parameter and what one may state; refused with the path while the file cannot be read."""
        target, method, parameter = self._place(params)
        limit = self._session.limits.current().of(target, method, parameter.name)
        return {
            "limit": limit_json(limit),
            "numeric": _numeric(parameter.kind),
            "options": _options(parameter.kind),
            "unit": limit.unit if limit is not None and limit.unit else parameter.unit,
        }

    def save(self, params: Params) -> dict[str, object]:
        """Set the limit of a parameter; raise `ConversionError` with what is wrong in each field of the form."""
        target, method, parameter = self._place(params)
        problems: list[Problem] = []
        low, high = (_bound(params, name, parameter, problems) for name in ("minimum", "maximum"))
        allowed = _allowed(params, parameter, problems)
        if low is not None and high is not None and low > high:
            problems.append(Problem("minimum", f"is above the maximum, {params.get('maximum')}", str(params.get("minimum"))))
        if not problems and low is None and high is None and not allowed:
            problems.append(Problem("maximum", "say at least one of: at most, at least, only these"))
        if problems:
            raise ConversionError(problems, _WRONG)
        limit = Limit(target, method, parameter.name, low, high, allowed, str(params.get("unit") or "").strip())
        self._session.limits.save(limit)
        return {"limit": limit_json(limit)}

    def remove(self, params: Params) -> bool:
        """Take the limit of a parameter away; say whether there was one."""
        target, method, parameter = self._place(params)
        return self._session.limits.remove(target, method, parameter.name)

    def _place(self, params: Params) -> tuple[str, str, Parameter]:
        target, member, operation, name = (params.get(one) for one in ("target", "member", "operation", "param"))
        if not isinstance(target, str) or not isinstance(member, str) or operation not in {"call", "set"}:
            raise CommandError("A limit belongs to a target, a member, an operation (call or set) and a parameter.")
        found = member_at(self._session.deck, target, member)
        variants = () if isinstance(found, Property) else found.variants
        known = [*parameters_of(found, str(operation)), *(one for variant in variants for one in variant)]
        parameter = next((one for one in known if one.name == name), None)
        if parameter is None:
            raise UnknownNameError(f"{target}.{member} has no parameter {name}.")
        return target, recorded_name(member, str(operation)), parameter


def _numeric(kind: Kind | None) -> bool:
    """Whether some value of this kind can be compared with a bound."""
    if isinstance(kind, OneOf):
        return any(_numeric(one) for one in kind.members)
    if isinstance(kind, TupleOf):
        return any(_numeric(one) for one in kind.items)
    if isinstance(kind, Nullable):
        return _numeric(kind.kind)
    if isinstance(kind, ListOf):
        return _numeric(kind.item)
    return kind is None or isinstance(kind, Number | Integer | Anything)


def _options(kind: Kind | None) -> list[str]:
    """Return the values of which some may be allowed, where they are few; empty where they are typed."""
    if isinstance(kind, Nullable):
        return _options(kind.kind)
    if isinstance(kind, EnumChoice):
        return [one.name for one in kind.members]
    if isinstance(kind, LiteralChoice):
        return [str(one) for one in kind.values if one is not None]
    return ["True", "False"] if isinstance(kind, Boolean) else []


def _bound(params: Params, name: str, parameter: Parameter, problems: list[Problem]) -> float | None:
    text = str(params.get(name) if params.get(name) is not None else "").strip()
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not _numeric(parameter.kind):
        problems.append(Problem(name, f"{parameter.name} takes no numbers; say which values are allowed", text))
    elif not math.isfinite(number):
        problems.append(Problem(name, f"{text!r} is no number", text))
    else:
        return number
    return None


def _allowed(params: Params, parameter: Parameter, problems: list[Problem]) -> tuple[str, ...]:
    given = params.get("allowed") or []
    if not isinstance(given, list):
        raise CommandError("The allowed values are a list of texts.")
    kind, options = _single(parameter.kind), _options(parameter.kind)
    values = (_compared(kind, text, options, problems) for one in given if (text := str(one).strip()))
    return tuple(dict.fromkeys(values))


def _single(kind: Kind | None) -> Kind | None:
    """Return the kind of one item: a list is compared item by item."""
    if isinstance(kind, Nullable):
        return _single(kind.kind)
    return _single(kind.item) if isinstance(kind, ListOf) else kind


def _compared(kind: Kind | None, text: str, options: list[str], problems: list[Problem]) -> str:
    """Return an allowed value as limits compare it; report one that the parameter cannot have."""
    if options and text not in options:
        problems.append(Problem("allowed", f"{text!r} is none of {', '.join(options)}", text))
    if options or kind is None:
        return text
    try:
        plain = from_text(kind, text)
    except ConversionError as error:
        problems.append(Problem("allowed", error.problems[0].message, text))
        return text
    return text if isinstance(plain, (str, list, dict)) else as_text(plain)
