"""What shall become of an interrupted run?  Step by step in doubt, and then of the whole: decided by a person, never by itself."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from ivoryos_jupyter.errors import ConversionError, Problem, ResumeError, UnknownNameError
from ivoryos_jupyter.journal import Decision, DoneAhead, RunEvent
from ivoryos_jupyter.notebook.recovery._case import Case
from ivoryos_jupyter.notebook.recovery._checking import ask_instrument
from ivoryos_jupyter.notebook.recovery._derived import going_on, starting_again
from ivoryos_jupyter.notebook.recovery._judging import judge
from ivoryos_jupyter.notebook.recovery._returned import MISSING, returned, writable
from ivoryos_jupyter.notebook.recovery._submit import submit_first
from ivoryos_jupyter.notebook.recovery._words import html_of, text_of
from ivoryos_jupyter.runner import DoWait

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.journal import RunRequest
    from ivoryos_jupyter.notebook._run import Run
    from ivoryos_jupyter.runner import CallHandle, InDoubt
    from ivoryos_jupyter.schema import Plain
    from ivoryos_jupyter.session import Session

_AHEAD = 10_000
"""Steps that may be marked as done after the end of the record."""


@dataclass(frozen=True, slots=True)
class RunDecided:
    """Somebody has decided about an interrupted run."""

    run_id: int

    @property
    def key(self) -> int:
        """The run, of which only the latest decision matters."""
        return self.run_id


class Recovery:
    """An interrupted run, and what you decide about it.

    Nothing is done before `resume`, `cleanup`, `start_again` or `leave`; until then every decision can be changed.
    """

    def __init__(self, session: Session, run_id: int) -> None:
        """Read what was written down of the run.

        Raises
        ------
        UnknownNameError
            When there is no such run.
        ResumeError
            When it was not interrupted, or somebody has decided about it already.
        """
        self._session = session
        self.case = Case(session, run_id)
        """What is known of it, and what you have decided so far."""

    # Decisions

    def done(self, step: str | int | None = None, value: object = MISSING, *, text: bool = False) -> Recovery:
        """Say that the step in doubt was done.

        Parameters
        ----------
        step
            Its id; needed only where you want to be sure which one you mean.
        value
            What it returned, where later steps use that. One item per name where it has several.
        text
            Whether `value` was typed, and is read as the type that the method returns.

        Raises
        ------
        ConversionError
            When a value is missing, not wanted, or does not fit.
        """
        doubt = self._doubt(step)
        found = returned(doubt.doing, self._session.deck, value, text=text)
        return self._decide(doubt, Decision("done", found))

    def not_done(self, step: str | int | None = None, /, **arguments: object) -> Recovery:
        """Say that the step in doubt was not done: it will be done again, with these arguments in place of those it had.

        ``recovery.not_done(volume_ml=1.3)`` dispenses what was missing of a dose of which a part had arrived.

        Raises
        ------
        ConversionError
            When it has no such argument, or a value does not fit.
        LimitError
            When a limit forbids a value.
        """
        doubt = self._doubt(step)
        known = doubt.step.intent.arguments
        problems = [
            Problem(name, f"{doubt.doing.label} had no such argument; it had {', '.join(known) or 'none'}")
            for name in arguments
            if name not in known
        ]
        if problems:
            raise ConversionError(problems)
        for name, value in arguments.items():
            writable(value, name)
        decision = Decision("not_done", None, arguments)
        if arguments and not self.case.lost:
            with suppress(UnknownNameError):  # the instrument may be defined later; `resume` looks again
                judge(self._session, doubt, decision)
        return self._decide(doubt, decision)

    def rest(self, step: str | int | None = None) -> Recovery:
        """Say, of a wait in doubt, that what is left of it shall be waited: the time since it began counts, the outage too."""
        doubt = self._doubt(step)
        if not isinstance(doubt.doing, DoWait) or doubt.doing.until:
            raise ResumeError(f"{doubt.doing.label} is no wait of a number of seconds, so there is no rest of it.")
        return self._decide(doubt, Decision("rest"))

    def verify(self, step: str | int | None = None) -> object:
        """Ask the instrument whether the step in doubt was done, and return what it says; that decides nothing.

        Raises
        ------
        ResumeError
            When its driver does not say how; see `ivoryos_jupyter.verifies`.
        """
        doubt = self._doubt(step)
        self.case.checked = ask_instrument(self._session, doubt.doing, doubt.step).result()
        return self.case.checked

    def ask(self) -> CallHandle[object]:
        """Ask the instrument as `verify` does, and return the call under way."""
        doubt = self._doubt(None)
        return ask_instrument(self._session, doubt.doing, doubt.step)

    def give(self, name: str, value: object) -> Recovery:
        """Give a value anew that could not be kept in full, such as a live object's."""
        self._refuse_problem()
        self.case.give(name, writable(value, name))
        return self

    def go_on_from(self, step: str, values: Mapping[str, object] | None = None) -> Recovery:
        """Say that everything before the next time the run comes to `step` was done as well, although the record does not say so.

        Parameters
        ----------
        step
            Id of the step to go on with; see ``recovery.case.coming``.
        values
            What the steps before it returned, by their ids, where later steps use that.

        Raises
        ------
        ResumeError
            When the run never comes there, or somebody has to decide about something first.
        """
        self._refuse_undecided()
        case, before = self.case, self.case.ahead
        try:
            self._skip_to(step, values or {})
        except BaseException:
            case.ahead = before
            raise
        case.sure_of_the_end = True
        return self

    def _skip_to(self, step: str, values: Mapping[str, object]) -> None:
        """Mark what comes before `step` as done."""
        case = self.case
        while case.coming is not None and case.coming.step.id != step and len(case.ahead) < _AHEAD:
            coming = case.coming
            value = returned(coming, self._session.deck, values.get(coming.step.id, MISSING))
            case.ahead = (*case.ahead, DoneAhead(coming.step.id, coming.path, coming.sample, value))
        if case.coming is None or case.coming.step.id != step:
            raise ResumeError(f"What is left of {case.name!r} never comes to a step {step!r}.")

    def _doubt(self, step: str | int | None) -> InDoubt:
        self._refuse_problem()
        doubt = self.case.in_doubt
        if doubt is None:
            raise ResumeError(f"No step of {self.case.name!r} is in doubt; resume it, or start again.")
        if step is not None and step not in {doubt.step.intent.step_id, doubt.step.row}:
            raise ResumeError(f"The step in doubt is {doubt.step.intent.step_id!r} ({doubt.doing.label}), not {step!r}.")
        return doubt

    def _decide(self, doubt: InDoubt, decision: Decision) -> Recovery:
        self.case.decide(doubt, decision)
        return self

    def _refuse_problem(self) -> None:
        if self.case.problem:
            raise ResumeError(self.case.problem)

    def _refuse_undecided(self) -> None:
        self._refuse_problem()
        if self.case.undecided:
            doubt = cast("InDoubt", self.case.in_doubt)
            raise ResumeError(
                f"Nobody has decided about {doubt.doing.label} (step {doubt.step.intent.step_id}), which is in doubt: "
                "say recovery.done() or recovery.not_done()."
            )

    # What becomes of the whole

    def resume(self) -> Run:
        """Go on from there, as a run of its own; it is the next in the queue, which stays on hold if it is.

        Raises
        ------
        ResumeError
            When a step is undecided, a value that is needed was lost, or the history and the workflow do not fit together.
        WorkflowError
            With everything that keeps it from being run on the present deck.
        """
        self._refuse_undecided()
        if self.case.may_end_early:
            coming = self.case.coming
            step = "" if coming is None else f" recovery.go_on_from({coming.step.id!r}) goes on where the record ends, at {coming.label}."
            raise ResumeError(f"{self.case.may_end_early} Say from which step to go on.{step}")
        self._session.refresh()
        self.case.refuse_unfit()
        return self._submit(going_on(self._session, self.case.run, self.case.resumption("resume")))

    def cleanup(self) -> Run:
        """Do nothing but the workflow's cleanup, from its beginning, with the values that prep had saved."""
        return self._submit(going_on(self._session, self.case.run, self.case.resumption("cleanup")))

    def start_again(self, iteration: int | None = None) -> Run:
        """Begin a run of its own with iteration `iteration`, by default the first that was not brought to its end; prep runs again."""
        case = self.case
        if iteration is None and case.may_end_early:
            raise ResumeError(
                f"{case.may_end_early} Say with which iteration to begin: by the record that is recovery.start_again({case.iteration})."
            )
        first = case.iteration if iteration is None else iteration
        request = starting_again(self._session, case.run, first)
        run = self._submit(request, self._decided("start_again", {"iteration": first, "key": request.key}))
        self._session.relay.publish(RunDecided(case.run_id))
        return run

    def leave(self) -> None:
        """Do nothing more about the run: it stays interrupted, its step in doubt, and nobody is asked about it again."""
        self._session.store.decide(self._decided("leave", {}))
        self._session.relay.publish(RunDecided(self.case.run_id))

    def _decided(self, choice: str, more: Mapping[str, Plain]) -> RunEvent:
        detail: dict[str, Plain] = {"choice": choice, "operator": self._session.surroundings.operator, **more}
        return RunEvent(self.case.run_id, "decided", self._session.pipeline.clock.now_us(), detail)

    def _submit(self, request: RunRequest, decided: RunEvent | None = None) -> Run:
        self.case.refuse_decided()
        if self.case.waiting:
            raise ResumeError(f"{self.case.waiting!r} waits in the queue and follows from run {self.case.run_id}; take it out there first.")
        return submit_first(self._session, request, decided)

    # How it looks

    def __repr__(self) -> str:
        """Say which run it is, where it was, what is in doubt, and what each choice does."""
        return text_of(self.case)

    def _repr_html_(self) -> str:
        return html_of(self.case)
