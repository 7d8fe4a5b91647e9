"""What stands for a return fits its kind: it can be given to a parameter of the same kind."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from ivoryos_jupyter.runner.rehearsal._sources import revived
from ivoryos_jupyter.runner.rehearsal._stand_ins import Member, stand_in
from ivoryos_jupyter.schema import EnumChoice, EnumMember, LiteralChoice, Number, from_value
from ivoryos_jupyter.testing._kind_strategies import KINDS


def chance(seed):
    return Random(seed)  # noqa: S311 - chance, no secret


@given(KINDS, st.integers(0, 3))
@settings(max_examples=150, deadline=None)
def test_what_stands_for_a_kind_converts_to_it(kind, seed):
    made = stand_in(kind)
    from_value(kind, made.draw(chance(seed)), live=True)
    assert made.words


def test_a_member_of_an_enum_is_equal_to_its_name_and_to_its_value():
    speed = EnumChoice("lab:Speed", (EnumMember("SLOW", "slow"), EnumMember("FAST", "fast")))
    drawn = stand_in(speed).draw(chance(0))
    assert drawn in {"SLOW", "FAST"}
    slow = Member.of(speed.members[0])
    assert slow == "SLOW"
    assert slow == "slow"
    assert slow != "FAST"
    assert from_value(speed, slow) == "SLOW"


def test_choices_and_bounds_are_drawn_from():
    drawn = {stand_in(LiteralChoice(("off", "on"))).draw(chance(seed)) for seed in range(20)}
    assert drawn == {"off", "on"}
    numbers = [stand_in(Number(minimum=2.0, maximum=3.0)).draw(chance(seed)) for seed in range(20)]
    assert all(2 <= one <= 3 for one in numbers)
    assert len(set(numbers)) > 1


def test_recorded_members_and_records_become_what_expressions_can_use():
    assert revived({"$enum": "lab:Mode", "name": "HEAT", "value": "heat"}) == "heat"
    assert revived({"$record": "lab:Charge", "fields": {"mass": 2.5}}) == {"mass": 2.5}
    assert revived([1, {"a": (2,)}]) == [1, {"a": (2,)}]
