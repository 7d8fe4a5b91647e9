"""What is watched, when is it out of its band, and what was seen last?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from ivoryos_jupyter.errors import ExpressionError
from ivoryos_jupyter.schema import as_text, number_of
from ivoryos_jupyter.workflow import READING, compile_expression

if TYPE_CHECKING:
    from collections.abc import Callable

Action: TypeAlias = "Literal['pause', 'make safe', 'notify'] | Callable[[WatchTripped], object]"
"""What is done when a value leaves its band."""


@dataclass(frozen=True, slots=True)
class WatchTripped:
    """A watched value has left its band, or cannot be seen any more; published once for each excursion."""

    instrument: str
    name: str
    value: object
    """What was read; None when it could not be."""
    unit: str
    reason: str
    """``91 °C is above 80 °C``, or why it cannot be seen."""
    then: str
    """What is done: ``pause``, ``make safe``, ``notify``, or the name of a function."""
    at_us: int
    run_key: str = ""
    """The run that is under way."""
    run_id: int | None = None

    @property
    def label(self) -> str:
        """Name for people: ``reactor.temperature``."""
        return f"{self.instrument}.{self.name}"


@dataclass(frozen=True, slots=True)
class WatchRead:
    """A watched value was read, or could not be; or the watch has ended."""

    instrument: str
    name: str
    value: object
    at_us: int
    error: str = ""
    late_s: float = 0.0
    ended: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """The property, of which only the latest reading matters."""
        return (self.instrument, self.name)


@dataclass(frozen=True, slots=True)
class Band:
    """Where a value may be."""

    low: float | None = None
    high: float | None = None
    require: str = ""
    """An expression in which ``reading`` is the value; empty for none."""
    unit: str = ""

    @property
    def text(self) -> str:
        """The band, for people; empty when there is none."""
        parts = [
            f"≥ {self._shown(self.low)}" if self.low is not None and self.high is None else "",
            f"≤ {self._shown(self.high)}" if self.high is not None and self.low is None else "",
            f"{as_text(self.low)} to {self._shown(self.high)}" if self.low is not None and self.high is not None else "",
            self.require,
        ]
        return " and ".join(filter(None, parts))

    def _shown(self, number: float | None) -> str:
        return f"{as_text(number)} {self.unit}".rstrip()

    def why_blind(self, value: object) -> str:
        """Return why it cannot be said whether `value` is inside; empty when it can."""
        number = number_of(value)
        if (self.low is not None or self.high is not None) and (number is None or number != number):  # noqa: PLR0124 - nan is not itself
            return f"{as_text(value)} is no number"
        return ""

    def why_outside(self, value: object) -> str:
        """Return why `value` is outside; empty when it is inside.

        Raises
        ------
        ExpressionError
            When `require` cannot be evaluated.
        """
        number = number_of(value)
        if number is not None and self.high is not None and number > self.high:
            return f"{self._shown(number)} is above {self._shown(self.high)}"
        if number is not None and self.low is not None and number < self.low:
            return f"{self._shown(number)} is below {self._shown(self.low)}"
        if self.require and not compile_expression(self.require).holds({READING: value}):
            return f"{self.require} does not hold; the reading is {as_text(value)} {self.unit}".rstrip()
        return ""


@dataclass(slots=True)
class Watch:
    """A property that is read again and again; changed only by the thread of the watches."""

    path: str
    name: str
    every_s: float
    band: Band
    then: Action
    after_failures: int
    end: Callable[[Watch], None] = field(repr=False)
    value: object = None
    """What was read last."""
    at_us: int | None = None
    """When; None as long as nothing was."""
    error: str = ""
    """Why the last reading failed."""
    failures: int = 0
    """How many readings in a row have failed."""
    late_s: float = 0.0
    """By how many seconds the last reading came later than it was due."""
    tripped: str = ""
    """Why it is out of its band now; empty while it is inside."""
    readings: int = 0
    """How many there were."""
    excursions: int = 0
    """How often it has left its band."""
    stopped: bool = False

    @property
    def label(self) -> str:
        """Name for people: ``reactor.temperature``."""
        return f"{self.path}.{self.name}"

    @property
    def does(self) -> str:
        """What is done when it leaves its band, in a word."""
        if isinstance(self.then, str):
            return self.then
        return str(getattr(self.then, "__name__", type(self.then).__name__))

    def stop(self) -> None:
        """End the watch; may be said twice."""
        self.end(self)

    def judge(self, value: object, error: str) -> tuple[str, str]:
        """Take a reading in; return why it is out of its band, and why it failed, each empty when it is not so."""
        self.readings += 1
        error = error or self.band.why_blind(value)
        why = ""
        if not error:
            try:
                why = self.band.why_outside(value)
            except ExpressionError as caught:
                error = caught.problems[0].message
        self.failures = self.failures + 1 if error else 0
        self.value, self.error = (self.value if error else value), error
        if error and self.failures >= self.after_failures:
            why = f"it could not be seen {self.failures} times in a row: {error}" if self.failures > 1 else f"it could not be seen: {error}"
        return why, error
