"""The generated Python and the interpreter mean the same: both make the same calls."""

from __future__ import annotations

import asyncio

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from ivoryos_jupyter.codegen import render
from ivoryos_jupyter.introspect import LiveDeck
from ivoryos_jupyter.runner import Interpreter
from ivoryos_jupyter.runner._effects import AskAboutError, Delay, DoCall, Done, DoWait, DoWatch, Failed, GiveUp, Note
from ivoryos_jupyter.schema import convert_arguments
from ivoryos_jupyter.testing._bench import Bench, calls_of
from ivoryos_jupyter.testing._runnable import rows_for, runnable_workflows
from ivoryos_jupyter.workflow import compile_expression, nested_versions, step_index


def deck_of(bench):
    deck = LiveDeck("bench")
    deck.update(bench.instruments)
    return deck


SCHEMA = deck_of(Bench()).schema()


class Hands:
    """Does what the interpreter asks for, at once."""

    def __init__(self, bench):
        self.deck = deck_of(bench)
        self.now = 0.0

    def do(self, effect):
        """Return the reply to `effect`; None when the phase is to end."""
        if isinstance(effect, AskAboutError | GiveUp):
            return None
        if isinstance(effect, Delay):
            self.now += effect.seconds
            return Done()
        if isinstance(effect, Note):
            return Done()
        if effect.problem is not None:
            return Failed(effect.problem)
        try:
            return Done(effect.name(self.result(effect)))
        except Exception as error:  # noqa: BLE001 - a failure is a reply
            return Failed(error)

    def result(self, effect):
        if isinstance(effect, DoCall):
            return self.call(effect.path_to, effect.member, effect.operation, effect.arguments)
        if isinstance(effect, DoWatch):
            return self.watch(effect)
        if isinstance(effect, DoWait):
            self.now += effect.seconds
        return None

    def call(self, path, name, operation, arguments):
        member = self.deck.member(path, name, operation)
        plain = convert_arguments(member.method.parameters, arguments, text=False, live=True)
        args, kwargs = member.live_arguments(plain, self.deck.resolve)
        result = member.target(*args, **kwargs)
        return asyncio.run(result) if member.is_coroutine else result

    def watch(self, effect):
        began, since = self.now, None
        while True:
            reading = self.call(effect.instrument, effect.member, "get", {})
            holds = compile_expression(effect.condition).holds({**effect.names, "reading": reading})
            since = (self.now if since is None else since) if holds else None
            if since is not None and self.now - since >= effect.hold_s:
                return reading
            if effect.step.timeout_s is not None and self.now - began >= effect.step.timeout_s:
                raise TimeoutError
            self.now += max(effect.every_s, 0.001)

    def phase(self, workflow, steps, context):
        """Return whether the phase came to its end."""
        machine = Interpreter(steps, [context], step_index(workflow), nested_versions(workflow))
        while (effect := machine.next()) is not None:
            reply = self.do(effect)
            if reply is None:
                return False
            machine.feed(reply)
        return True


def interpreted(workflow, bench, rows):
    """Return the calls of the interpreter: prep, script for each row, and cleanup whatever happens."""
    hands = Hands(bench)
    saved = {}
    going = hands.phase(workflow, workflow.prep, saved)
    for row in rows if isinstance(rows, list) else [{}] * rows:
        going = going and hands.phase(workflow, workflow.script, {**saved, **row})
    hands.phase(workflow, workflow.cleanup, dict(saved))
    return bench.calls


@given(runnable_workflows(depth=2), st.sets(st.integers(0, 12), max_size=3), st.integers(1, 2))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_generated_python_makes_the_calls_that_the_interpreter_makes(workflow, failing, count):
    rows = rows_for(workflow, SCHEMA, count)
    source = render(workflow, SCHEMA)
    note(source)
    assert calls_of(source, Bench(failing), rows) == interpreted(workflow, Bench(failing), rows)
