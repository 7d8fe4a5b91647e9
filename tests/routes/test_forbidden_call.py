"""The same forbidden call, by every route there is, for a limit, an interlock and a budget: refused on each, and recorded."""

from __future__ import annotations

import threading

import pytest

from ivoryos_jupyter.errors import BudgetError, InterlockError, LimitError, ProblemsError, WorkflowError
from ivoryos_jupyter.notebook import Budgets, Interlocks, WorkflowHandle
from ivoryos_jupyter.runner import CallChanged
from ivoryos_jupyter.schema import Limit
from ivoryos_jupyter.session import Session, Surroundings
from ivoryos_jupyter.widgets._devices import Devices
from ivoryos_jupyter.workflow import at_run

FORBIDDEN = 9.0


class Valve:
    """Stands open or closed."""

    def __init__(self) -> None:
        self.position = "closed"

    @property
    def is_open(self) -> bool:
        """Whether it stands open."""
        return self.position == "open"


class Pump:
    """Counts what reaches it."""

    def __init__(self) -> None:
        self.doses: list[float] = []
        self.broken = False

    def dispense(self, volume_ml: float) -> float:
        """Dispense some mL."""
        if self.broken:
            self.broken = False
            raise RuntimeError("syringe empty")
        self.doses.append(volume_ml)
        return volume_ml


def by_limit(session):
    session.limits.save(Limit("pump", "dispense", "volume_ml", maximum=5.0, unit="mL"))
    return LimitError


def by_interlock(session):
    Interlocks(session).add("when pump.dispense with volume_ml > 5: require valve.is_open")
    return InterlockError


def by_budget(session):
    Budgets(session).add("pump.dispense", "volume_ml", at_most=5, per="run")
    return BudgetError


@pytest.fixture(params=[by_limit, by_interlock, by_budget])
def lab(request, tmp_path):
    """A session that forbids 9 mL, and knows which error says so."""
    names = {"pump": Pump(), "valve": Valve()}
    session = Session(
        Surroundings(tmp_path, notebook="lab.ipynb", deck_name="bench", operator="ada", names=lambda: names, bind=names.__setitem__)
    )
    session.names = names
    session.refused_by = request.param(session)
    yield session
    session.close()


def recorded(session):
    """Return all that is written down of refusals, as text."""
    written = threading.Event()
    session.pipeline.clerk.put(written.set)
    assert written.wait(30)
    history = session.history
    texts = [str(text) for frame in (history.steps(status="failed"), history.single_steps(status="failed")) for text in frame["error"]]
    return texts + [str(event) for kind in ("refused", "answer_refused") for event in history.events(kind=kind)["detail"]]


def until(session, condition):
    """Wait until something that events announce is so, and return it."""
    heard = threading.Event()
    unsubscribe = session.relay.subscribe(lambda _event: heard.set())
    try:
        for _ in range(500):
            if found := condition():
                return found
            heard.wait(0.02)
            heard.clear()
    finally:
        unsubscribe()
    raise AssertionError("it did not happen")


def asked(session, run, after=""):
    """Wait until a run asks something new, and return what went wrong."""

    def error():
        question = run.status.question
        return question.error if question is not None and question.id != after else ""

    return until(session, error)


def run_to_refusal(session, workflow, table=None):
    """Submit; refused then, or when the step is reached, where it asks and is skipped."""
    try:
        run = workflow.submit(table)
    except WorkflowError as error:
        return str(error)
    said = asked(session, run)
    run.skip()
    run.wait(30)
    return said


def panel(session):
    ended = []
    session.relay.subscribe(lambda event: ended.append(event) if isinstance(event, CallChanged) and event.status == "failed" else None)
    Devices(session, lambda _name, _data: None)
    replies = []
    params = {"target": "pump", "member": "dispense", "operation": "call", "given": {"volume_ml": {"text": str(FORBIDDEN)}}}
    session.desk.hand_in({"id": "1", "method": "control.call", "params": params}, replies.append)
    return until(session, lambda: str((replies and replies[0]["result"].get("problems")) or (ended and ended[0].error) or ""))


def python(session):
    with pytest.raises(session.refused_by) as caught:
        session.call("pump.dispense", (), {"volume_ml": FORBIDDEN}).result(30)
    return str(caught.value)


def guarded_cell(session):
    session.guard.guard("pump")
    with pytest.raises(session.refused_by) as caught:
        session.names["pump"].dispense(FORBIDDEN)
    return str(caught.value)


def workflow_constant(session):
    wf = WorkflowHandle(session, "dosing")
    wf.script.call("pump.dispense", volume_ml=FORBIDDEN)
    return run_to_refusal(session, wf)


def workflow_variable(session):
    wf = WorkflowHandle(session, "dosing")
    volume = wf.script.variable("volume", FORBIDDEN)
    wf.script.call("pump.dispense", volume_ml=volume)
    return run_to_refusal(session, wf)


def table_cell(session):
    wf = WorkflowHandle(session, "dosing")
    wf.script.call("pump.dispense", volume_ml=at_run("volume"))
    return run_to_refusal(session, wf, [{"volume": FORBIDDEN}])


def retry_with_edited_arguments(session):
    session.names["pump"].broken = True
    wf = WorkflowHandle(session, "dosing")
    wf.script.call("pump.dispense", volume_ml=1.0)
    run = wf.submit()
    assert "syringe empty" in asked(session, run)
    first = run.status.question.id
    try:
        run.retry(volume_ml=FORBIDDEN)
    except ProblemsError as error:
        said = str(error)
    else:
        said = asked(session, run, after=first)
    run.skip()
    run.wait(30)
    return said


def nested_argument(session):
    inner = WorkflowHandle(session, "inner")
    inner.script.call("pump.dispense", volume_ml=at_run("volume"))
    inner.save()
    wf = WorkflowHandle(session, "dosing")
    wf.script.workflow(inner, volume=FORBIDDEN)
    return run_to_refusal(session, wf)


ROUTES = (panel, python, guarded_cell, workflow_constant, workflow_variable, table_cell, retry_with_edited_arguments, nested_argument)
WORDS = {LimitError: "limit", InterlockError: "interlock", BudgetError: "per run"}


@pytest.mark.parametrize("route", ROUTES)
def test_it_is_refused_and_recorded(lab, route):
    pump = lab.names["pump"]
    said = route(lab)
    word = WORDS[lab.refused_by]
    assert word in said
    assert pump.doses == []
    assert any(word in text and "volume_ml" in text for text in recorded(lab)), recorded(lab)
