"""Several members of a Flag at once are typed as ``READ|WRITE``, and reach the driver as the Flag they are."""

from __future__ import annotations

import enum

import pytest

from ivoryos_jupyter.codegen import parse, render
from ivoryos_jupyter.errors import ConversionError
from ivoryos_jupyter.introspect import LiveDeck, describe
from ivoryos_jupyter.runner import Call, Pipeline, ThreadExecutor
from ivoryos_jupyter.schema import EnumChoice, Limits, deck_from_json, from_text, from_value, to_json, to_text
from ivoryos_jupyter.testing import MemoryRecorder
from ivoryos_jupyter.workflow import Constant, WorkflowDraft


class Access(enum.Flag):
    """What may be done."""

    READ = enum.auto()
    WRITE = enum.auto()
    RUN = enum.auto()


class Speed(enum.Enum):
    """No Flag."""

    SLOW = 1
    FAST = 2


class Door:
    """Keeps what it is told."""

    def __init__(self):
        self.got = []

    def allow(self, access: Access, default: Access = Access.READ | Access.RUN) -> None:
        """Allow."""
        self.got.append(access)

    def go(self, speed: Speed) -> None:
        """Go."""


class NoLimits:
    """Limits of a laboratory that has none."""

    def current(self):
        return Limits()


@pytest.fixture
def kind():
    return describe(Door(), "door").method("allow").parameter("access").kind


@pytest.mark.parametrize("text", ["READ|WRITE", " WRITE | READ ", "WRITE|READ|READ", "1|2"])
def test_several_members_are_typed_with_a_bar_between(kind, text):
    assert from_text(kind, text, field="access") == "READ|WRITE"


def test_one_member_is_typed_as_ever(kind):
    assert from_text(kind, "RUN") == "RUN"
    assert to_text(kind, "READ|WRITE") == "READ|WRITE"


@pytest.mark.parametrize(("value", "plain"), [(Access.READ | Access.RUN, "READ|RUN"), (Access.WRITE, "WRITE"), (~Access.READ, "WRITE|RUN")])
def test_a_live_combination_is_taken_apart(kind, value, plain):
    assert from_value(kind, value) == plain


@pytest.mark.parametrize("text", ["READ|SING", "READ|", "|", "READ WRITE"])
def test_what_is_no_member_is_named(kind, text):
    with pytest.raises(ConversionError, match=r"not a member of Access; .*READ, WRITE, RUN or several, joined by"):
        from_text(kind, text)


def test_an_enum_that_is_no_flag_cannot_be_combined():
    kind = describe(Door(), "door").method("go").parameter("speed").kind
    assert kind == EnumChoice(kind.type_name, kind.members)
    with pytest.raises(ConversionError):
        from_text(kind, "SLOW|FAST")


def test_the_driver_gets_the_flag():
    door, deck = Door(), LiveDeck()
    deck.update({"door": door})
    assert deck_from_json(to_json(deck.schema())) == deck.schema()
    executor = ThreadExecutor()
    pipeline = Pipeline(deck, NoLimits(), MemoryRecorder(), executor, lambda _event: None)
    pipeline.submit(Call("door", "allow", "call", {"access": "WRITE|READ"}, text=True)).result(30)
    pipeline.submit(Call("door", "allow", "call", {"access": Access.RUN | Access.READ})).result(30)
    pipeline.close()
    executor.close()
    assert door.got == [Access.READ | Access.WRITE, Access.READ | Access.RUN]


def test_generated_python_combines_them():
    deck = LiveDeck()
    deck.update({"door": Door()})
    draft = WorkflowDraft("doors", schema=deck.schema())
    draft.script.call("door.allow", Access.READ | Access.WRITE)
    source = render(draft.workflow, deck.schema())
    assert "door.allow(access=Access.READ | Access.WRITE)" in source


def test_python_that_combines_them_is_read_back():
    deck = LiveDeck()
    deck.update({"door": Door()})
    source = "def doors(door):\n    door.allow(access=Access.WRITE | Access.READ)\n"
    (step,) = parse(source, deck.schema()).script
    assert step.arguments == {"access": Constant("READ|WRITE")}
