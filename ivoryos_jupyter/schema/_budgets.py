"""How much of something may calls use up?  Sums of arguments and numbers of calls, per run, per time, or since a reset."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ivoryos_jupyter.errors import BudgetError, Problem
from ivoryos_jupyter.schema._limits import SETTER, as_text, spread
from ivoryos_jupyter.schema._numbers import number_of
from ivoryos_jupyter.schema._reading import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ivoryos_jupyter.schema._kinds import Parameter

Period = Literal["", "run", "minute", "hour", "day"]
SECONDS: Mapping[str, int] = {"minute": 60, "hour": 3_600, "day": 86_400}
"""Length of each period; any stretch of that length counts, so that midnight gives nothing back."""
_ROUNDING = 1e-9
"""Part of a budget by which a sum of decimal fractions may be off."""


@dataclass(frozen=True, slots=True)
class Source:
    """What feeds a budget: one parameter of one method, or its calls."""

    target: str
    """Path of the instrument; ``blocks`` for a building block."""
    method: str
    """Method, or ``<property>_(setter)``."""
    param: str = ""
    """Parameter that is summed; empty where calls are counted."""

    @property
    def call(self) -> str:
        """What is called: ``pump.dispense``, ``set pump.rate``."""
        name = self.method.removesuffix(SETTER)
        label = name if self.target == "blocks" else f"{self.target}.{name}"
        return f"set {label}" if self.method.endswith(SETTER) else label

    @property
    def text(self) -> str:
        """How it is written: ``pump.dispense.volume_ml``, or the call alone."""
        return f"{self.call}.{self.param}" if self.param else self.call

    def amount(self, arguments: Mapping[str, object], parameters: Sequence[Parameter]) -> float:
        """Return what one call with `arguments` uses.

        A negative number counts by its size: taking back in never makes a budget larger. A list counts as the sum of its
        items, and an argument that is left to the driver at the driver's default.

        Raises
        ------
        BudgetError
            When it cannot be said.
        """
        if not self.param:
            return 1.0
        arguments = spread(arguments, parameters)
        if self.param in arguments:
            return self._size(arguments[self.param])
        parameter = next((one for one in parameters if one.name == self.param), None)
        default = parameter.default if parameter is not None else None
        if default is None or not default.known:
            raise self._uncounted("it is left to the driver, whose default is not known; give a value")
        return self._size(default.plain)

    def _size(self, value: object) -> float:
        if hasattr(type(value), "tolist") and not isinstance(value, (str, bytes)):
            value = value.tolist()  # type: ignore[attr-defined]  # an array's own conversion
        if isinstance(value, (list, tuple)):
            return sum(map(self._size, value))
        number = number_of(value)
        if number is None or math.isnan(number):
            raise self._uncounted(f"{shown(value)} is no number; give one")
        return abs(float(number))

    def _uncounted(self, why: str) -> BudgetError:
        message = f"a budget is set on it, and {why}"
        return BudgetError([Problem(self.param, message)], f"{self.call} was not called; its use cannot be counted:")


@dataclass(frozen=True, slots=True)
class Budget:
    """At most so much, from these sources together, per period or since a reset."""

    sources: tuple[Source, ...]
    at_most: float
    per: Period = ""
    since: str = ""
    """What sets it back: a word such as ``refilled``, or a method such as ``pump.refill``; empty with `per`."""
    unit: str = ""
    """For people."""

    @property
    def key(self) -> tuple[object, ...]:
        """What it is about; a budget with the same key takes its place."""
        return (self.sources, self.per, self.since)

    @property
    def frame(self) -> str:
        """``per run``, ``per minute``, ``since refilled``."""
        return f"per {self.per}" if self.per else f"since {self.since}"

    @property
    def text(self) -> str:
        """What it says: ``pump.dispense.volume_ml + pump.rinse.volume_ml: at most 20 mL per run``."""
        return f"{' + '.join(source.text for source in self.sources)}: at most {self.shown(self.at_most)} {self.frame}"

    def shown(self, amount: float) -> str:
        """Return an amount with its unit."""
        unit = self.unit or ("" if any(source.param for source in self.sources) else "call" if amount == 1 else "calls")
        return f"{as_text(round(amount, 9))} {unit}".rstrip()

    def exceeded(self, amount: float) -> bool:
        """Return whether `amount` is more than there is."""
        return amount > self.at_most + abs(self.at_most) * _ROUNDING

    def is_reset_by(self, word: str, instrument: str = "") -> bool:
        """Return whether `word`, said of `instrument`, sets it back."""
        if self.since == (f"{instrument}.{word}" if instrument else word):
            return True
        return self.since == word and (not instrument or any(source.target == instrument for source in self.sources))
