"""Is a value within the limits that the laboratory set?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import Problem
from ivoryos_jupyter.schema._kinds import LiveReference
from ivoryos_jupyter.schema._numbers import NUMBER, number_of
from ivoryos_jupyter.schema._reading import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ivoryos_jupyter.schema._kinds import Parameter

_SINGLE = frozenset({bool, int, float, str})
SETTER = "_(setter)"
"""What follows a property's name where its setting is meant; the parameter is then ``value``."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One entry of ``safety.json``: what one parameter of one method may be."""

    target: str
    """Path of the instrument."""
    method: str
    """Method, or ``<property>_(setter)``."""
    param: str
    """Parameter; ``value`` for a setter."""
    minimum: float | None = None
    maximum: float | None = None
    allowed: tuple[str, ...] = ()
    """The only values, as text; empty when any will do."""
    unit: str = ""
    """For people; numbers are compared as they are."""

    @property
    def key(self) -> tuple[str, str, str]:
        """Target, method and parameter."""
        return (self.target, self.method, self.param)

    def problems(self, value: object, field: str = "") -> Iterator[Problem]:
        """Yield what is wrong with `value`; lists are checked item by item, None and references are left alone."""
        field = field or self.param
        if value is None or isinstance(value, LiveReference):
            return
        if type(value) not in _SINGLE and hasattr(type(value), "tolist") and not isinstance(value, (str, bytes)):
            value = value.tolist()  # type: ignore[attr-defined]  # an array's own conversion
        if isinstance(value, (list, tuple, set, frozenset)):
            for at, item in enumerate(value):
                yield from self.problems(item, f"{field}[{at}]")
            return
        message = self._range_problem(value) or self._choice_problem(value)
        if message:
            yield Problem(field, message, shown(value))

    def _range_problem(self, value: object) -> str:
        if self.minimum is None and self.maximum is None:
            return ""
        number = _number(value)
        if number is None or number != number:  # noqa: PLR0124 - nan, and integers of any size are none
            return f"{shown(value)} is no number, and a limit of {self._range()} is set; give a number"
        if self.maximum is not None and number > self.maximum:
            return f"{self._with_unit(number)} is above the limit of {self._with_unit(self.maximum)}"
        if self.minimum is not None and number < self.minimum:
            return f"{self._with_unit(number)} is below the limit of {self._with_unit(self.minimum)}"
        return ""

    def _choice_problem(self, value: object) -> str:
        if not self.allowed or as_text(value) in self.allowed:
            return ""
        return f"{shown(value)} is not allowed; allowed is {', '.join(self.allowed)}"

    def _with_unit(self, number: float) -> str:
        return f"{as_text(number)} {self.unit}".rstrip()

    def _range(self) -> str:
        low = "" if self.minimum is None else f"at least {self._with_unit(self.minimum)}"
        high = "" if self.maximum is None else f"at most {self._with_unit(self.maximum)}"
        return " and ".join(filter(None, (low, high)))


@dataclass(frozen=True, slots=True)
class Limits:
    """All limits, as they stood when they were read."""

    entries: tuple[Limit, ...] = ()

    def of(self, target: str, method: str, param: str) -> Limit | None:
        """Return the limit of one parameter, or None."""
        return next((one for one in self.entries if one.key == (target, method, param)), None)

    def targets(self, method: str) -> list[str]:
        """Return the paths that have a limit on a method of this name."""
        return [one.target for one in self.entries if one.method == method]

    def check(self, target: str, method: str, arguments: Mapping[str, object], parameters: Sequence[Parameter] = ()) -> list[Problem]:
        """Return what is wrong with the arguments of one call.

        Parameters
        ----------
        target, method
            What is called; a setter is ``<property>_(setter)`` with the argument ``value``.
        arguments
            The arguments as they are sent.
        parameters
            The parameters of the method, so that an argument that is left to the driver is checked at its default.
        """
        found: list[Problem] = []
        arguments = spread(arguments, parameters)
        for limit in self.entries:
            if limit.target == target and limit.method == method:
                found += _check_one(limit, arguments, parameters)
        return found


def spread(arguments: Mapping[str, object], parameters: Sequence[Parameter]) -> Mapping[str, object]:
    """Return the arguments with those that go through ``**kwargs`` under their own names too, for rules that name them."""
    for one in parameters:
        if one.passing == "var_keyword":
            inside = arguments.get(one.name)
            return {**inside, **arguments} if isinstance(inside, dict) else arguments
    return arguments


def as_text(value: object) -> str:
    """Return `value` as limits compare and show it: a whole number without ``.0``."""
    number = number_of(value)
    if isinstance(number, float) and number.is_integer() and abs(number) < 1e15:  # noqa: PLR2004 - exact as an integer
        return str(int(number))
    return shown(number) if number is not None else str(value) if isinstance(value, (str, bool)) else shown(value)


def _check_one(limit: Limit, arguments: Mapping[str, object], parameters: Sequence[Parameter]) -> list[Problem]:
    if limit.param in arguments:
        return list(limit.problems(arguments[limit.param]))
    parameter = next((one for one in parameters if one.name == limit.param), None)
    default = parameter.default if parameter is not None else None
    if default is None:
        return []
    if not default.known:
        message = f"a limit is set, and the driver's default {default.text} cannot be compared with it; give a value"
        return [Problem(limit.param, message)]
    return [Problem(one.field, f"the driver's default is used: {one.message}", one.value) for one in limit.problems(default.plain)]


def _number(value: object) -> float | int | None:
    if isinstance(value, str) and NUMBER.fullmatch(value.strip()):
        return float(value)
    return number_of(value)
