"""Which instruments are guarded, what the notebook's names stand for then, and which ways lead around."""

from __future__ import annotations

import functools
import json
import threading

import pytest

from ivoryos_jupyter.errors import CommandError, LimitError, SafetyFileError, UnknownNameError
from ivoryos_jupyter.introspect import is_stand_in, original
from ivoryos_jupyter.testing import Pump, Reactor
from ivoryos_jupyter.workflow import Action, Constant, Workflow


class Axis:
    """One axis."""

    def __init__(self, name):
        self.name = name
        self.at = 0.0

    def move(self, to: float) -> float:
        """Move."""
        self.at = to
        return to


class Stage:
    """Has axes in every way."""

    def __init__(self):
        self.x = Axis("x")
        self.axes = [Axis("0"), Axis("1")]
        self.named = {"up": Axis("up")}
        self.limits = [0.0, 1.0]

    def axis(self, at: int) -> Axis:
        """Return one."""
        return self.axes[at]

    def all(self) -> list[Axis]:
        """Return all."""
        return self.axes


class Holder:
    """Keeps another instrument."""

    def __init__(self, kept):
        self.kept = kept

    def use(self) -> float:
        """Use it."""
        return self.kept.dispense(1.0)


@pytest.fixture
def lab(open_notebook):
    return open_notebook(pump=Pump(time_scale=0), reactor=Reactor(time_scale=0))


def test_every_name_of_the_object_is_bound_to_its_stand_in(lab):
    lab.names["second"] = lab.names["pump"]
    lab.after_cell()
    (stand_in,) = lab.guard.guard("pump")
    assert lab.names["pump"] is lab.names["second"] is stand_in
    assert not is_stand_in(lab.names["reactor"])
    assert lab.guard.names == ("pump",)


def test_the_deck_does_not_notice(lab):
    before = lab.deck.schema()
    generation = lab.deck.generation("pump")
    lab.guard.guard()
    assert not lab.deck.update(lab.names)
    assert lab.deck.schema() is before
    assert lab.deck.generation("pump") == generation
    assert not is_stand_in(lab.deck.resolve("pump"))
    lab.guard.unguard("pump")
    assert not lab.deck.update(lab.names)
    assert lab.deck.generation("pump") == generation


def test_a_run_under_way_goes_on_when_its_instrument_is_guarded(lab):
    started, gate = threading.Event(), threading.Event()
    real = lab.names["pump"]
    refill = real.refill
    real.refill = lambda: (started.set(), gate.wait(5), refill())[2]
    lab.after_cell()
    steps = [
        Action(id="a", instrument="pump", method="refill"),
        Action(id="b", instrument="pump", method="dispense", arguments={"volume_ml": Constant(1.0)}),
    ]
    handle = lab.submit(Workflow(name="w", script=tuple(steps)))
    assert started.wait(30)
    lab.guard.guard()
    lab.after_cell()
    gate.set()
    assert handle.wait(30).outcome.value == "completed"
    assert [one.kind for one in lab.recorder.events if one.kind == "rebound"] == []


def test_unguarding_gives_the_names_back(lab):
    real = lab.names["pump"]
    lab.guard.guard()
    lab.guard.unguard(lab.names["pump"])
    assert lab.names["pump"] is real
    assert lab.guard.names == ("reactor",)
    lab.guard.unguard()
    assert lab.guard.names == ()
    assert not is_stand_in(lab.names["reactor"])


def test_a_name_that_means_another_object_now_is_told_once_and_one_that_was_unguarded_or_deleted_is_not(lab):
    lab.guard.guard()
    assert lab.guard.lost() == ()
    lab.names["pump"] = Pump(time_scale=0)
    del lab.names["reactor"]
    lab.after_cell()
    assert lab.guard.lost() == ("pump",)
    assert lab.guard.lost() == ()
    lab.guard.guard("pump")
    assert lab.guard.lost() == ()
    lab.guard.unguard("pump")
    assert lab.guard.lost() == ()


def test_always_guards_what_comes_later_and_is_remembered(lab, open_notebook, tmp_path):
    lab.guard.guard_always(always=True)
    assert lab.guard.names == ("pump", "reactor")
    lab.names["pump"] = Pump(time_scale=0)
    lab.names["third"] = Pump(time_scale=0)
    lab.after_cell()
    assert lab.guard.names == ("pump", "reactor", "third")
    assert is_stand_in(lab.names["pump"])
    assert lab.names["pump"].dispense(1.0) == 9.0
    next_session = open_notebook(pump=Pump())
    assert next_session.guard.always
    assert is_stand_in(next_session.names["pump"])
    assert json.loads((tmp_path / "guard.json").read_text()) == {"always": True}
    lab.guard.unguard()
    assert not lab.guard.always
    assert not open_notebook(pump=Pump()).guard.always


def test_what_cannot_be_remembered_is_refused_and_changes_nothing(lab, tmp_path):
    (tmp_path / "guard.json").mkdir()
    with pytest.raises(SafetyFileError, match=r"guard\.json cannot be written .*stays as it was"):
        lab.guard.guard_always(always=True)
    assert not lab.guard.always
    assert lab.guard.names == ()
    (tmp_path / "guard.json").rmdir()
    lab.guard.unguard()
    assert not (tmp_path / "guard.json").exists()


def test_one_instrument_may_be_let_be_while_all_others_are_guarded(lab):
    lab.guard.guard_always(always=True)
    lab.guard.unguard("pump")
    lab.after_cell()
    assert lab.guard.names == ("reactor",)
    lab.guard.guard("pump")
    lab.after_cell()
    assert lab.guard.names == ("pump", "reactor")


def test_a_setting_that_cannot_be_read_guards_everything(open_notebook, tmp_path, caplog):
    (tmp_path / "guard.json").write_text("{", encoding="utf-8")
    lab = open_notebook(pump=Pump())
    assert lab.guard.names == ("pump",)
    assert "cannot be read" in caplog.text


def test_a_name_that_is_bound_again_is_unguarded_until_it_is_guarded_again(lab):
    lab.guard.guard()
    lab.names["pump"] = Pump(time_scale=0)
    lab.after_cell()
    assert lab.guard.names == ("reactor",)
    del lab.names["reactor"]
    lab.after_cell()
    assert lab.guard.names == ()


def test_parts_of_a_guarded_instrument_are_guarded(open_notebook):
    lab = open_notebook(stage=Stage())
    lab.limit("stage.x", "move", "to", maximum=5)
    lab.limit("stage.axes[1]", "move", "to", maximum=5)
    lab.limit('stage.named["up"]', "move", "to", maximum=5)
    lab.guard.guard()
    stage = lab.names["stage"]
    assert stage.x is stage.x
    assert isinstance(stage.x, Axis)
    ways = [
        stage.x,
        stage.axes[1],
        list(stage.axes)[1],
        next(iter(reversed(list(stage.axes)))),
        stage.axes[-1:][0],
        stage.axis(1),
        stage.all()[1],
        stage.named["up"],
        stage.named.get("up"),
        *stage.named.values(),
        *(axis for _, axis in stage.named.items()),
    ]
    for axis in ways:
        with pytest.raises(LimitError):
            axis.move(9)
    assert stage.x.move(2) == 2
    assert stage.limits is original(stage).limits
    assert isinstance(stage.axes, list)
    assert len(stage.axes) == 2
    stage.axes.append(Axis("2"))
    assert len(original(stage).axes) == 3


def test_a_part_is_guarded_with_its_instrument_only(open_notebook):
    lab = open_notebook(stage=Stage())
    with pytest.raises(CommandError, match=r"guard\(stage\)"):
        lab.guard.guard(lab.names["stage"].x)


def test_the_ways_around_are_named(open_notebook):
    pump = Pump(time_scale=0)

    def closed_over():
        return pump

    def by_default(which=pump):
        return which

    lab = open_notebook(
        pump=pump,
        handler=Holder(pump),
        devices=[1, pump],
        table={"a": [pump]},
        bound=pump.dispense,
        later=functools.partial(print, pump),
        closed_over=closed_over,
        by_default=by_default,
        nothing=[3],
    )
    lab.guard.guard("pump")
    assert set(lab.guard.ways_around) == {
        "handler.kept holds pump itself",
        "devices[1] holds pump itself",
        "table['a'][0] holds pump itself",
        "bound.__self__ holds pump itself",
        "later.args[0] holds pump itself",
        "closed_over() by its closure over pump holds pump itself",
        "by_default() by default 1 holds pump itself",
    }


def test_what_holds_the_stand_in_is_no_way_around(lab):
    lab.guard.guard()
    lab.names["handler"] = Holder(lab.names["pump"])
    lab.names["devices"] = [lab.names["pump"]]
    lab.after_cell()
    assert lab.guard.ways_around == ()
    assert lab.names["handler"].use() == 9.0
    assert [name for name, _, _ in lab.calls] == ["pump.dispense"]


def test_a_long_list_and_a_circle_end(lab):
    circle = []
    circle.append(circle)
    lab.names |= {
        "circle": circle,
        "long": list(range(100_000)),
        "deep": functools.reduce(lambda inner, _: [inner], range(50), lab.names["pump"]),
    }
    lab.guard.guard()
    assert lab.guard.ways_around == ()


def test_asking_for_what_is_not_guarded_says_how_to_guard_it(lab):
    with pytest.raises(UnknownNameError, match=r"guard\(pump\)"):
        lab.guard.stand_in("pump")
    with pytest.raises(UnknownNameError, match="no instrument 'pmp'"):
        lab.guard.guard("pmp")


def test_earlier_results_are_left_to_ipython_and_named(lab):
    lab.names |= {"_": lab.names["pump"], "_3": lab.names["pump"], "Out": {3: lab.names["pump"]}}
    lab.guard.guard("pump")
    assert not is_stand_in(lab.names["_3"])
    assert lab.guard.ways_around == ("_ is pump itself", "_3 is pump itself", "Out[3] holds pump itself")
