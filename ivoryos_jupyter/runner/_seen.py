"""What does a condition see?  Arguments of the call, properties read when they are asked for, and last results."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ExpressionError, IvoryOSError, Problem
from ivoryos_jupyter.schema import encode, spread

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
            return self._arguments[name]
        if name not in self._values:
            self._values[name] = self._looked_at(name)
        return self._values[name]

    def _looked_at(self, name: str) -> object:
        try:
            value = self._look(self._referred[name])
        except IvoryOSError as error:
            raise ExpressionError([Problem("", str(error), name)]) from error
        if isinstance(value, Enum):
            return Chosen(value)
        if isinstance(value, float) and math.isnan(value):
            self._values[name] = value
            raise ExpressionError([Problem("", f"{name} is nan", name)])
        return value

    def told(self, condition: Condition) -> dict[str, Plain]:
        """Return what was seen of what `condition` refers to, for the record."""
        found = {one.text: self._values[one.text] for one in condition.refers if one.text in self._values}
        return {name: encode(value.member if isinstance(value, Chosen) else value) for name, value in found.items()}


class Chosen:
    """A member of an Enum that a condition may compare with its name, its value, or itself."""

    def __init__(self, member: Enum) -> None:
        """Stand for `member`."""
        self.member = member

    def __eq__(self, other: object) -> bool:
        member = self.member
        return other in (member.name, member) or (type(other) is not bool and bool(other == member.value))

    def __hash__(self) -> int:
        return hash(self.member)

    def __bool__(self) -> bool:
        return bool(self.member)

    def __lt__(self, other: object) -> bool:
        return bool(self.member.value < other)

    def __le__(self, other: object) -> bool:
        return bool(self.member.value <= other)

    def __gt__(self, other: object) -> bool:
        return bool(self.member.value > other)

    def __ge__(self, other: object) -> bool:
        return bool(self.member.value >= other)
