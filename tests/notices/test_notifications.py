"""Who is told, when, and what is kept of it."""

from __future__ import annotations

import threading

import pytest

from ivoryos_jupyter.errors import ConversionError, UnknownNameError
from ivoryos_jupyter.notices import Notice
from ivoryos_jupyter.workflow import OnError


def test_a_question_is_told_with_what_is_asked_and_where(lab, inbox):
    lab.tell.add(inbox.put, name="lamp")
    run = lab.asking()
    (notice,) = inbox.wait(1)
    assert (notice.kind, notice.run, notice.run_id, notice.run_key) == ("wait", "night", run.id, run.key)
    assert (notice.question, notice.question_id, notice.choices) == ("look at the vial", run.status.question.id, ("continue", "stop"))
    assert (notice.operator, notice.notebook) == ("ada", "night.ipynb")
    assert notice.host
    assert notice.title == "night waits for you: look at the vial"
    assert "Choices: continue, stop" in notice.text
    assert notice.at.tzinfo is not None
    run.answer("continue")
    run.wait(30)
    assert [one.kind for one in inbox.wait(2)] == ["wait", "end"]


def test_a_value_is_told_with_what_to_choose_from(lab, inbox):
    lab.tell.add(inbox.put, name="lamp")
    flow = lab.flow()
    flow.script.input("Which solvent?", save="solvent", choices=("water", "ethanol"))
    run = flow.submit()
    (notice,) = inbox.wait(1)
    assert notice.options == ("water", "ethanol")
    assert "Value: water, ethanol" in notice.text
    run.answer("value", "water")
    run.wait(30)


def test_a_failed_step_is_told_once_with_its_arguments_and_the_drivers_words(lab, inbox):
    lab.tell.add(inbox.put, on=("wait", "error"), name="lamp")
    flow = lab.flow()
    flow.script.call("pump.dispense", volume_ml=40.0)
    run = flow.submit()
    (notice,) = inbox.wait(1)
    assert (notice.kind, notice.step, dict(notice.arguments)) == ("error", "pump.dispense", {"volume_ml": "40.0"})
    assert notice.error.startswith("refill first")
    assert "\n" not in notice.error
    run.stop(cleanup=False)
    assert run.wait(30).outcome.value == "failed"
    lab.session.relay.flush(30)
    assert len(inbox.arrived) == 1


def test_a_step_that_fails_also_reaches_who_only_wants_to_know_when_a_run_waits(lab, inbox):
    lab.tell.add(inbox.put, on="wait", name="lamp")
    flow = lab.flow()
    flow.script.call("pump.dispense", volume_ml=40.0)
    run = flow.submit()
    assert inbox.wait(1)[0].kind == "wait"
    run.skip()
    assert run.wait(30).outcome.value == "completed"


def test_a_run_that_an_error_ends_is_told_as_an_end_and_else_as_an_error(lab, inbox):
    lab.tell.add(lambda notice: inbox.put(("ends", notice)), on="end", name="ends")
    lab.tell.add(lambda notice: inbox.put(("errors", notice)), on="error", name="errors")
    flow = lab.flow()
    flow.script.call("pump.dispense", volume_ml=40.0, options={"on_error": OnError("fail")})
    flow.submit().wait(30)
    told = dict(inbox.wait(2))
    assert (told["ends"].kind, told["errors"].kind) == ("end", "error")
    assert told["errors"].error.startswith("refill first")
    assert told["ends"].title.startswith("night: failed")


def test_what_stands_when_somebody_is_named_is_no_news(lab, inbox):
    run = lab.asking()
    lab.tell.add(inbox.put, on=("wait", "end"), name="lamp")
    run.answer("continue")
    run.wait(30)
    assert [one.kind for one in inbox.wait(1)] == ["end"]


def test_whoever_is_told_stands_in_the_records_of_the_run(lab, inbox, until):
    lab.tell.add(inbox.put, on="wait", name="lamp")
    run = lab.asking()
    (row,) = until(lambda: lab.notified(run))
    assert (row["who"], row["about"], row["ok"], row["problem"]) == ("lamp", "wait", True, "")
    run.answer("continue")
    run.wait(30)


def test_a_handler_that_fails_touches_neither_the_run_nor_the_others(lab, inbox, until):
    def broken(notice):
        raise SystemExit("no such lamp")

    lab.tell.add(broken, on="wait")
    lab.tell.add(inbox.put, on="wait", name="works")
    run = lab.asking()
    inbox.wait(1)
    until(lambda: len(lab.notified(run)) == 2)
    failed = next(row for row in lab.notified(run) if row["who"] == "broken")
    assert (failed["ok"], failed["problem"]) == (False, "no such lamp")
    run.answer("continue")
    assert run.wait(30).outcome.value == "completed"
    again = lab.asking()
    inbox.wait(2)
    again.answer("continue")
    again.wait(30)


def test_a_handler_that_hangs_is_left_on_its_thread_and_told_nothing_until_it_returns(lab, inbox, until):
    gate = threading.Event()

    def hangs(notice):
        gate.wait(30)
        inbox.put(notice)

    try:
        entry = lab.tell.add(hangs, on="wait", deadline_s=0.1)
        lab.tell.add(lambda _: None, on="wait", name="works")
        run = lab.asking()
        until(lambda: "has not returned within 0.1 s" in lab.problem("hangs"))
        assert entry.broken
        until(lambda: lab.state("works") == "told")
        run.answer("continue")
        assert run.wait(30).outcome.value == "completed"
        second = lab.asking()
        until(lambda: lab.problem("hangs") == "it has not returned from an earlier notice")
        second.answer("continue")
        second.wait(30)
    finally:
        gate.set()
    assert [one.run for one in inbox.wait(1)] == ["night"]
    until(lambda: not entry.broken)
    third = lab.asking()
    inbox.wait(2)
    third.answer("continue")
    third.wait(30)


def test_a_session_closes_although_a_handler_hangs(open_lab):
    gate = threading.Event()
    lab = open_lab()
    entry = lab.tell.add(lambda _: gate.wait(30), on="wait", name="hangs", deadline_s=0.1)
    run = lab.asking()
    while not entry.broken:
        threading.Event().wait(0.01)
    run.answer("continue")
    run.wait(30)
    lab.session.close()
    gate.set()


def test_a_handler_that_is_far_behind_is_told_no_more(lab, inbox, until):
    gate, entered = threading.Event(), threading.Event()

    def slow(_):
        entered.set()
        gate.wait(30)

    try:
        entry = lab.tell.add(slow, on="end")
        for number in range(60):
            entry.teller.tell(Notice("end", "t", "t", 0), 1000 + number)
        until(lambda: lab.state("slow") == "failed")
        assert "50 notices wait for it already" in lab.problem("slow")
    finally:
        gate.set()


def test_the_end_that_closing_the_notebook_brings_is_told(open_lab, inbox):
    lab = open_lab()
    lab.tell.add(inbox.put, on="end", name="lamp")
    lab.asking()
    lab.session.close()
    assert inbox.arrived[-1].title.startswith("night: stopped")


def test_a_run_taken_out_of_the_queue_is_no_news(lab, inbox):
    lab.tell.add(inbox.put, name="lamp")
    run = lab.asking()
    waiting = lab.flow("second")
    waiting.script.comment("later")
    waiting.submit().stop()
    run.answer("continue")
    run.wait(30)
    assert {one.run for one in inbox.wait(2)} == {"night"}


def test_make_safe_is_told_once_with_what_was_reached(lab, inbox):
    lab.tell.add(inbox.put, on="make safe", name="lamp")
    lab.session.runner.make_safe()
    (notice,) = inbox.wait(1)
    assert notice.kind == "safe"
    assert notice.title.startswith("Make safe was asked for: ")
    assert "whether the hardware is safe" in notice.text


def test_a_waiting_run_that_cannot_begin_is_told_once(open_lab, inbox, until):
    first = open_lab()
    first.session.runner.queue.hold()
    flow = first.flow()
    flow.script.call("pump.dispense", volume_ml=1.0)
    flow.submit()
    first.session.close()
    lab = open_lab()
    lab.names.clear()
    lab.session.refresh()
    lab.tell.add(inbox.put, on="error", name="lamp")
    lab.session.runner.queue.release()
    (notice,) = inbox.wait(1)
    assert notice.title.startswith("night could not begin: ")
    lab.session.runner.queue.release()
    until(lambda: lab.session.runner.queue.on_hold)
    lab.session.relay.flush(30)
    assert len(inbox.arrived) == 1


# Escalation


@pytest.fixture
def let_pass(lab, monkeypatch):
    """Lets the minutes pass that notices wait for an answer."""
    waiting = []
    later = lab.tell._later
    monkeypatch.setattr(lab.tell, "_later", lambda seconds, errand: waiting.append(errand) if seconds >= 60 else later(seconds, errand))
    return lambda: [errand() for errand in waiting]


def test_the_boss_is_told_once_a_question_has_been_open_for_so_long(lab, inbox, until, let_pass):
    lab.tell.add(inbox.put, on="wait", after_s=60, name="boss")
    run = lab.asking()
    (later,) = until(lambda: lab.tell.about(run.status.question.id))
    assert (later.who, later.state) == ("boss", "later")
    let_pass()
    assert inbox.wait(1)[0].question_id == run.status.question.id
    run.answer("continue")
    run.wait(30)


def test_the_boss_sleeps_when_it_is_answered_before(lab, inbox, until, let_pass):
    lab.tell.add(inbox.put, on="wait", after_s=60, name="boss")
    lab.tell.add(inbox.put, on="end", name="lamp")
    first = lab.asking()
    question = first.status.question.id
    until(lambda: lab.tell.about(question))
    first.answer("continue")
    first.wait(30)
    inbox.wait(1)
    assert until(lambda: not lab.tell.about(question)) is True
    second = lab.asking()
    until(lambda: lab.tell.about(second.status.question.id))
    let_pass()
    assert [one.kind for one in inbox.wait(2)] == ["end", "wait"]
    second.answer("continue")
    second.wait(30)
    assert [one.kind for one in inbox.wait(3)] == ["end", "wait", "end"]


def test_a_question_is_told_again_as_long_as_it_is_open(lab, inbox, monkeypatch):
    monkeypatch.setattr("ivoryos_jupyter.notices._options.LEAST_EVERY_S", 0.05)
    lab.tell.add(inbox.put, on="wait", every_s=0.05, name="lamp")
    run = lab.asking()
    first, second, third = inbox.wait(3)[:3]
    assert [one.told_before for one in (first, second, third)] == [0, 1, 2]
    assert second.title == third.title == f"Still open: {first.title}"
    run.answer("continue")
    run.wait(30)


# The list


def test_a_cell_that_is_run_twice_names_its_handler_once(lab):
    def lamp(notice):
        """Shine."""

    first = lamp

    def cell():
        def lamp(notice):
            """Shine more."""

        lamp.__qualname__ = first.__qualname__
        return lamp

    lab.tell.add(first)
    lab.tell.add(cell())
    assert [one.name for one in lab.tell] == ["lamp"]
    lab.tell.add(first, on="end")
    assert [one.name for one in lab.tell] == ["lamp", "lamp (2)"]


def test_the_same_name_takes_the_place(lab, inbox):
    lab.tell.add(lambda _: inbox.put("old"), on="end", name="lamp")
    lab.tell.add(lambda _: inbox.put("new"), on="end", name="lamp")
    flow = lab.flow()
    flow.script.comment("nothing")
    flow.submit().wait(30)
    assert inbox.wait(1) == ["new"]


def test_whoever_is_removed_is_told_nothing(lab, inbox):
    entry = lab.tell.add(lambda _: inbox.put("removed"), name="lamp")
    lab.tell.add(lambda _: inbox.put("stays"), on="end", name="stays")
    entry.remove()
    with pytest.raises(UnknownNameError, match="'stays'"):
        lab.tell.remove("lamp")
    flow = lab.flow()
    flow.script.comment("nothing")
    flow.submit().wait(30)
    assert inbox.wait(1) == ["stays"]


def test_a_test_reaches_everybody_and_says_what_came_of_it(lab, inbox):
    lab.tell.add(inbox.put, on="end", name="lamp")

    def broken(notice):
        raise OSError("no route")

    lab.tell.add(broken, on="wait")
    text = repr(lab.tell.test())
    assert [one.kind for one in inbox.arrived] == ["test"]
    assert "told" in text.splitlines()[0]
    assert "FAILED" in text.splitlines()[1]
    assert "no route" in text.splitlines()[1]


def test_a_name_that_nobody_has_is_refused_with_those_there_are(lab):
    lab.tell.add(lambda _: None, name="lamp")
    for ask in (lab.tell.__getitem__, lab.tell.remove, lab.tell.test):
        with pytest.raises(UnknownNameError, match="Nobody called 'lmp' is told; there is: 'lamp'"):
            ask("lmp")


def test_an_empty_list_says_how_to_begin(lab):
    assert "ivoryos.notify(" in repr(lab.tell)
    assert "ivoryos.notify(" in lab.tell._repr_html_()


def test_names_with_markup_show_as_text(lab):
    lab.tell.add(lambda _: None, name="<script>alert(1)</script>")
    assert "<script>" not in lab.tell._repr_html_()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"handler": "ada@example.org"}, "service://"),
        ({"handler": 3}, "give a function"),
        ({"handler": lambda _: None}, "give it one"),
        ({"on": ()}, "name some of wait"),
        ({"on": ("wait", "lunch")}, "name some of wait"),
        ({"on": "test"}, "name some of wait"),
        ({"after_s": -1}, "0 or more"),
        ({"after_s": float("nan")}, "0 or more"),
        ({"after_s": True}, "0 or more"),
        ({"after_s": 60}, "say on='wait', not end"),
        ({"every_s": 0.01, "on": "wait"}, "1 or more"),
        ({"deadline_s": 0}, "0.1 or more"),
        ({"on": "kernel died"}, "ends with the kernel"),
        ({"remember": True}, "cannot be remembered"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_field(lab, given, says):
    def lamp(notice):
        """Shine."""

    with pytest.raises(ConversionError, match=says) as refused:
        lab.tell.add(**{"handler": lamp, **given})
    assert refused.value.problems[0].field in {*given, "handler"}
    assert len(lab.tell) == 0


def test_a_coroutine_is_refused(lab):
    async def lamp(notice):
        """Shine."""

    with pytest.raises(ConversionError, match="plain function"):
        lab.tell.add(lamp)
