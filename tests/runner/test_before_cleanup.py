"""A stop that comes between the script and cleanup ends in cleanup, at whatever moment it comes."""

from __future__ import annotations

import pytest

from ivoryos_jupyter.journal import Outcome
from ivoryos_jupyter.runner import State
from ivoryos_jupyter.testing import MemoryRecorder


class Told(MemoryRecorder):
    """Says when the beginning of cleanup is about to be written."""

    def begin_phase(self, phase):
        if phase.phase == "cleanup":
            self.before_cleanup()
        return super().begin_phase(phase)


@pytest.fixture
def slow(make_lab):
    return make_lab(recorder=Told())


@pytest.mark.parametrize("how", [{"now": True}, {"after": "step"}, {"after": "row"}])
def test_a_stop_given_while_the_beginning_of_cleanup_is_written_ends_in_cleanup(slow, act, flow, how):
    handles = []
    slow.recorder.before_cleanup = lambda: handles[0].stop(**how)
    handles.append(slow.submit(flow(act("block"), cleanup=[act("clean")])))
    slow.pump.gate.set()
    assert handles[0].wait(30).outcome is Outcome.COMPLETED
    assert slow.pump.calls[-1] == ("clean", None)


def test_a_second_stop_given_while_the_beginning_of_cleanup_is_written_ends_in_cleanup(slow, act, flow):
    handle = slow.submit(flow(act("block"), act("dose", volume=9.0), cleanup=[act("clean")]))
    assert slow.pump.entered.wait(30)
    slow.recorder.before_cleanup = lambda: handle.stop(now=True)
    handle.stop(now=True)
    slow.pump.gate.set()
    assert handle.wait(30).outcome is Outcome.STOPPED
    assert slow.pump.calls[-1] == ("clean", None)


def test_a_stop_that_forbids_cleanup_while_its_beginning_is_written_is_obeyed(slow, act, flow):
    handle = slow.submit(flow(act("block"), cleanup=[act("clean")]))
    assert slow.pump.entered.wait(30)
    slow.recorder.before_cleanup = lambda: handle.stop(now=True, cleanup=False)
    slow.pump.gate.set()
    handle.wait(30)
    assert ("clean", None) not in slow.pump.calls


@pytest.mark.parametrize("cleanup", [None, False])
def test_a_run_that_is_paused_before_cleanup_and_stopped_is_cleaned_up_unless_that_is_forbidden(lab, act, flow, cleanup):
    handle = lab.submit(flow(act("block"), cleanup=[act("clean")]))
    assert lab.pump.entered.wait(30)
    handle.pause()
    lab.pump.gate.set()
    lab.wait_for(handle, State.PAUSED)
    handle.stop(now=True, cleanup=cleanup)
    handle.wait(30)
    assert (("clean", None) in lab.pump.calls) is (cleanup is None)
