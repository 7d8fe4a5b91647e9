"""A rule holds for the object, by whatever name it is called; and for the value, by whatever reference it is given."""

import itertools
import threading

import pytest

from ivoryos_jupyter.errors import BudgetError, BusyError, InterlockError, LimitError, NotTrustedError, WorkflowError
from ivoryos_jupyter.introspect import LiveDeck, OfflineDeck, names_of
from ivoryos_jupyter.rules import parse_interlock
from ivoryos_jupyter.schema import Budget, Limit, Limits, LiveReference, Source

numbers = itertools.count(1)
"""QCoDeS lets no two instruments of a process have one name."""


class Axis:
    """Moves."""

    def __init__(self) -> None:
        self.moves: list[float] = []

    def move(self, to: float) -> float:
        """Move there."""
        self.moves.append(to)
        return to

    def home(self) -> None:
        """Move back."""


class Stage:
    """Holds axes under several names."""

    def __init__(self) -> None:
        self.x = Axis()
        self.y = Axis()
        self.axes = {"x": self.x, "y": self.y}


@pytest.fixture
def stage():
    return Stage()


@pytest.fixture
def lab(make_ruled_lab, stage, rules):
    made = make_ruled_lab({"stage": stage, "ax": stage.x, "same": stage})
    made.namespace["again"] = made.pump
    made.deck.update(made.namespace)
    made.deck.instrument("again")  # as who writes a step with that name has it described
    made.rules = rules
    return made


NAMES = ["stage.x", "ax", 'stage.axes["x"]', "stage.axes['x']", "same.x"]


@pytest.mark.parametrize("named", NAMES)
@pytest.mark.parametrize("called", NAMES)
def test_a_limit_holds_by_whatever_name_limit_and_call_know_the_object(lab, stage, named, called):
    lab.limits.limits = Limits((Limit(named, "move", "to", maximum=5),))
    with pytest.raises(LimitError, match="above the limit of 5"):
        lab.call(called, "move", to=7.0)
    assert stage.x.moves == []
    assert lab.call("stage.y", "move", to=7.0).result(30) == 7.0


def test_the_limits_of_all_its_names_hold_together(lab):
    lab.limits.limits = Limits((Limit("stage.x", "move", "to", maximum=5), Limit("ax", "move", "to", minimum=3)))
    for to in (7.0, 1.0):
        with pytest.raises(LimitError):
            lab.call("ax", "move", to=to)
    assert lab.call("stage.x", "move", to=4.0).result(30) == 4.0


def test_a_run_is_refused_beforehand_by_the_limit_of_another_name(lab, act, flow):
    lab.limits.limits = Limits((Limit("pump", "dose", "volume", maximum=5),))
    with pytest.raises(WorkflowError, match="above the limit of 5"):
        lab.submit(flow(act("dose", instrument="again", volume=7.0)))
    assert lab.pump.calls == []


def test_a_run_holds_an_instrument_that_it_knows_by_another_name(lab, act, flow):
    handle = lab.submit(flow(act("block", instrument="again")))
    lab.until(lambda: "block" in [name for name, _ in lab.pump.calls])
    with pytest.raises(BusyError, match="holds the instrument"):
        lab.call("pump", "clean")
    lab.pump.gate.set()
    handle.wait(30)


@pytest.mark.parametrize("rule", ["when stage.x.move: require pump.rate > 3", "when ax.*: require pump.rate > 3"])
def test_an_interlock_guards_the_object_by_whatever_name(lab, stage, rule):
    lab.rules.add_interlock(parse_interlock(rule))
    for called in NAMES:
        with pytest.raises(InterlockError, match="does not hold"):
            lab.call(called, "move", to=1.0).result(30)
    assert stage.x.moves == []
    assert lab.call("stage.y", "move", to=1.0).result(30) == 1.0


def test_a_budget_counts_the_object_by_whatever_name_and_any_of_them_sets_it_back(lab, stage):
    budget = Budget((Source("stage.x", "move", "to"),), 5, since="ax.home")
    lab.rules.add_budget(budget)
    lab.call("ax", "move", to=2.0).result(30)
    lab.call("stage.x", "move", to=2.0).result(30)
    assert lab.book.used(budget) == 4
    with pytest.raises(BudgetError):
        lab.call("same.x", "move", to=2.0)
    lab.call("stage.x", "home").result(30)
    assert lab.book.used(budget) == 0
    assert stage.x.moves == [2.0, 2.0]


def test_a_last_result_is_the_objects_by_whatever_name(lab):
    lab.rules.add_interlock(parse_interlock("when pump.dose: require last(stage.x.move) < 3"))
    lab.call("ax", "move", to=2.0).result(30)
    assert lab.call("pump", "dose", volume=1.0).result(30) == 2.0
    lab.call("ax", "move", to=9.0).result(30)
    with pytest.raises(InterlockError, match="does not hold"):
        lab.call("pump", "dose", volume=1.0).result(30)


def test_another_object_under_the_name_is_another_thing(lab, stage):
    lab.limits.limits = Limits((Limit("ax", "move", "to", maximum=5),))
    lab.namespace["ax"] = stage.y
    lab.deck.update(lab.namespace)
    assert lab.call("stage.x", "move", to=7.0).result(30) == 7.0
    with pytest.raises(LimitError):
        lab.call("stage.y", "move", to=7.0)


def test_a_path_that_no_description_tells_is_followed_once_and_no_property_is_read():
    class Shy:
        looks = 0

        def go(self) -> None:
            """Go."""

        @property
        def arm(self) -> object:
            """Asks the hardware."""
            raise AssertionError("it was read")

        def __getattr__(self, name: str) -> object:
            if name != "part":
                raise AttributeError(name)
            self.looks += 1
            return self

    shy = Shy()
    deck = LiveDeck("lab")
    deck.update({"shy": shy})
    before = deck.schema()
    for _ in range(3):
        names = names_of(deck, "shy", "go", shy, ["shy.arm", "shy.part", "shy.gone", "shy", "nobody.there", "not a path", "shy.go"])
        assert names == (("shy", "go"), ("shy.part", "go"))
    assert shy.looks == 1
    assert deck.schema() is before


def test_of_a_description_only_the_spelling_is_known():
    deck = OfflineDeck(LiveDeck("lab").schema())
    thing = deck.thing_at('plate["A1"]')
    named = ["plate['A1']", "plate['B1']", "no path"]
    assert names_of(deck, 'plate["A1"]', "turn", thing, named) == (('plate["A1"]', "turn"), ("plate['A1']", "turn"))


@pytest.fixture
def source(make_ruled_lab, rules):
    """A QCoDeS instrument, one of whose parameters has a name of its own in the notebook."""
    mocks = pytest.importorskip("qcodes.instrument_drivers.mock_instruments")
    dac = mocks.DummyInstrument(f"dac{next(numbers)}", gates=["ch1", "ch2"])
    lab = make_ruled_lab({"dac": dac, "gate": dac.ch1})
    lab.rules = rules
    yield lab
    dac.close()


SETTINGS = [("dac", "ch1", "set", "value"), ("gate", "value", "set", "value"), ("gate", "set", "call", "x")]


@pytest.mark.parametrize("named", [("dac", "ch1_(setter)"), ("gate", "value_(setter)")])
@pytest.mark.parametrize(("path", "member", "operation", "param"), SETTINGS)
def test_a_limit_on_a_property_holds_for_the_object_behind_it(source, named, path, member, operation, param):
    source.limits.limits = Limits((Limit(*named, "value", maximum=5),))
    with pytest.raises(LimitError, match="above the limit of 5"):
        source.call(path, member, operation, **{param: 7.0})
    source.call("dac", "ch2", "set", value=7.0).result(30)
    source.call("gate", "value", "set", value=3.0).result(30)
    assert source.namespace["dac"].ch1() == 3.0


@pytest.mark.parametrize(("path", "member", "operation", "param"), SETTINGS)
def test_interlocks_and_budgets_on_a_property_hold_for_the_object_behind_it(source, path, member, operation, param):
    budget = Budget((Source("dac", "ch1_(setter)", "value"),), 5, since="refilled")
    source.rules.add_budget(budget)
    source.call("gate", "value", "set", value=3.0).result(30)
    assert source.book.used(budget) == 3.0
    with pytest.raises(BudgetError, match="3 are used"):
        source.call(path, member, operation, **{param: 3.0})
    source.rules.add_interlock(parse_interlock("when dac.*: require pump.rate > 3"))
    with pytest.raises(InterlockError, match="does not hold"):
        source.call("dac", "ch1", "set", value=1.0).result(30)
    source.rules.add_interlock(parse_interlock("when set dac.ch1 with value > 0: require pump.rate > 3"))
    with pytest.raises(InterlockError, match="does not hold"):
        source.call(path, member, operation, **{param: 1.0}).result(30)


@pytest.mark.parametrize("value", [LiveReference("cell.volume"), [1.0, LiveReference("cell.volume")]])
def test_a_reference_to_a_value_is_judged_by_the_value_that_is_sent(make_lab, value):
    class Cell:
        volume = 7.0

        def take(self, amount):
            """Take it."""
            return amount

    lab = make_lab({"cell": Cell()})
    assert lab.call("cell", "take", amount=value).result(5) in (7.0, [1.0, 7.0])
    lab.limits.limits = Limits((Limit("cell", "take", "amount", maximum=5),))
    with pytest.raises(LimitError, match="7 is above the limit of 5"):
        lab.call("cell", "take", amount=value)


def test_what_a_reference_stands_for_is_looked_up_once(make_lab):
    class Drifting:
        def __init__(self):
            self.looks = 0

        @property
        def level(self):
            """Rises each time somebody looks."""
            self.looks += 1
            return float(self.looks)

        def take(self, amount):
            """Take it."""
            return amount

    lab = make_lab({"cell": Drifting()})
    lab.limits.limits = Limits((Limit("cell", "take", "amount", maximum=1),))
    assert lab.call("cell", "take", amount=LiveReference("cell.level")).result(5) == 1.0


def test_an_object_that_is_no_number_fails_a_range_and_is_allowed_by_its_reference(make_lab):
    class Arm:
        def grip(self, what):
            """Grip it."""

    lab = make_lab({"arm": Arm()})
    lab.limits.limits = Limits((Limit("arm", "grip", "what", maximum=5),))
    with pytest.raises(LimitError, match="is no number"):
        lab.call("arm", "grip", what=LiveReference("pump"))
    lab.limits.limits = Limits((Limit("arm", "grip", "what", allowed=("pump",)),))
    assert lab.call("arm", "grip", what=LiveReference("pump")).result(5) is None
    with pytest.raises(LimitError, match="other is not allowed"):
        lab.call("arm", "grip", what=LiveReference("other"))


def test_a_part_that_hangs_when_it_is_looked_for_keeps_nobody_from_the_deck():
    class Slow:
        def __init__(self):
            self.asked, self.go_on = threading.Event(), threading.Event()

        def go(self) -> None:
            """Go."""

        def __getattr__(self, name: str) -> object:
            if name != "arm":
                raise AttributeError(name)
            self.asked.set()
            self.go_on.wait(30)
            return self

    slow = Slow()
    deck = LiveDeck("lab")
    deck.update({"slow": slow})
    looking = threading.Thread(target=deck.thing_at, args=("slow.arm",))
    looking.start()
    try:
        assert slow.asked.wait(30)
        resolved = []
        other = threading.Thread(target=lambda: resolved.append(deck.resolve("slow")))
        other.start()
        other.join(30)
        assert resolved == [slow]
    finally:
        slow.go_on.set()
        looking.join(30)


def test_an_instrument_is_trusted_again_by_whichever_of_its_names_the_refusal_says(lab):
    lab.pipeline.gates.distrust(lab.pump, "pump")
    with pytest.raises(NotTrustedError, match=r"ivoryos\.trust\('again'\)"):
        lab.call("again", "dose", volume=1.0)
    assert lab.pipeline.trust("again")
    assert not lab.pipeline.trust("again")
    assert lab.call("again", "dose", volume=1.0).result(30) == 2.0
