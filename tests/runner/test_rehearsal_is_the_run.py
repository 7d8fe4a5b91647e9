"""A rehearsal that is told what calls give back makes the calls that the run made: same steps, arguments, endings and times."""

from __future__ import annotations

import asyncio
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivoryos_jupyter.introspect import LiveDeck
from ivoryos_jupyter.journal import RunRequest
from ivoryos_jupyter.runner import State
from ivoryos_jupyter.runner._control import Control
from ivoryos_jupyter.runner._drive import Drive
from ivoryos_jupyter.runner._flight import Ended, Flight
from ivoryos_jupyter.runner._inbox import Inbox
from ivoryos_jupyter.runner._office import Office
from ivoryos_jupyter.runner._station import Station
from ivoryos_jupyter.runner.rehearsal import Given, NoExperience, Scene, Sources
from ivoryos_jupyter.runner.rehearsal._clock import StageClock
from ivoryos_jupyter.runner.rehearsal._stage import Stage
from ivoryos_jupyter.schema import Limits
from ivoryos_jupyter.testing import MemoryRecorder
from ivoryos_jupyter.testing._bench import Bench
from ivoryos_jupyter.testing._runnable import rows_for, runnable_workflows

NOON_US = 1_800_000_000_000_000
CHOICES = ("skip", "stop")


class NoLimits:
    """Everything is allowed."""

    def current(self):
        return Limits()


class Bounded(Bench):
    """A bench on which setting a property never fails: what setting gives back cannot be told to a rehearsal."""

    def note(self, target, *arguments):
        if target.endswith("="):
            kept, self._fail_at = self._fail_at, frozenset()
            try:
                return super().note(target, *arguments)
            finally:
                self._fail_at = kept
        return super().note(target, *arguments)


class Calling:
    """Calls live objects at once, and writes down what they give back."""

    def __init__(self):
        self.came_back = []

    def place_of(self, obj):
        return "worker"

    def is_bound(self, obj):
        return False

    def would_block(self):
        return False

    def is_behind_another(self, flight):
        return False

    def abandon(self, flight):
        return ()

    def start(self, job, done):
        flight = Flight(job, done, lambda: None)
        flight.begun = True
        try:
            result = job.target(*job.args, **job.kwargs)
            ended = Ended(asyncio.run(result) if job.coroutine else result)
        except Exception as error:  # noqa: BLE001 - a failure is what comes back
            ended = Ended(error=error)
        self.came_back.append(ended)
        flight.finish(ended)
        return flight


class Live:
    """A run of a bench: the drive of real runs on a live deck, in virtual time."""

    def __init__(self, workflow, bench, request, choice):
        self.recorder = MemoryRecorder()
        self.calling = Calling()
        deck = LiveDeck("bench")
        deck.update(bench.instruments)
        inbox = Inbox()
        clock = StageClock(NOON_US)
        office = Office(deck, NoLimits(), self.recorder, self.calling, lambda _: None, clock)
        control = Control(request, clock, lambda: inbox.put("wake"), lambda _: None)
        clock.idle = lambda: control.answer(control.status.question.id, choice, None, {})
        station = Station(control, office, inbox)
        station.run_id = self.recorder.begin_run(request, clock.now_us())
        control.set(state=State.RUNNING, run_id=station.run_id)
        Drive(station, workflow, {}).run()
        self.ended_us = clock.now_us()

    def lines(self):
        for step in self.recorder.steps.values():
            started = self.recorder.phases[step.intent.phase_id].started
            place = (started.phase, started.iteration, step.intent.step_id, step.intent.path, step.intent.attempt, step.intent.sample)
            yield (*place, step.intent.method_name, dict(step.intent.arguments), step.intent.started_us, step.outcome.status.value)


def rehearsed(workflow, request, schema, came_back, choice):
    """Return the stage on which the run was played again with the same returns."""
    left = iter(came_back)

    def give(**_arguments):
        ended = next(left)
        if ended.error is not None:
            raise ended.error
        return ended.result

    labels = [f"{one.name}.{member.name}" for one in schema.instruments for member in (*one.methods, *one.properties)]
    sources = Sources(Limits(), NoExperience(), Given(returns=dict.fromkeys(labels, give)))
    sources_set = sources.of  # a setting takes its turn too

    def of(path, member, operation, returns):
        source = sources_set(path, member, operation, returns)
        if operation == "set":
            source.lasts = lambda _arguments, _random: float(next(left) is None)
        return source

    sources.of = of
    scene = Scene(workflow, request, schema, NoLimits(), sources)
    return Stage(scene, Random(0), NOON_US, {}, choice)  # noqa: S311 - chance, no secret


@given(runnable_workflows(depth=2), st.sets(st.integers(0, 12), max_size=3), st.integers(1, 4), st.integers(1, 3), st.sampled_from(CHOICES))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_rehearsal_makes_the_calls_of_the_run(workflow, failing, count, batch, choice):
    bench = Bounded(failing)
    deck = LiveDeck("bench")
    deck.update(bench.instruments)
    schema = deck.schema()
    rows = rows_for(workflow, schema, count)
    many = {"rows": tuple(rows)} if isinstance(rows, list) else {"repeat": rows}
    request = RunRequest(key="k", name="w", workflow="", workflow_name="w", version="", deck="bench", batch_size=batch, **many)
    live = Live(workflow, bench, request, choice)
    stage = rehearsed(workflow, request, schema, live.calling.came_back, choice)
    performance = stage.perform()
    log = performance.log
    mine = [
        (
            one.phase,
            one.iteration,
            one.step_id,
            one.path,
            one.attempt,
            one.sample,
            one.method,
            dict(one.arguments),
            one.starts_us,
            one.status,
        )
        for one in log.lines
    ]
    assert mine == list(live.lines())
    assert performance.ended_us == live.ended_us
    assert log.outcome is live.recorder.runs[1].outcome
