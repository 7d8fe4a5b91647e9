"""What comes at the very last moment: a stop while an intent is written, a command between two ends, a part that fails."""

import threading

import pytest

from ivoryos_jupyter.errors import BudgetError, CallStoppedError, RecordsError
from ivoryos_jupyter.introspect import safe_state
from ivoryos_jupyter.journal import Outcome, StepStatus
from ivoryos_jupyter.rules import RulesFile
from ivoryos_jupyter.runner import Band, Call, RuleBook, State, Watches
from ivoryos_jupyter.runner._clock import SystemClock
from ivoryos_jupyter.runner._doers import Doers
from ivoryos_jupyter.schema import Budget, Source
from ivoryos_jupyter.testing import MemoryRecorder
from ivoryos_jupyter.workflow import Constant, Wait


class SlowRecorder(MemoryRecorder):
    """Stands still in one of its writes until the test lets it go on."""

    def __init__(self) -> None:
        super().__init__()
        self.slow = ""
        self.inside = threading.Event()
        self.go_on = threading.Event()

    def _stand(self, what: str) -> None:
        if what == self.slow:
            self.inside.set()
            assert self.go_on.wait(30)

    def intend_step(self, intent, charge=None):
        self._stand("step")
        return super().intend_step(intent, charge)

    def intend_call(self, intent, charge=None):
        self._stand("call")
        return super().intend_call(intent, charge)

    def note(self, event):
        self._stand(event.kind)
        super().note(event)

    def events_after(self, number, kinds):
        found = super().events_after(number, kinds)
        self._stand("events after")
        return found


@pytest.fixture
def slow(make_lab):
    """A laboratory whose records can be made to stand still."""
    lab = make_lab(recorder=SlowRecorder())
    yield lab
    lab.recorder.go_on.set()


@pytest.fixture
def started(slow, monkeypatch):
    """The jobs that were handed to a thread, were it only to be taken back before it began."""
    start, jobs = slow.executor.start, []
    monkeypatch.setattr(slow.executor, "start", lambda job, done: jobs.append(job) or start(job, done))
    return jobs


@pytest.mark.parametrize("how", ["stop", "make safe"])
def test_a_step_whose_intent_is_being_written_is_not_begun_after_a_stop(slow, act, flow, started, how):
    slow.recorder.slow = "step"
    handle = slow.submit(flow(act("dose", volume=1.0)))
    assert slow.recorder.inside.wait(30)
    if how == "stop":
        handle.stop(now=True)
    else:
        slow.runner.make_safe().result(30)
    slow.recorder.go_on.set()
    assert handle.wait(30).outcome is Outcome.STOPPED
    assert started == []
    (step,) = slow.steps()
    assert step.outcome.status is StepStatus.CANCELLED
    assert "not begun" in step.outcome.error
    assert slow.pipeline.untrusted == ()


@pytest.mark.parametrize("how", ["cancel", "make safe"])
def test_a_direct_call_whose_intent_is_being_written_is_not_begun_after_a_stop(slow, started, how):
    slow.recorder.slow = "call"
    handle = slow.call("pump", "dose", volume=1.0)
    assert slow.recorder.inside.wait(30)
    if how == "cancel":
        handle.cancel()
    else:
        slow.runner.make_safe().result(30)
    slow.recorder.go_on.set()
    with pytest.raises(CallStoppedError):
        handle.result(30)
    assert started == []
    slow.until(lambda: all(one.outcome is not None for one in slow.recorder.calls.values()))
    assert slow.pipeline.untrusted == ()


def test_make_safe_that_comes_while_a_stop_is_being_obeyed_keeps_cleanup_from_running(slow, act, flow):
    slow.recorder.slow = "stop"
    handle = slow.submit(flow(Wait(id="w", seconds=Constant(60.0)), cleanup=[act("clean")]))
    slow.wait_for(handle, State.RUNNING)
    slow.until(lambda: handle.status.step is not None)
    handle.stop()
    assert slow.recorder.inside.wait(30)
    slow.runner.make_safe().result(30)
    slow.recorder.go_on.set()
    assert handle.wait(30).outcome is Outcome.STOPPED
    assert slow.pump.calls == []


def test_two_calls_at_once_do_not_share_what_is_left_of_a_budget(slow, tmp_path):
    rules = RulesFile(tmp_path / "rules.json")
    sources = (Source("pump", "dose", "volume"), Source("other", "dose", "volume"))
    rules.add_budget(Budget(sources, 5, since="refilled", unit="mL"))
    book = RuleBook(rules, slow.pipeline)
    duties = []
    for name in ("pump", "other"):
        call = Call(name, "dose", "call", {"volume": 5.0})
        member = slow.deck.member(name, "dose", "call")
        duties.append(book.duty(call, member.method.parameters, {"volume": 5.0}))
    refused = []

    def charge(duty):
        try:
            slow.recorder.charge(duty.charge(None))
        except BudgetError as error:
            refused.append(error)

    slow.recorder.slow = "events after"
    threads = [threading.Thread(target=charge, args=(duty,)) for duty in duties]
    for thread in threads:
        thread.start()
    assert slow.recorder.inside.wait(30)
    slow.recorder.go_on.set()
    for thread in threads:
        thread.join(30)
    assert len(refused) == 1
    assert book.used(rules.current().budgets[0]) == 5.0


class Odd:
    """What a property returns that nothing can be done with."""

    def __repr__(self) -> str:
        raise RuntimeError("no words")


class Gauge:
    """Has such a property."""

    @property
    def reading(self) -> object:
        """Read it."""
        return Odd()


def test_a_snapshot_that_cannot_be_written_down_ends_no_run(make_lab, act, flow):
    lab = make_lab({"gauge": Gauge()})
    lab.pipeline.snapshot = ("gauge.reading",)
    assert lab.run(flow(act("dose", volume=1.0))).outcome is Outcome.COMPLETED
    assert lab.run(flow(act("dose", volume=2.0))).outcome is Outcome.COMPLETED


def test_a_wait_longer_than_the_system_can_wait_is_waited_in_parts(monkeypatch):
    asked = []

    class Inbox:
        def get(self, timeout):
            asked.append(timeout)
            return "message"

    assert SystemClock().receive(Inbox(), 1e12) == "message"
    assert asked[0] <= 86_400


def test_a_run_that_waits_for_its_time_is_looked_at_again_soon(lab, act, flow):
    far = SystemClock().now_us() + 8 * 3600 * 1_000_000
    handle = lab.submit(flow(act("dose", volume=1.0)), not_before_us=far)
    request, again_in = lab.runner.queue.next()
    assert request is None
    assert again_in <= 60
    handle.stop()


class Two:
    """An instrument with a safe state."""

    def __init__(self) -> None:
        self.safe = False

    @safe_state
    def rest(self) -> None:
        """Rest."""
        self.safe = True


def test_a_handler_that_cannot_even_be_started_keeps_no_other_from_being_called(make_lab, monkeypatch):
    first, second = Two(), Two()
    lab = make_lab({"first": first, "second": second})
    start = lab.executor.start

    def broken(job, done):
        if getattr(job.target, "__self__", None) is first:
            raise RuntimeError("can't start new thread")
        return start(job, done)

    monkeypatch.setattr(lab.executor, "start", broken)
    report = lab.runner.make_safe().result(30)
    assert second.safe
    assert [row.outcome for row in report.rows] == ["not reached", "done"]
    assert "can't start new thread" in report.rows[0].error
    assert lab.pipeline.untrusted == ("first",)


def test_a_reset_that_cannot_be_noted_costs_no_outcome(slow, tmp_path, monkeypatch):
    rules = RulesFile(tmp_path / "rules.json")
    rules.add_budget(Budget((Source("pump", "dose", "volume"),), 5, since="pump.clean", unit="mL"))
    slow.pipeline.gates.rules = book = RuleBook(rules, slow.pipeline)
    slow.recorder.slow = "call"
    handle = slow.call("pump", "clean")
    assert slow.recorder.inside.wait(30)

    def away(*_):
        raise RecordsError("away")

    monkeypatch.setattr(book.means.ledger, "reset_by_call", away)
    slow.recorder.go_on.set()
    assert handle.result(30) is None


def test_a_part_that_fails_while_a_run_is_closed_leaves_the_next_run_its_runner(lab, act, flow, monkeypatch):
    def broken(*_):
        raise RuntimeError("no thread left")

    with monkeypatch.context() as patched:
        patched.setattr("ivoryos_jupyter.runner._drive.take_snapshot", broken)
        status = lab.run(flow(act("dose", volume=1.0)))
        assert (status.state, status.outcome) == (State.ENDED, Outcome.FAILED)
        assert "no thread left" in status.error
    assert lab.run(flow(act("dose", volume=2.0))).outcome is Outcome.COMPLETED


def test_a_mistake_of_the_runner_itself_ends_the_run_with_its_cleanup(lab, act, flow, monkeypatch):
    do = Doers.do

    def broken(doers, doing, attempt):
        if doing.arguments.get("volume") == 1.0:
            raise RuntimeError("a mistake of ours")
        return do(doers, doing, attempt)

    monkeypatch.setattr(Doers, "do", broken)
    status = lab.run(flow(act("dose", volume=1.0), cleanup=(act("dose", volume=2.0),)))
    assert (status.state, status.outcome) == (State.ENDED, Outcome.FAILED)
    assert "The runner itself failed: a mistake of ours" in status.error
    assert lab.pump.doses == [2.0]
    status = lab.run(flow(act("dose", volume=3.0), cleanup=(act("dose", volume=1.0),)))
    assert (status.state, status.outcome) == (State.ENDED, Outcome.FAILED)


def test_make_safe_acts_where_the_system_gives_no_further_thread(make_lab, monkeypatch):
    two = Two()
    lab = make_lab({"two": two})
    start = threading.Thread.start

    def broken(thread):
        if thread.name == "ivoryos-make-safe":
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", broken)
    assert lab.runner.make_safe().result(30).rows[0].done
    assert two.safe
    assert lab.runner.make_safe().result(30).rows[0].done


class Boiler:
    """Too hot."""

    @property
    def temperature(self) -> float:
        """Temperature in °C."""
        return 95.0


def test_what_a_watch_does_waits_for_no_record(make_lab):
    lab = make_lab({"boiler": Boiler()})
    acted, go_on = threading.Event(), threading.Event()

    def slow(_reading):
        assert go_on.wait(30)

    lab.recorder.observe = slow
    watches = Watches(lab.pipeline, lambda: None, {})
    try:
        watches.add("boiler", "temperature", 0.05, Band(high=80), lambda _event: acted.set(), 1)
        assert acted.wait(30)
    finally:
        go_on.set()
        assert watches.close()


def test_a_driver_whose_stop_cannot_be_looked_at_is_given_up_all_the_same(lab, act, flow, monkeypatch):
    member = lab.deck.member

    def broken(path, name, operation):
        if name == "stop":
            raise RuntimeError("no")
        return member(path, name, operation)

    lab.pump.stop = None
    lab.pipeline.grace_s = 0.2
    handle = lab.call("pump", "block")
    lab.pump.entered.wait(30)
    monkeypatch.setattr("ivoryos_jupyter.runner._ladder._stop_of", lambda deck, path: broken(path, "stop", "call"))
    handle.cancel()
    with pytest.raises(CallStoppedError):
        handle.result(30)


def test_an_instrument_that_is_gone_when_a_person_goes_on_with_it_is_a_failed_step_and_cleanup_follows(lab, act, flow):
    handle = lab.submit(flow(act("block"), act("dose", volume=1.0), cleanup=[act("clean", instrument="other")]))
    assert lab.pump.entered.wait(30)
    lab.deck.update({**lab.namespace, "pump": type(lab.pump)()})
    lab.pump.gate.set()
    assert lab.wait_for(handle, State.ASKING).question.kind == "rebound"
    lab.deck.update({"other": lab.other})
    handle.answer("continue")
    lab.until(lambda: handle.status.state is State.ENDED or (handle.status.question is not None and handle.status.question.kind == "error"))
    handle.stop()
    handle.wait(30)
    assert lab.other.calls == [("clean", None)]
