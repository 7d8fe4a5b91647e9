"""What does a condition see?  Arguments of the call, properties read when they are asked for, and last results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ExpressionError, IvoryOSError, Problem
from ivoryos_jupyter.schema import EnumChoice, Nullable, as_text, encode, number_of, spread

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ivoryos_jupyter.schema import Parameter, Plain
    from ivoryos_jupyter.workflow import Condition, Referred


class Seen(Mapping[str, object]):
    """The values of one evaluation; each property is read once, and only when a condition asks for it."""

    def __init__(self, arguments: Mapping[str, object], parameters: Sequence[Parameter], look: Callable[[Referred], object]) -> None:
        """Offer `arguments`, those left to the driver at its defaults, and whatever `look` returns."""
        self._arguments: dict[str, object] = {
            one.name: one.default.plain for one in parameters if one.default is not None and one.default.known
        }
        self._arguments.update(spread(arguments, parameters))
        for one in parameters:
            self._arguments.update(_chosen(one, self._arguments))
        self._look = look
        self._referred: dict[str, Referred] = {}
        self._values: dict[str, object] = {}

    def holds(self, condition: Condition) -> bool:
        """Return whether `condition` is true; raise `ExpressionError` when that cannot be said."""
        self._referred = {one.text: one for one in condition.refers}
        return condition.holds(self)

    def __contains__(self, name: object) -> bool:
        return name in self._arguments

    def __iter__(self) -> Iterator[str]:
        return iter(self._arguments)

    def __len__(self) -> int:
        return len(self._arguments)

    def __getitem__(self, name: str) -> object:
        if name not in self._referred:
            return _known(name, self._arguments[name])
        if name not in self._values:
            self._values[name] = self._looked_at(name)
        return _known(name, self._values[name])

    def _looked_at(self, name: str) -> object:
        try:
            value = self._look(self._referred[name])
        except IvoryOSError as error:
            raise ExpressionError([Problem("", str(error), name)]) from error
        if isinstance(value, Enum):
            return Chosen(value.name, value.value, value)
        return value

    def told(self, condition: Condition) -> dict[str, Plain]:
        """Return what was seen of what `condition` refers to, for the record."""
        found = {one.text: self._values[one.text] for one in condition.refers if one.text in self._values}
        return {name: encode(value.member if isinstance(value, Chosen) else value) for name, value in found.items()}


def _known(name: str, value: object) -> object:
    """Return `value`; raise `ExpressionError` for what is not a number, of any class: every comparison with it is false."""
    number = number_of(value)
    if number != number:  # noqa: PLR0124 - nan, and integers of any size are none
        raise ExpressionError([Problem("", f"{name} is nan", name)])
    return value


def _chosen(parameter: Parameter, arguments: Mapping[str, object]) -> dict[str, object]:
    """Return the argument of an Enum's parameter as one that may be compared by name or value."""
    kind = parameter.kind.kind if isinstance(parameter.kind, Nullable) else parameter.kind
    given = arguments.get(parameter.name)
    if not isinstance(kind, EnumChoice) or not isinstance(given, str):
        return {}
    member = next((one for one in kind.members if one.name == given), None)
    return {} if member is None else {parameter.name: Chosen(member.name, member.value, member.name)}


class Chosen:
    """A member of an Enum that a condition may compare with its name, its value, or itself."""

    def __init__(self, name: str, value: object, member: object) -> None:
        """Stand for `member`."""
        self.member = member
        self._name = name
        self._value = value

    def __eq__(self, other: object) -> bool:
        if isinstance(other, bool) is not isinstance(self._value, bool) and not isinstance(other, str):
            return False
        value = self._value
        return bool(other in (self._name, self.member) or other == value or (isinstance(value, str) and as_text(other) == value))

    def __hash__(self) -> int:
        return hash(self.member)

    def __bool__(self) -> bool:
        return bool(self.member)

    def __lt__(self, other: object) -> bool:
        return bool(self._value < other)  # type: ignore[operator]  # what cannot be ordered raises, and that is the answer

    def __le__(self, other: object) -> bool:
        return bool(self._value <= other)  # type: ignore[operator]

    def __gt__(self, other: object) -> bool:
        return bool(self._value > other)  # type: ignore[operator]

    def __ge__(self, other: object) -> bool:
        return bool(self._value >= other)  # type: ignore[operator]
