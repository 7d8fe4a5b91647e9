"""Which runs were interrupted, and what does a person decide about them in a view?  One place for all views of a session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError, IvoryOSError, Problem
from ivoryos_jupyter.notebook.recovery._recovery import Recovery, RunDecided
from ivoryos_jupyter.notebook.recovery._rerun import rerun
from ivoryos_jupyter.notebook.recovery._words import call_text, decided_text, said, where_of
from ivoryos_jupyter.records import last_said
from ivoryos_jupyter.remembered import Remembered
from ivoryos_jupyter.runner import CallChanged, QueueChanged, rest_of
from ivoryos_jupyter.schema import plain_to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ivoryos_jupyter.journal import UnfinishedRun
    from ivoryos_jupyter.notebook.recovery._case import Case
    from ivoryos_jupyter.notebook.recovery._shapes import DoubtJson, InterruptedJson, SaidJson
    from ivoryos_jupyter.runner import CallHandle, InDoubt
    from ivoryos_jupyter.session import Session

    Params = Mapping[str, object]

_LONGEST = 80


@dataclass(frozen=True, slots=True)
class RecoveryChanged:
    """Something was said in a view about an interrupted run, or found out about it; whoever shows them looks again."""

    @property
    def key(self) -> str:
        """There is one list of them."""
        return "recovery"


class CaseCounter:
    """Shows the interrupted runs, and takes what a person decides about them; a session has one, for all its views."""

    def __init__(self, session: Session) -> None:
        """Let the session's desk answer."""
        self.session = session
        self._known: Remembered[Sequence[UnfinishedRun]] = Remembered(session.store.interrupted)
        self._open: dict[int, Recovery] = {}
        self._checked: dict[int, str] = {}
        self._spoken: dict[str, list[SaidJson]] = {}
        handlers: dict[str, Callable[[Recovery, Params], object]] = {
            "recovery.done": self._done,
            "recovery.not_done": self._not_done,
            "recovery.rest": lambda one, _: one.rest(),
            "recovery.check": self._check,
            "recovery.resume": lambda one, _: one.resume(),
            "recovery.cleanup": lambda one, _: one.cleanup(),
            "recovery.start_again": lambda one, params: one.start_again(_number(params, "iteration")),
            "recovery.leave": lambda one, _: one.leave(),
            "recovery.go_on": self._go_on,
        }
        for name, handler in handlers.items():
            session.desk.register(name, self._handled(handler))
        session.desk.register("recovery.list", lambda _: {"runs": self.show(), "on_hold": session.runner.queue.on_hold})
        session.desk.register("recovery.rerun", self._rerun)

    def hear(self, event: object) -> bool:
        """Take an event in; tell whether the interrupted runs may be others now."""
        if isinstance(event, CallChanged | RunDecided):
            self._spoken = {}
        if isinstance(event, RunDecided | QueueChanged | RecoveryChanged):
            self._known.forget()
            return not isinstance(event, QueueChanged)
        return False

    def show(self) -> list[InterruptedJson]:
        """Return what waits for a person; raise `RecordsError` when it cannot be read."""
        return [self._one(run) for run in self._known.get()]

    def _handled(self, handler: Callable[[Recovery, Params], object]) -> Callable[[Params], None]:
        def handle(params: Params) -> None:
            handler(self._recovery(_number(params, "id")), params)
            self._known.forget()
            self.session.relay.publish(RecoveryChanged())

        return handle

    def _recovery(self, run_id: int) -> Recovery:
        """Return the recovery of a run, with what was decided here so far."""
        if run_id not in self._open:
            self._open[run_id] = Recovery(self.session, run_id)
        return self._open[run_id]

    # What a person says

    def _rerun(self, params: Params) -> None:
        rerun(self.session, _number(params, "id"), "missing")

    @staticmethod
    def _done(one: Recovery, params: Params) -> None:
        values = params.get("values")
        texts = [str(value) for value in values] if isinstance(values, list) else []
        if texts:
            one.done(value=texts if len(texts) > 1 else texts[0], text=True)
        else:
            one.done()

    @staticmethod
    def _not_done(one: Recovery, params: Params) -> None:
        arguments = params.get("arguments")
        one.not_done(**(arguments if isinstance(arguments, dict) else {}))

    @staticmethod
    def _go_on(one: Recovery, params: Params) -> None:
        one.go_on_from(str(params.get("step")))

    def _check(self, one: Recovery, _: Params) -> None:
        run_id = one.case.run_id
        self._checked[run_id] = "asking…"
        one.ask().add_done_callback(lambda handle: self._answered(run_id, handle))

    def _answered(self, run_id: int, handle: CallHandle[object]) -> None:
        error = handle.exception()
        text = f"could not be asked: {error}" if error is not None else said(handle.result())
        self._checked[run_id] = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
        self.session.relay.publish(RecoveryChanged())

    # What is shown

    def _one(self, run: UnfinishedRun) -> InterruptedJson:
        try:
            case = self._recovery(run.run_id).case
        except IvoryOSError as error:
            return _bare(run, str(error))
        coming = case.coming
        shown = _bare(run, case.problem)
        shown["where"] = where_of(case)
        shown["warning"] = " ".join(filter(None, (case.may_end_early, case.other_instruments)))
        shown["in_doubt"] = [self._doubt(case, case.in_doubt)] if case.in_doubt is not None else shown["in_doubt"] if case.problem else []
        shown["coming"] = "" if coming is None else coming.label
        shown["coming_step"] = "" if coming is None else coming.step.id
        shown["ready"] = not (case.problem or case.undecided or case.lost or case.may_end_early)
        shown["lost"] = [f"{name} ({what})" for name, what in case.lost.items()]
        shown["iteration"], shown["iterations"] = case.iteration, case.iterations
        shown["waiting"] = case.waiting
        return shown

    def _doubt(self, case: Case, doubt: InDoubt) -> DoubtJson:
        intent, decision = doubt.step.intent, case.decision
        return {
            "call": call_text(intent),
            "at_ms": intent.started_us // 1000,
            "sample": intent.sample_id or "",
            "step": intent.step_id,
            "arguments": {name: plain_to_json(value) for name, value in intent.arguments.items()},
            "needs": list(case.needs_value),
            "rest_s": rest_of(doubt.step, self.session.pipeline.clock.now_us()) if case.is_wait else None,
            "can_check": case.can_check,
            "checked": self._checked.get(case.run_id, ""),
            "choice": "" if decision is None else decision.choice,
            "decided": decided_text(decision),
            "said": self._said(intent.instrument),
        }

    def _said(self, instrument: str) -> list[SaidJson]:
        if not instrument or instrument == "blocks":
            return []
        spoken = self._spoken  # `hear` puts another in its place when something more was said
        if instrument not in spoken:
            found = last_said(self.session.store, instrument)
            spoken[instrument] = [{"name": one.name, "text": one.text, "at_ms": one.at_us // 1000} for one in found]
        return spoken[instrument]


def _bare(run: UnfinishedRun, problem: str) -> InterruptedJson:
    """Return what is known of a run without its history."""
    return {
        "id": run.run_id,
        "name": run.request.name,
        "where": "",
        "problem": problem,
        "warning": "",
        "in_doubt": [
            {
                "call": call_text(intent),
                "at_ms": intent.started_us // 1000,
                "sample": intent.sample_id or "",
                "step": intent.step_id,
                "arguments": {},
                "needs": [],
                "rest_s": None,
                "can_check": False,
                "checked": "",
                "choice": "",
                "decided": "",
                "said": [],
            }
            for _, intent in run.in_doubt
        ],
        "coming": "",
        "coming_step": "",
        "ready": False,
        "lost": [],
        "iteration": 1,
        "iterations": 1,
        "waiting": "",
    }


def _number(params: Params, name: str) -> int:
    number = params.get(name)
    if not isinstance(number, int):
        raise ConversionError([Problem(name, "name it by its number", str(number))])
    return number
