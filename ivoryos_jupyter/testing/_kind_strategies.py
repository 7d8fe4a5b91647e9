"""Random kinds, each with the plain values it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from hypothesis import strategies as st

from ivoryos_jupyter.schema import (
    Boolean,
    Default,
    DictOf,
    EnumChoice,
    EnumMember,
    Integer,
    ListOf,
    LiteralChoice,
    Live,
    LiveReference,
    Nullable,
    Number,
    OneOf,
    Parameter,
    Record,
    Special,
    Temporal,
    Text,
    TupleOf,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import SearchStrategy

    from ivoryos_jupyter.schema import Kind, Plain

    Pair = tuple[Kind, SearchStrategy[Plain]]

TEXTS = st.text(max_size=12)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
INTEGERS = st.integers(-(10**20), 10**20)
SPEED = EnumChoice("lab:Speed", (EnumMember("SLOW", "slow"), EnumMember("FAST", "None")))


def _scalars() -> Iterator[tuple[Kind, SearchStrategy[object]]]:
    yield Boolean(), st.booleans()
    yield Integer(), INTEGERS
    yield Number(), NUMBERS
    yield Text(), TEXTS
    yield SPEED, st.sampled_from(["SLOW", "FAST"])
    yield LiteralChoice((1, "1", "a,b", True, 2.5)), st.sampled_from([1, "1", "a,b", True, 2.5])
    yield Temporal("datetime"), st.datetimes().map(lambda moment: moment.isoformat())
    yield Temporal("date"), st.dates().map(lambda moment: moment.isoformat())
    yield Temporal("time"), st.times().map(lambda moment: moment.isoformat())
    yield Temporal("timedelta"), st.timedeltas().map(lambda span: span.total_seconds())
    yield Special("path"), st.sampled_from(["a/b", "C:\\x", " x "])
    yield Special("bytes"), st.binary(max_size=9).map(repr)
    yield Special("decimal"), st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str)
    yield Special("complex"), st.complex_numbers(allow_nan=False, allow_infinity=False).map(lambda number: repr(number).strip("()"))
    yield Special("ndarray"), st.lists(st.lists(NUMBERS, min_size=2, max_size=2), max_size=3)
    yield Live("lab:Well"), st.sampled_from(['plate["A1"]', "stage.x", "a[0].b"]).map(LiveReference)


_SCALARS: list[SearchStrategy[Pair]] = [st.just((kind, cast("SearchStrategy[Plain]", values))) for kind, values in _scalars()]


def _wider(pairs: SearchStrategy[Pair]) -> SearchStrategy[Pair]:
    return st.one_of(
        pairs.map(lambda pair: (ListOf(pair[0]), st.lists(pair[1], max_size=3))),
        pairs.map(lambda pair: (ListOf(pair[0], "tuple"), st.lists(pair[1], max_size=3))),
        pairs.map(lambda pair: (DictOf(Text(), pair[0]), st.dictionaries(TEXTS, pair[1], max_size=3))),
        pairs.map(lambda pair: (Nullable(pair[0]), st.none() | pair[1])),
        st.tuples(pairs, pairs).map(lambda two: (TupleOf((two[0][0], two[1][0])), st.tuples(two[0][1], two[1][1]).map(list))),
        st.tuples(pairs, pairs).map(_record),
    )


def _record(two: tuple[Pair, Pair]) -> Pair:
    (first, firsts), (second, seconds) = two
    fields = (Parameter("first", first, "keyword"), Parameter("second", second, "keyword", Default("…")))
    values = st.fixed_dictionaries({"first": firsts}, optional={"second": seconds})
    return Record("lab:Settings", fields), values


def _nullables_flat(pair: Pair) -> Pair:
    kind, values = pair
    return (kind.kind, values) if isinstance(kind, Nullable) and isinstance(kind.kind, Nullable) else (kind, values)


PAIRS = st.recursive(st.one_of(_SCALARS), lambda inner: _wider(inner).map(_nullables_flat), max_leaves=4)
"""A kind and a strategy for its plain values."""

KINDS_AND_VALUES = PAIRS.flatmap(lambda pair: st.tuples(st.just(pair[0]), pair[1]))
KINDS = PAIRS.map(lambda pair: pair[0])

UNION_MEMBERS = st.lists(
    st.one_of(_SCALARS).filter(lambda pair: pair[0].tag not in {"special", "live"}),
    min_size=2,
    max_size=4,
    unique_by=lambda pair: pair[0].tag,
)


def _union(pairs: list[Pair]) -> SearchStrategy[tuple[Kind, Plain]]:
    return st.tuples(st.just(OneOf(tuple(kind for kind, _values in pairs))), st.one_of([values for _kind, values in pairs]))


UNIONS_AND_VALUES = UNION_MEMBERS.flatmap(_union)

_KEYS = st.text(max_size=8) | st.sampled_from(["$live", "$dict", "$number"])
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(LiveReference("a.b")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=12,
)
"""Plain values, with keys that look like marks."""
