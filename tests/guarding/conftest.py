"""A notebook in a test: names, a deck, a pipeline with an in-memory recorder, and a guard around it."""

from __future__ import annotations

import threading

import pytest

from ivoryos_jupyter.guarding import Guard
from ivoryos_jupyter.introspect import LiveDeck
from ivoryos_jupyter.journal import RunRequest
from ivoryos_jupyter.runner import Pipeline, Runner, ThreadExecutor
from ivoryos_jupyter.schema import Limit, Limits
from ivoryos_jupyter.testing import MemoryRecorder, Pump
from ivoryos_jupyter.workflow import content_hash, to_json


class Limited:
    """Limits that a test may change."""

    def __init__(self):
        self.limits = Limits()

    def current(self):
        return self.limits


class Notebook:
    """What a notebook has of ours, wired without a database."""

    def __init__(self, folder, names, loop=None):
        self.names = names
        self.deck = LiveDeck("lab")
        self.limits = Limited()
        self.recorder = MemoryRecorder()
        self.executor = ThreadExecutor(loop)
        self.pipeline = Pipeline(self.deck, self.limits, self.recorder, self.executor, lambda _event: None, grace_s=60.0)
        self.runner = Runner(self.pipeline, self.recorder, lambda _event: None)
        self.guard = Guard(self.deck, self.pipeline, self.executor, lambda: dict(names), names.__setitem__, folder / "guard.json", "ada")
        self.after_cell()

    def after_cell(self):
        """Do what is done when a cell has run."""
        self.guard.refresh(changed=self.deck.update(self.names))

    def limit(self, target, method, param, **bounds):
        self.limits.limits = Limits((*self.limits.limits.entries, Limit(target, method, param, **bounds)))

    @property
    def calls(self):
        """What is recorded: path, member, arguments and status of each call."""
        written = threading.Event()
        self.pipeline.clerk.put(written.set)
        assert written.wait(30)
        return [
            (
                one.intent.method_name.removeprefix("deck."),
                dict(one.intent.kwargs),
                str(one.outcome.status.value if one.outcome else "open"),
            )
            for one in self.recorder.calls.values()
        ]

    def submit(self, workflow):
        return self.runner.submit(RunRequest("key", "run", to_json(workflow), workflow.name, content_hash(workflow), "lab"))

    def close(self):
        assert self.runner.close()
        self.pipeline.close()
        assert self.executor.close()


@pytest.fixture(autouse=True)
def no_thread_is_left(no_thread_outlives_a_test):
    """No test here leaves a thread behind."""


@pytest.fixture
def open_notebook(tmp_path):
    """Opens notebooks with the given names; all are closed after the test."""
    opened = []

    def opener(loop=None, **names):
        opened.append(Notebook(tmp_path, names, loop))
        return opened[-1]

    yield opener
    for one in opened:
        one.close()


@pytest.fixture
def notebook(open_notebook):
    """A notebook with a guarded pump."""
    made = open_notebook(pump=Pump(time_scale=0))
    made.guard.guard("pump")
    return made
