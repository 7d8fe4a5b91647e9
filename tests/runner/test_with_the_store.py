"""The runner on the real records: what drivers return and print is kept, bounded, and nothing is lost."""

import gc
import threading
import weakref

import pytest

from ivoryos_jupyter.errors import UnknownNameError
from ivoryos_jupyter.journal import Outcome
from ivoryos_jupyter.records import History, open_store
from ivoryos_jupyter.runner import State
from ivoryos_jupyter.testing import NeverReturns, PrintsALot, RaisesBaseException, ReturnsUnpicklable
from ivoryos_jupyter.workflow import AtRun, Constant, Repeat


@pytest.fixture
def real(make_lab, tmp_path):
    """A laboratory on a database on disk."""
    stores = []

    def make(namespace=None, **more):
        stores.append(open_store(tmp_path / "data", ""))
        return make_lab(namespace, recorder=stores[-1], **more)

    yield make
    for store in stores:
        store.close()


def test_a_run_over_a_table_is_kept_on_disk(real, act, flow):
    lab = real()
    status = lab.run(flow(act("dose", volume=AtRun("v"), outputs=("got",)), cleanup=[act("clean")]), rows=({"v": 1.0}, {"v": 2.0}))
    assert status.outcome is Outcome.COMPLETED
    assert lab.recorder.submission(status.key).run_id == status.run_id
    assert lab.recorder.unfinished() == []
    assert not lab.recorder.enqueue(lab.request(flow(act("clean")), key=status.key))


def test_a_run_found_again_in_the_records_says_how_and_when_it_ended(real, act, flow):
    lab = real()
    steps = flow(act("dose", volume=1.0))
    lab.pump.fail_next.append(RuntimeError("syringe empty"))
    first = lab.submit(steps, key="k")
    lab.wait_for(first, State.ASKING)
    first.skip()
    ended = first.wait(30)
    again = real().submit(steps, key="k")
    assert again.existed
    status = again.wait(1)
    assert (status.outcome, status.ended_us, status.run_id) == (Outcome.COMPLETED, ended.ended_us, ended.run_id)
    assert status.sentence == "completed with 1 skipped step"
    assert status.recalled
    assert not ended.recalled


def test_a_run_that_failed_is_found_again_with_its_error(real, act, flow):
    lab = real()
    steps = flow(act("dose", volume=1.0))
    lab.pump.fail_next.append(RuntimeError("syringe empty"))
    first = lab.submit(steps, key="k")
    lab.wait_for(first, State.ASKING)
    first.answer("stop")
    first.wait(30)
    status = real().submit(steps, key="k").status
    assert status.sentence == "failed"
    assert status.error.startswith("syringe empty")


def test_a_value_that_was_changed_for_a_retry_is_marked_in_the_results(real, act, flow):
    lab = real()
    steps = flow(act("dose", volume=AtRun("v"), outputs=("got",)))
    lab.pump.fail_next.append(RuntimeError("syringe empty"))
    run = lab.submit(steps, rows=({"v": 50.0}, {"v": 1.0}))
    lab.wait_for(run, State.ASKING)
    run.retry({"volume": "2"})
    status = run.wait(30)
    history = History(lab.recorder)
    said = "volume=2 instead of 50 (pump.dose)"
    frame = history.outputs(status.run_id)
    assert frame["edited"][0] == said
    assert frame["edited"].isna().tolist() == [False, True]
    assert next(iter(history.events(run=status.run_id, kind="answered")["detail"]))["arguments"] == {"volume": "2"}
    written = next(lab.recorder.folder.results.glob("*.csv")).read_text(encoding="utf-8")
    assert written.splitlines()[0] == "v,got,edited"
    assert said in written
    plain = lab.run(steps, rows=({"v": 1.0},))
    assert "edited" not in history.outputs(plain.run_id)


def test_a_step_retried_unchanged_is_not_marked(real, act, flow):
    lab = real()
    lab.pump.fail_next.append(RuntimeError("syringe empty"))
    run = lab.submit(flow(act("dose", volume=1.0, outputs=("got",))))
    lab.wait_for(run, State.ASKING)
    run.retry()
    assert "edited" not in History(lab.recorder).outputs(run.wait(30).run_id)


def test_drivers_that_misbehave_leave_the_runner_in_command(real, act, flow):
    stuck = NeverReturns()
    lab = real({"loud": PrintsALot(), "odd": ReturnsUnpicklable(), "bad": RaisesBaseException(), "stuck": stuck}, grace_s=0.05)
    handle = lab.submit(
        flow(
            act("chatter", instrument="loud"),
            act("handle", instrument="odd", outputs=("thing",)),
            act("leave", instrument="bad"),
            act("hang", instrument="stuck"),
            cleanup=[act("clean")],
        )
    )
    lab.until(lambda: handle.status.state is State.ASKING, timeout=60)
    assert "SystemExit" in handle.status.question.error
    handle.skip()
    assert stuck.entered.wait(30)
    handle.stop(now=True)
    status = handle.wait(30)
    assert status.outcome is Outcome.STOPPED
    assert (status.counts.done, status.counts.failed, status.counts.abandoned) == (3, 1, 1)
    assert lab.pump.calls == [("clean", None)]
    stuck.let_go()


def test_direct_calls_that_misbehave_are_kept_too(real):
    lab = real({"loud": PrintsALot(), "odd": ReturnsUnpicklable(), "bad": RaisesBaseException()})
    assert lab.call("loud", "chatter", megabytes=1.0).result(30) == 10_000
    lab.call("odd", "handle").result(30)
    with pytest.raises(RuntimeError):
        lab.call("bad", "fail").result(30)
    assert lab.pipeline.unkept == 0


def test_threads_and_objects_stay_flat_over_many_runs(real, act, flow):
    lab = real()
    steps = flow(Repeat(id="r", times=Constant(3), body=(act("dose", volume=1.0, id="a"),)))
    lab.run(steps)
    threads = threading.active_count()
    for _ in range(30):
        lab.run(steps)
    assert threading.active_count() == threads


def test_an_instrument_that_is_gone_is_kept_alive_by_nobody(real):
    class Device:
        def go(self) -> int:
            return 1

    lab = real()
    device = Device()
    lab.deck.update({**lab.namespace, "device": device})
    assert lab.call("device", "go").result(30) == 1
    lab.deck.update(lab.namespace)
    gone = weakref.ref(device)
    del device
    lab.call("pump", "clean").result(30)
    gc.collect()
    assert gone() is None


def test_a_notebooks_queue_is_left_to_it_until_somebody_says_so(real, act, flow):
    left = real()
    left.runner.queue.hold("not yet")
    for number in (1, 2):
        left.submit(flow(act("dose", volume=float(number))), key=f"k{number}", notebook="bench/left.ipynb")
    left.recorder.close()
    right = real()
    right.runner.restore("right.ipynb")
    queue = right.runner.queue
    assert (list(queue.entries), queue.on_hold) == ([], False)
    with pytest.raises(UnknownNameError, match=r"did you mean bench/left\.ipynb"):
        queue.take_up("lef.ipynb")
    assert not queue.on_hold
    queue.take_up("left.ipynb")
    assert [one.request.key for one in queue.entries] == ["k1", "k2"]
    assert "left.ipynb" in queue.reason
    right.runner.remove("k1")
    assert right.pump.doses == []
    queue.release()
    assert right.runner.handle("k2").wait(30).outcome is Outcome.COMPLETED
    assert right.pump.doses == [2.0]
