"""A kernel that dies where a test says: a recorder that writes no more, and a run that is driven on the test's own thread."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from ivoryos_jupyter.introspect import LiveDeck
from ivoryos_jupyter.journal import RunRequest
from ivoryos_jupyter.runner import Flight, Pipeline, RunChanged, VirtualClock
from ivoryos_jupyter.runner._control import Control
from ivoryos_jupyter.runner._drive import Drive
from ivoryos_jupyter.runner._inbox import Inbox
from ivoryos_jupyter.runner._restore import restored_for
from ivoryos_jupyter.runner._station import Station
from ivoryos_jupyter.schema import Limits
from ivoryos_jupyter.testing import MemoryRecorder
from ivoryos_jupyter.workflow import content_hash, from_json, to_json


class KilledError(BaseException):
    """Stands for ``kill -9``: nothing after it is written down."""


WRITES = frozenset({"begin_run", "end_run", "begin_phase", "end_phase", "intend_step", "settle_step", "note"})


class Mortal(MemoryRecorder):
    """Dies before or after the write that makes `lives` zero."""

    def __init__(self):
        super().__init__()
        self.lives = None
        self.fate = None
        """What would have been written of the step in doubt."""

    def _reach(self, method):
        super()._reach(method)
        if method in WRITES:
            self._live()

    def _live(self):
        if self.lives is not None:
            self.lives -= 1
            if self.lives < 0:
                raise KilledError

    def intend_step(self, intent, charge=None):
        self.fate = None
        row = super().intend_step(intent, charge)
        self._live()  # dead between the intent and the call
        return row

    def settle_step(self, step_row, outcome):
        self.fate = outcome
        super().settle_step(step_row, outcome)


class AtOnce:
    """An executor that makes each call before it returns."""

    def place_of(self, _obj):
        return "worker"

    def is_bound(self, _obj):
        return False

    def start(self, job, done):
        if job.coroutine:
            target = job.target
            job = replace(job, coroutine=False, target=lambda *args, **named: asyncio.run(target(*args, **named)))
        flight = Flight(job, lambda _flight: None, asyncio.new_event_loop)
        flight.run()
        done(flight)
        return flight

    def is_behind_another(self, _flight):
        return False

    def abandon(self, _flight):
        return ()

    def would_block(self):
        return False


class NoLimits:
    def current(self):
        return Limits()


def request_of(workflow, rows, key="k", **more):
    table = {"rows": tuple(rows)} if isinstance(rows, list) else {"repeat": rows}
    return RunRequest(key, key, to_json(workflow), workflow.name, content_hash(workflow), "bench", **table, **more)


class Kernel:
    """One kernel after another on the same records and the same hardware."""

    def __init__(self, instruments, recorder, answer=lambda _question: "skip"):
        self.recorder = recorder
        self.answer = answer
        self.deck = LiveDeck("bench")
        self.deck.update(instruments)
        self.clock = VirtualClock()
        self.control = None
        self.answered = ""
        self.told = lambda event, control: None
        """Hears every event, and may command the run."""

    def drive(self, request):
        """Run `request` to its end on this thread; raise `KilledError` where the kernel dies."""
        pipeline = Pipeline(self.deck, NoLimits(), self.recorder, AtOnce(), self._hear, self.clock)
        try:
            return self._drive(request, pipeline)
        finally:
            pipeline.close()

    def _drive(self, request, pipeline):
        inbox = Inbox()
        self.control = Control(request, self.clock, lambda: inbox.put("wake"), lambda status: pipeline.tell(RunChanged(status)))
        station = Station(self.control, pipeline, inbox)
        workflow = from_json(request.workflow)
        restored = restored_for(workflow, request, self.recorder.past, self.clock.now_us())
        station.run_id = self.recorder.begin_run(request, self.clock.now_us())
        Drive(station, workflow, {name: self.deck.generation(name) for name in self.deck.names}, restored).run()
        return self.control.status

    def _hear(self, event):
        self.told(event, self.control)
        if isinstance(event, RunChanged) and event.status.question is not None:
            question = event.status.question
            if question.id == self.answered:
                return
            self.answered = question.id
            choice = self.answer(question) if question.kind == "error" else "continue"
            choice = "value" if question.kind == "input" else choice
            self.control.answer(question.id, choice, 2.0, {})
