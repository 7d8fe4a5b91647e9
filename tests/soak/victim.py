"""What is killed?  A session in a process of its own: a driver that writes each call into a file, four runs, and a place to die.

`harness` starts this file in a fresh process with a `PLAN`. In the first life the runs are submitted; in a later one what is in doubt
is decided by what the driver's file says, what was interrupted is resumed, the queue is released, and what had not been submitted is.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import ivoryos_jupyter as ivoryos
from ivoryos_jupyter.journal import DECIDED, RunRequest
from ivoryos_jupyter.records._sqlite import SqliteDatabase
from ivoryos_jupyter.workflow import (
    Action,
    Branch,
    CallWorkflow,
    Constant,
    Expression,
    If,
    OnError,
    Repeat,
    SetVariable,
    Wait,
    Workflow,
    content_hash,
    to_json,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ivoryos_jupyter.journal import StepIntent
    from ivoryos_jupyter.notebook import Run
    from ivoryos_jupyter.notebook.recovery import Recovery
    from ivoryos_jupyter.runner import RunHandle
    from ivoryos_jupyter.session import Session

CALL_S = 0.0005
"""Seconds that a call takes, so that a moment chosen at random often lies inside one."""


def die() -> None:
    """End this process as a power cut would: nothing is flushed, closed or said."""
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    time.sleep(60)


class Place:
    """Where to die: at the n-th commit or the n-th call, before it, after it, or in the middle."""

    def __init__(self, plan: dict[str, object]) -> None:
        """Read the plan; one without a place counts only."""
        self.kind, self.number, self.where = plan.get("kind"), plan.get("number"), plan.get("where")
        self.grain = float(plan.get("grain", 0.0))
        self.seen = {"commit": 0, "call": 0}
        self._lock = threading.Lock()

    def arrive(self, kind: str) -> Callable[[str], None]:
        """Count an arrival; return what is to be told when a part of it is reached."""
        with self._lock:
            self.seen[kind] += 1
            mine = self.kind == kind and self.seen[kind] == self.number

        def reached(where: str) -> None:
            if mine and where == self.where:
                die()

        reached("before")
        return reached

    def is_mine(self, where: str) -> bool:
        """Whether the commit under way is the one to die in, in this way."""
        return self.kind == "commit" and self.seen["commit"] == self.number and self.where == where


class Doser:
    """Writes into a file when a call begins and when it ends; what stands there is what happened to the hardware."""

    def __init__(self, file: Path, place: Place) -> None:
        self._file = os.open(file, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
        self._path = file
        self._place = place

    def _note(self, word: str, what: str) -> None:
        os.write(self._file, f"{word} {what}\n".encode())

    def begun(self) -> int:
        """Return how many calls began."""
        return self._path.read_text(encoding="utf-8").count("begin ")

    def dose(self, what: str) -> int:
        """Dose; return how long the name of it is."""
        reached = self._place.arrive("call")
        self._note("begin", what)
        time.sleep(CALL_S)
        reached("inside")
        self._note("end", what)
        reached("after")
        return len(what)

    def flaky(self, what: str) -> int:
        """Refuse the first time, before anything has moved."""
        if f"refuse {what}\n" not in self._path.read_text(encoding="utf-8"):
            self._note("refuse", what)
            raise RuntimeError("not ready")
        return self.dose(what)


def dose(key: str, what: str | Expression, method: str = "dose", **more: object) -> Action:
    """Return a step; `what` is a text, or a formula that makes one."""
    value = what if isinstance(what, Expression) else Constant(what)
    return Action(id=key, instrument="doser", method=method, arguments={"what": value}, **more)


def workflows() -> list[tuple[Workflow, dict[str, object]]]:
    """Return what is run, each with how: over a table, repeated, with nested workflows, in batches, with retries."""
    return [
        (_table(), {"rows": ({"name": "ab"}, {"name": "abcdef"})}),
        (_repeat(), {"repeat": 2}),
        (_batch(), {"rows": ({"name": "1"}, {"name": "2"}, {"name": "3"}), "batch_size": 2, "sample_column": "name"}),
        (Workflow(name="plain", script=(dose("h", "plain-1"), dose("j", "plain-2"))), {}),
    ]


def _table() -> Workflow:
    long, short = dose("b", Expression("'table-long-' + #name")), dose("c", Expression("'table-short-' + #name"))
    return Workflow(
        name="table",
        prep=(dose("p", "table-prep"),),
        script=(
            dose("a", Expression("'table-a-' + #name"), outputs=("length",)),
            If(id="if", branches=(Branch("length > 10", (long,)),), otherwise=(short,)),
            dose("d", Expression("'table-d-' + #name"), "flaky", on_error=OnError("retry", retries=2, delay_s=0.001)),
        ),
        cleanup=(dose("z", "table-cleanup"),),
    )


def _repeat() -> Workflow:
    first, second = dose("i1", Expression("'inner-1-' + #label")), dose("i2", Expression("'inner-2-' + #label"))
    inner = Workflow(name="inner", script=(first, Wait(id="iw", seconds=Constant(0.001)), second), registered=True)
    version = content_hash(inner)
    count = SetVariable(id="w", name="n", value=Expression("n + 1"))
    return Workflow(
        name="repeat",
        script=(
            SetVariable(id="v", name="n", value=Constant(0)),
            Repeat(id="r", times=Constant(3), body=(count, dose("s", Expression("'repeat-' + str(n)")))),
            CallWorkflow(id="n", workflow="inner", version=version, arguments={"label": Expression("'x' + str(n)")}),
        ),
        cleanup=(dose("y", "repeat-cleanup"),),
        nested={version: inner},
    )


def _batch() -> Workflow:
    once = dose("f", "batch-once", once_per_batch=True)
    return Workflow(name="batch", script=(once, dose("g", Expression("'batch-' + #name"))), cleanup=(dose("x", "batch-cleanup"),))


def requests() -> list[RunRequest]:
    """Return the submissions, in their order."""
    return [
        RunRequest(one.name, one.name, to_json(one), one.name, content_hash(one), "soak", **more)  # type: ignore[arg-type]
        for one, more in workflows()
    ]


def arm(kind: type, place: Place) -> None:
    """Put the place to die around and into the commits of databases of this `kind`, those of the restart included."""
    insert, change, transaction = kind.insert, kind.change, kind.transaction

    def single(original: Callable[..., int]) -> Callable[..., int]:
        def send(self: object, sql: str, values: object) -> int:
            reached = place.arrive("commit")
            with dying_inside(self, place):
                found = original(self, sql, values)
            reached("after")
            return found

        return send

    @contextmanager
    def several(self: object, **how: bool) -> Iterator[object]:
        reached = place.arrive("commit")
        with transaction(self, **how) as statements, dying_inside(self, place):
            yield statements
            reached("inside")
        reached("after")

    kind.insert, kind.change, kind.transaction = single(insert), single(change), several


def database_kind(*, on_postgres: bool) -> type:
    """Return the class of the database."""
    if not on_postgres:
        return SqliteDatabase
    from ivoryos_jupyter.records._postgres import PostgresDatabase  # noqa: PLC0415 - SQLAlchemy is slow to import

    return PostgresDatabase


@contextmanager
def dying_inside(database: object, place: Place) -> Iterator[None]:
    """Die in the middle of SQLite's work (after so many of its instructions), or so many microseconds after it began."""
    if place.is_mine("inside") and hasattr(database, "_present"):
        left = itertools.count(int(place.grain * 60))
        database._open()
        database._connection.set_progress_handler(lambda: die() if next(left) >= int(place.grain * 120) else 0, 1)
    if place.is_mine("during"):
        threading.Thread(target=_die_after, args=(place.grain * 0.0008,), daemon=True).start()
    yield


def _die_after(seconds: float) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        pass
    die()


def live(plan: dict[str, object]) -> None:
    """Live one life, to its end or to the place where it ends."""
    folder = Path(str(plan["folder"]))
    os.environ["IVORYOS_DATA"] = str(folder / "ivoryos_data")
    if plan.get("uri"):
        os.environ["IVORYOS_DB_URI"] = str(plan["uri"])
    place = Place(dict(plan["kill"]))  # type: ignore[call-overload]
    began = time.perf_counter()
    if place.kind == "time":
        threading.Thread(target=_die_after_sleep, args=(place.grain,), daemon=True).start()
    doser = Doser(folder / "calls.txt", place)
    arm(database_kind(on_postgres=bool(plan.get("uri"))), place)
    session = ivoryos.start({"doser": doser}, folder, deck_name="soak", operator="soak")
    handles = go_on(session, doser)
    handles += [session.runner.submit(request) for request in requests()]
    for handle in handles:
        handle.wait(60)
    report = {"seconds": time.perf_counter() - began, **place.seen}
    ivoryos.stop()
    (folder / "report.json").write_text(json.dumps(report), encoding="utf-8")


def go_on(session: Session, doser: Doser) -> list[Run | RunHandle]:
    """Decide about what a dead kernel left, by what the hardware did, resume it, and let the queue go on."""
    entries = session.runner.queue.entries
    waiting = {entry.request.derived_from for entry in entries}
    going_on: list[Run | RunHandle] = [session.runner.handle(entry.request.key) for entry in entries]
    for run in session.unfinished:
        if run.run_id in waiting:  # it was resumed before the last kill, and has not begun
            continue
        recovery = ivoryos.recover(run.run_id)
        for _row, intent in run.in_doubt:
            decide(session, doser, recovery, intent)
        going_on.append(recovery.resume())
    if session.runner.queue.on_hold:
        session.runner.queue.release()
    return going_on


def decide(session: Session, doser: Doser, recovery: Recovery, intent: StepIntent) -> None:
    """Say the truth: a call was made when the driver wrote more calls down than the records have settled."""
    if intent.instrument == "doser":
        settled = f"SELECT COUNT(*) FROM workflow_steps WHERE instrument = 'doser' AND status IN ('done', '{DECIDED['done']}')"  # noqa: S608
        if doser.begun() > int(str(session.store.database.rows(settled)[0][0])):
            what = str(intent.arguments["what"])
            recovery.done(value=len(what)) if intent.step_id == "a" else recovery.done()  # the one whose result has a name
        else:
            recovery.not_done()
    elif intent.method_name == "wait":
        recovery.rest()


def _die_after_sleep(seconds: float) -> None:
    time.sleep(seconds)
    die()


if __name__ == "__main__":
    live(PLAN)  # type: ignore[name-defined]  # noqa: F821 - given by the harness
