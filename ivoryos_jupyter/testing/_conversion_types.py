"""Which classes do the annotations of the conversion table use?"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Annotated, NamedTuple, TypedDict

from pydantic import BaseModel, Field


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
