"""Which kinds of values can a parameter take, and what is a parameter?

A kind is frozen data made from an annotation. It can be saved, compared and drawn as a field without the class it came
from. A value of a kind travels as a *plain value*: None, bool, int, float, str, list, dict with text keys, or
`LiveReference`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal


@dataclass(frozen=True, slots=True)
class LiveReference:
    """The text of a reference to a live object, ``name(.attr | [constant])*``, followed when the call is made."""

    text: str


Plain = bool | int | float | str | list["Plain"] | dict[str, "Plain"] | LiveReference | None
"""What a value looks like between the screen and the call: JSON, or a reference to a live object."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Base of all kinds."""

    tag: ClassVar[str] = ""


@dataclass(frozen=True, slots=True)
class Boolean(Kind):
    """True or False."""

    tag: ClassVar[str] = "boolean"


@dataclass(frozen=True, slots=True)
class Integer(Kind):
    """A whole number, with bounds where the driver declares them."""

    tag: ClassVar[str] = "integer"
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class Number(Kind):
    """A real number, with bounds where the driver declares them."""

    tag: ClassVar[str] = "number"
    minimum: float | None = None
    maximum: float | None = None
    nonfinite: bool = False
    """Whether nan and inf are admitted."""


@dataclass(frozen=True, slots=True)
class Text(Kind):
    """Text, kept to the letter."""

    tag: ClassVar[str] = "text"


@dataclass(frozen=True, slots=True)
class Nothing(Kind):
    """Only None."""

    tag: ClassVar[str] = "nothing"


@dataclass(frozen=True, slots=True)
class EnumMember:
    """One member of an Enum: its name (the plain value) and its value as text."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class EnumChoice(Kind):
    """A member of an Enum; the plain value is the member's name."""

    tag: ClassVar[str] = "enum"
    type_name: str
    """``module:qualname`` of the class."""
    members: tuple[EnumMember, ...]
    combines: bool = False
    """Whether several may be meant at once, as of a Flag; the plain value is then ``READ|WRITE``."""


@dataclass(frozen=True, slots=True)
class LiteralChoice(Kind):
    """One of some constants; the plain value is the constant itself."""

    tag: ClassVar[str] = "literal"
    values: tuple[bool | int | float | str | None, ...]


@dataclass(frozen=True, slots=True)
class ListOf(Kind):
    """Any number of items of one kind."""

    tag: ClassVar[str] = "list"
    item: Kind
    container: Literal["list", "tuple", "set", "frozenset"] = "list"
    """What the call receives."""


@dataclass(frozen=True, slots=True)
class TupleOf(Kind):
    """A fixed number of items, each of its own kind; the plain value is a list."""

    tag: ClassVar[str] = "tuple"
    items: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class DictOf(Kind):
    """Keys and values of one kind each; the plain value has text keys."""

    tag: ClassVar[str] = "dict"
    key: Kind
    value: Kind


Passing = Literal["positional", "either", "keyword", "var_positional", "var_keyword"]
"""How a parameter is passed; ``either`` is Python's POSITIONAL_OR_KEYWORD."""


@dataclass(frozen=True, slots=True)
class Default:
    """A parameter's default, for showing; a call that omits the parameter leaves it to the driver."""

    text: str
    """How it reads in the signature."""
    plain: Plain = None
    """Its plain value, where `known`."""
    known: bool = False
    """Whether `plain` could be made from it."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a method, a field of a record, or the value of a property."""

    name: str
    kind: Kind
    passing: Passing = "either"
    default: Default | None = None
    """None when the parameter is required."""
    unit: str = ""
    """Unit as the driver states it, for example ``mL``; empty when unknown."""
    help: str = ""
    """What the docstring says of it."""
    annotation: str = ""
    """The annotation as text, for signatures."""

    @property
    def required(self) -> bool:
        """Whether a call must give it."""
        return self.default is None and self.passing not in {"var_positional", "var_keyword"}


@dataclass(frozen=True, slots=True)
class Record(Kind):
    """Named fields: a dataclass, pydantic model, TypedDict or NamedTuple; the plain value is a dict."""

    tag: ClassVar[str] = "record"
    type_name: str
    """``module:qualname`` of the class."""
    fields: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Temporal(Kind):
    """A date, a time or a span; the plain value is ISO text (a span: seconds)."""

    tag: ClassVar[str] = "temporal"
    form: Literal["datetime", "date", "time", "timedelta"]


@dataclass(frozen=True, slots=True)
class Special(Kind):
    """A class of the standard library or numpy with a text form of its own."""

    tag: ClassVar[str] = "special"
    form: Literal["path", "bytes", "decimal", "complex", "ndarray"]


@dataclass(frozen=True, slots=True)
class Live(Kind):
    """An object of the deck; the plain value is a `LiveReference`."""

    tag: ClassVar[str] = "live"
    type_name: str
    """``module:qualname`` of the class that is asked for."""


@dataclass(frozen=True, slots=True)
class OneOf(Kind):
    """A union: the most exact member is taken, in declared order, text last."""

    tag: ClassVar[str] = "union"
    members: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Nullable(Kind):
    """A kind, or None."""

    tag: ClassVar[str] = "nullable"
    kind: Kind


@dataclass(frozen=True, slots=True)
class Anything(Kind):
    """Nothing is known: typed text is read as a Python constant, and as text where it is none."""

    tag: ClassVar[str] = "anything"
    note: str = ""
    """Why nothing is known, for example the annotation that could not be resolved."""
