"""One parameter: from its annotation, default and docstring to a kind."""

# ruff: noqa: F401, UP045 - the annotations under test are strings, in every spelling
from __future__ import annotations

import datetime as dt
import decimal
import enum
import pathlib
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, Optional, TypedDict, Union

import annotated_types
import numpy as np
import numpy.typing as npt
import pydantic
import pytest

from ivoryos_jupyter.introspect import describe
from ivoryos_jupyter.schema import (
    Anything,
    Boolean,
    Default,
    DictOf,
    EnumChoice,
    Integer,
    ListOf,
    LiteralChoice,
    Live,
    Nothing,
    Nullable,
    Number,
    OneOf,
    Record,
    Special,
    Temporal,
    Text,
    TupleOf,
)

if TYPE_CHECKING:
    from nowhere import Missing


class Speed(enum.Enum):
    SLOW = 1
    FAST = "f"


class Valve:
    def open(self): ...


@dataclass
class Point:
    x: float
    y: float = 0
    tags: list[str] = field(default_factory=list)
    next: Optional[Point] = None


class Model(pydantic.BaseModel):
    volume: float = pydantic.Field(ge=0, le=5, description="how much")
    name: str = "a"
    many: list[int] = pydantic.Field(default_factory=list)


class Options(TypedDict, total=False):
    a: int


class Pair(NamedTuple):
    left: int
    right: str = "r"


Metres = typing.NewType("Metres", float)

ROWS = [
    ("bool", Boolean()),
    ("int", Integer()),
    ("float", Number()),
    ("str", Text()),
    ("None", Nothing()),
    ("Any", Anything()),
    ("object", Anything()),
    ("Optional[float]", Nullable(Number())),
    ("float | None", Nullable(Number())),
    ("'float | None'", Nullable(Number())),
    ("Union[int, None, str]", Nullable(OneOf((Integer(), Text())))),
    ("Annotated[float, 'mL']", Number()),
    ("Annotated[Optional[float], annotated_types.Ge(0)]", Nullable(Number(minimum=0))),
    ("Optional[Annotated[float, {'min': 1, 'max': 2}]]", Nullable(Number(1, 2))),
    ("Annotated[int, annotated_types.Gt(0), annotated_types.Lt(9)]", Integer(1, 8)),
    ("Annotated[int, annotated_types.Interval(ge=1, le=9)]", Integer(1, 9)),
    ("Annotated[float, pydantic.Field(ge=0, le=3)]", Number(0, 3)),
    ("Literal[1, 'a', None]", LiteralChoice((1, "a", None))),
    ("list", ListOf(Anything())),
    ("list[float]", ListOf(Number())),
    ("typing.List[int]", ListOf(Integer())),
    ("Sequence[str]", ListOf(Text())),
    ("Iterable[float]", ListOf(Number())),
    ("set[int]", ListOf(Integer(), "set")),
    ("frozenset[int]", ListOf(Integer(), "frozenset")),
    ("tuple[float, ...]", ListOf(Number(), "tuple")),
    ("tuple[float, str]", TupleOf((Number(), Text()))),
    ("dict[str, bool]", DictOf(Text(), Boolean())),
    ("Mapping[str, float]", DictOf(Text(), Number())),
    ("dt.datetime", Temporal("datetime")),
    ("dt.date", Temporal("date")),
    ("dt.time", Temporal("time")),
    ("dt.timedelta", Temporal("timedelta")),
    ("pathlib.Path", Special("path")),
    ("bytes", Special("bytes")),
    ("decimal.Decimal", Special("decimal")),
    ("complex", Special("complex")),
    ("np.ndarray", Special("ndarray")),
    ("npt.NDArray[np.float64]", Special("ndarray")),
    ("npt.ArrayLike", Special("ndarray")),
    ("np.float64", Number()),
    ("np.int32", Integer()),
    ("Metres", Number()),
    ("Valve", Live(f"{__name__}:Valve")),
    ("list[Valve]", ListOf(Live(f"{__name__}:Valve"))),
]


def kind_of(annotation, default=...):
    parameter = make(annotation, default)
    return parameter.kind


def make(annotation, default=...):
    def call(self, value): ...

    call.__annotations__ = {"value": annotation}
    if default is not ...:
        call.__defaults__ = (default,)
    instrument = describe(type("Box", (), {"call": call})(), "box")
    return instrument.method("call").parameters[0]


@pytest.mark.parametrize(("annotation", "kind"), ROWS, ids=[row[0] for row in ROWS])
def test_a_postponed_annotation_is_read_as_its_kind(annotation, kind):
    assert kind_of(annotation) == kind


@pytest.mark.parametrize(("annotation", "kind"), ROWS, ids=[row[0] for row in ROWS])
def test_a_live_annotation_is_read_as_its_kind(annotation, kind):
    try:
        live = typing.get_type_hints(type("Holder", (), {"__annotations__": {"it": annotation}}), globals(), include_extras=True)["it"]
    except TypeError:
        live = annotation
    assert kind_of(live) == kind


def test_an_implicit_none_default_admits_none():
    parameter = make("float", None)
    assert parameter.kind == Nullable(Number())
    assert parameter.default == Default("None", None, known=True)


def test_one_unknown_name_costs_only_its_own_parameter():
    class Box:
        def call(self, a: float, b: Missing, c: Optional[Missing], d: list[Missing]) -> Missing: ...

    method = describe(Box(), "box").method("call")
    assert method.parameter("a").kind == Number()
    assert "Missing" in method.parameter("b").kind.note
    assert isinstance(method.parameter("c").kind, Anything)
    assert isinstance(method.parameter("d").kind, ListOf)
    assert "Missing" in method.returns.kind.note


@pytest.mark.parametrize("annotation", ["Callable[[int], str]", "Callable", "type[Valve]", "1 +", "3", "unheard.of[things]"])
def test_what_cannot_be_typed_says_why(annotation):
    kind = kind_of(annotation)
    assert isinstance(kind, Anything)
    assert kind.note


def test_an_enum_offers_its_members_by_name_and_value():
    kind = kind_of(Speed, Speed.SLOW)
    assert isinstance(kind, EnumChoice)
    assert [(one.name, one.value) for one in kind.members] == [("SLOW", "1"), ("FAST", "f")]
    assert make(Speed, Speed.SLOW).default == Default("Speed.SLOW", "SLOW", known=True)


def test_a_dataclass_is_a_record_and_may_hold_itself():
    kind = kind_of("Point")
    assert isinstance(kind, Record)
    assert [(one.name, one.required) for one in kind.fields] == [("x", True), ("y", False), ("tags", False), ("next", False)]
    assert (
        "Point inside a Point" in kind.fields[3].kind.kind.note if isinstance(kind.fields[3].kind, Nullable) else kind.fields[3].kind.note
    )


def test_a_pydantic_model_keeps_its_bounds_and_descriptions():
    kind = kind_of(Model)
    volume = kind.fields[0]
    assert (volume.kind, volume.help, volume.required) == (Number(0, 5), "how much", True)
    assert [one.required for one in kind.fields] == [True, False, False]


def test_typed_dicts_and_named_tuples_are_records():
    assert [(one.name, one.required) for one in kind_of(Options).fields] == [("a", False)]
    assert [(one.name, one.required) for one in kind_of(Pair).fields] == [("left", True), ("right", False)]


@pytest.mark.parametrize(
    ("default", "kind"),
    [(1, Integer()), (1.5, Number()), ("a", Text()), (True, Boolean()), ([1.0], ListOf(Number())), ((), ListOf(Anything(), "tuple")),
     (Speed.FAST, EnumChoice), (None, Anything())],
)  # fmt: skip
def test_without_annotation_the_default_gives_the_kind(default, kind):
    def call(self, value=default): ...

    found = describe(type("Box", (), {"call": call})(), "box").method("call").parameters[0].kind
    assert found == kind or isinstance(found, kind if isinstance(kind, type) else ())


STYLES = [
    "Move.\n\nArgs:\n    volume (float): how much, in mL\n    n (int, optional): times\n    mode (str): one of many",
    "Move.\n\nParameters\n----------\nvolume : float\n    how much, in mL\nn : int, optional\n    times\nmode : str\n    one of many",
    "Move.\n\n:param float volume: how much, in mL\n:param n: times\n:type n: int\n:param str mode: one of many",
]


@pytest.mark.parametrize("doc", STYLES, ids=["google", "numpy", "sphinx"])
def test_without_annotation_the_docstring_gives_kind_help_and_unit(doc):
    def move(self, volume, n=None, mode=None): ...

    move.__doc__ = doc
    method = describe(type("Box", (), {"move": move})(), "box").method("move")
    assert method.summary == "Move."
    volume, times, mode = method.parameters
    assert (volume.kind, volume.unit, volume.help) == (Number(), "mL", "how much, in mL")
    assert times.kind == Nullable(Integer())
    assert mode.kind == Nullable(Text())


@pytest.mark.parametrize(
    ("words", "kind"),
    [("boolean", Boolean()), ("list of float", ListOf(Number())), ("list[str]", ListOf(Text())), ("float or None", Nullable(Number())),
     ("{'a', 'b'}", LiteralChoice(("a", "b"))), ("int, default: 3", Integer()), ("np.ndarray", Special("ndarray")), ("str or int",
     OneOf((Text(), Integer())))],
)  # fmt: skip
def test_a_type_in_words_is_understood(words, kind):
    def move(self, value): ...

    move.__doc__ = f"Move.\n\nParameters\n----------\nvalue : {words}\n    it"
    assert describe(type("Box", (), {"move": move})(), "box").method("move").parameters[0].kind == kind


def test_a_docstring_never_runs():
    def move(self, value): ...

    move.__doc__ = "Move.\n\nParameters\n----------\nvalue : __import__('os').abort()\n    it"
    assert isinstance(describe(type("Box", (), {"move": move})(), "box").method("move").parameters[0].kind, Anything)


def test_bounds_units_and_strictness_come_from_metadata():
    class Box:
        def call(self, a: Annotated[float, "mL", annotated_types.Gt(0)], b: Annotated[float, {"unit": "°C"}, []] = 1.0): ...

    a, b = describe(Box(), "box").method("call").parameters
    assert (a.unit, a.kind, a.help) == ("mL", Number(minimum=0), "more than 0")
    assert (b.unit, b.kind) == ("°C", Number())


def test_overloads_are_offered_as_variants():
    class Box:
        @typing.overload
        def call(self, a: int) -> int: ...
        @typing.overload
        def call(self, a: str, b: float) -> str: ...
        def call(self, *args): ...

    method = describe(Box(), "box").method("call")
    if hasattr(typing, "get_overloads"):
        assert [[one.name for one in variant] for variant in method.variants] == [["a"], ["a", "b"]]
    assert method.parameters[0].passing == "var_positional"


def test_how_parameters_are_passed_is_kept():
    class Box:
        def call(self, a, /, b, *c: int, d: float = 1.0, **e): ...

    assert [one.passing for one in describe(Box(), "box").method("call").parameters] == [
        "positional", "either", "var_positional", "keyword", "var_keyword",
    ]  # fmt: skip


def test_a_tuple_that_comes_back_has_one_kind_per_item():
    class Box:
        def call(self) -> tuple[float, str]: ...
        async def wait(self) -> tuple[int, int]: ...

    box = describe(Box(), "box")
    assert box.method("call").returns.items == (Number(), Text())
    assert box.method("wait").returns.items == (Integer(), Integer())


def test_names_of_the_class_and_of_the_enclosing_function_are_known():
    class Local(enum.Enum):
        A = 1

    class Box:
        class Mode(enum.Enum):
            ON = 1

        def list(self): ...
        def call(self, mode: Mode, many: list[float]):
            return Local

        def local(self, value: Local):
            return Local

    box = describe(Box(), "box")
    assert isinstance(box.method("call").parameter("mode").kind, EnumChoice)
    assert box.method("call").parameter("many").kind == ListOf(Number())
    assert isinstance(box.method("local").parameter("value").kind, EnumChoice)
