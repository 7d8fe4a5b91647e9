"""Which classes do the annotations of the conversion table use, and who takes what they are converted to?"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Annotated, NamedTuple, TypedDict

from pydantic import BaseModel, Field

NOTHING = object()
"""What a `Taker` holds that was given nothing."""


class Speed(enum.Enum):
    """Members are called in capitals, their values are texts."""

    SLOW = "slow"
    FAST = "fast"


class Port(enum.IntEnum):
    """Values are numbers."""

    WASTE = 1
    SAMPLE = 2


class Filter(enum.Enum):
    """One member's value is None, and one member is called as another's value."""

    OFF = None
    RED = "GREEN"
    GREEN = "RED"


@dataclass
class Settings:
    """A dataclass with a default."""

    speed: float
    cycles: int = 1


@dataclass(frozen=True)
class Nested:
    """A dataclass within a dataclass."""

    name: str
    settings: Settings


class Recipe(BaseModel):
    """A pydantic model with a bound."""

    volume: Annotated[float, Field(gt=0)]
    mode: Speed = Speed.SLOW


class Pulse(TypedDict):
    """A TypedDict."""

    volts: float
    count: int


class Spot(NamedTuple):
    """A NamedTuple."""

    x: float
    y: float


class Well:
    """Something that lives in the deck."""

    def __init__(self, name: str) -> None:
        """Keep the `name`."""
        self.name = name


class Rack:
    """Wells by name."""

    def __init__(self) -> None:
        """Hold two."""
        self._wells = {"A1": Well("A1"), "B1": Well("B1")}

    def __getitem__(self, name: str) -> Well:
        """Return the well called `name`."""
        return self._wells[name]


class Stage:
    """Something with a well for an axis."""

    def __init__(self) -> None:
        """Have one axis."""
        self.x = Well("x")


class Taker:
    """An instrument that keeps what it is given, by a method or by a property."""

    received: object = NOTHING


def taker_of(annotation: object) -> Taker:
    """Return an instrument whose method ``take`` and whose property ``level`` take a value of this annotation."""

    class Annotating(Taker):
        def take(self, value: object) -> None:
            self.received = value

        @property
        def level(self) -> object:
            return self.received

        @level.setter
        def level(self, value: object) -> None:
            self.received = value

    Annotating.take.__annotations__ = {"value": annotation}
    setter, getter = vars(Annotating)["level"].fset, vars(Annotating)["level"].fget
    setter.__annotations__, getter.__annotations__ = {"value": annotation}, {"return": annotation}
    return Annotating()
