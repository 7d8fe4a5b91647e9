"""How is one run driven from prep to its end?  The interpreter says what, this does it and answers for it."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING

from ivoryos_jupyter.journal import Outcome, PhaseStarted
from ivoryos_jupyter.runner._doers import Doers
from ivoryos_jupyter.runner._effects import AskAboutError, BeginPhase, Delay, Doing, Done, EndPhase, Note, Retry, Skip
from ivoryos_jupyter.runner._flight import error_text
from ivoryos_jupyter.runner._gates import recordable
from ivoryos_jupyter.runner._replay import PastError
from ivoryos_jupyter.runner._restore import begin_anew
from ivoryos_jupyter.runner._snapshots import take_snapshot
from ivoryos_jupyter.runner._station import LeaveRun
from ivoryos_jupyter.runner._status import Question, State
from ivoryos_jupyter.runner._steps import Attempt
from ivoryos_jupyter.runner._waits import Waits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.runner._effects import Effect, Reply, StepEffect
    from ivoryos_jupyter.runner._restore import Restored
    from ivoryos_jupyter.runner._station import Station
    from ivoryos_jupyter.schema import Plain
    from ivoryos_jupyter.workflow import Workflow


_log = logging.getLogger(__name__)


class Drive:
    """Drives one run on the runner thread.

    Parameters
    ----------
    station
        Where it hears, obeys, asks and writes.
    workflow
        What is run.
    bound
        Generations of the objects it was submitted with, by name.
    restored
        Where it begins when it goes on with another run; None for the beginning.
    """

    def __init__(self, station: Station, workflow: Workflow, bound: Mapping[str, int], restored: Restored | None = None) -> None:
        """Stand before prep, or where the run that it goes on with stood."""
        self._station = station
        self._control = station.control
        self._request = station.control.request
        self._begins = restored or begin_anew(workflow, self._request)
        self._program = self._begins.program
        self._ending = self._begins.ending
        self._doers = Doers(station, bound)
        self._waits = Waits(station)
        self._leg = BeginPhase("prep", 1)

    def run(self) -> None:
        """Drive to the end; the run and its phases are then closed in the records."""
        self._control.set(state=State.RUNNING, iterations=self._program.plan.iterations)
        take_snapshot(self._station, "start")
        under_way = self._begins.leg
        broken = False
        while True:
            try:
                if under_way is not None:
                    leg, under_way = under_way, None
                    self._begin(leg)
                self._go()
                break
            except LeaveRun as leaving:
                self._leave(leaving)
            except Exception as error:  # noqa: BLE001 - the run must be closed whatever happens
                _log.exception("The runner itself failed")
                text = f"The runner itself failed: {error_text(error)}"
                if broken:
                    self._ending.outcome, self._ending.error = Outcome.FAILED, self._ending.error or text
                    break
                broken = True  # cleanup is tried once
                self._leave(LeaveRun("failed", text))
        self._finish()

    def _go(self) -> None:
        program, station, control = self._program, self._station, self._control
        while (effect := program.next()) is not None:
            if not isinstance(effect, EndPhase):
                try:
                    station.checkpoint()
                except LeaveRun:
                    if not self._ends_in_cleanup(effect):
                        raise
                if control.urgent and control.stopping == "row" and not self._ends_in_cleanup(effect):
                    self._last_row()
                    if effect is not program.next():
                        continue
            program.feed(self._perform(effect))

    def _ends_in_cleanup(self, effect: Effect) -> bool:
        """Let a stop that came between the script and cleanup end in cleanup, as it would have anyway; False when it is to be obeyed."""
        return isinstance(effect, BeginPhase) and effect.phase == "cleanup" and self._control.stop_is_obeyed(before_cleanup=True)

    def _last_row(self) -> None:
        """Obey a stop after this row: nothing is begun after it, and it counts as a stop when rows are left."""
        program = self._program
        if program.phase != "cleanup" and program.no_more_rows():
            self._ended_as(Outcome.STOPPED)

    def _ended_as(self, outcome: Outcome) -> None:
        """Take note of how it ended, the first time, and decide about cleanup."""
        self._ending.outcome = outcome
        wanted = outcome.value in self._request.cleanup_after if self._control.cleanup is None else self._control.cleanup
        self._program.want_cleanup(wanted=wanted)
        if not wanted:
            self._station.note("cleanup_skipped", {"outcome": outcome.value})

    def _leave(self, leaving: LeaveRun) -> None:
        """Leave the phase under way, for cleanup or for the end."""
        if self._control.overdue and self._program.phase != "cleanup":
            leaving = LeaveRun("failed", "\n\n".join(filter(None, (f"{self._control.why}.", leaving.error))))
        if self._program.phase == "cleanup":
            self._ending.left_cleanup(leaving.status, leaving.error or f"{self._control.why}, in cleanup.")
            self._program.want_cleanup(wanted=False)
        else:
            self._ended_as(self._ending.left(leaving.status, leaving.error))
            self._control.set(left_as=leaving.status, error=leaving.error)
        self._program.leave(leaving.status, leaving.error)
        kind = "stop" if leaving.status == "stopped" else "ended_by_error"
        self._station.note(kind, {"moment": self._control.stopping, "phase": self._leg.phase})
        if not self._control.stop_is_obeyed():
            self._program.want_cleanup(wanted=False)

    def _perform(self, effect: Effect) -> Reply:
        if isinstance(effect, Doing):
            return self._step(effect)
        if isinstance(effect, Note):
            self._note(effect)
        elif isinstance(effect, BeginPhase):
            self._begin(effect)
        elif isinstance(effect, EndPhase):
            self._end(effect)
        elif isinstance(effect, Delay):
            self._control.counts["retried"] += 1
            self._station.note("retried", {"step": effect.step.id, "label": effect.label, "after_s": effect.seconds})
            self._waits.for_seconds(effect.seconds, keep_counting=True, show=lambda _: None)
        elif isinstance(effect, AskAboutError):
            return self._ask(effect)
        else:
            raise LeaveRun("failed", full_text(effect.error))
        return Done()

    def _step(self, effect: StepEffect) -> Reply:
        leg = self._leg
        sample = leg.samples[effect.sample] if effect.sample < len(leg.samples) else None
        return self._doers.do(effect, Attempt(self._station, effect, leg.phase, leg.iteration, sample))

    def _note(self, note: Note) -> None:
        if note.kind == "loop":  # the rounds stand in the paths of their steps; an event for each would cost as much as a step
            return
        if note.kind == "skipped":
            self._control.counts["skipped"] += 1
        self._station.note(note.kind, note.detail)

    def _begin(self, leg: BeginPhase) -> None:
        station = self._station
        started = PhaseStarted(station.run_id, leg.phase, leg.iteration, station.clock.now_us(), leg.rows, leg.samples)
        station.phase_id = station.commit(lambda: station.recorder.begin_phase(started))
        self._leg = leg
        self._control.set(phase=leg.phase, iteration=leg.iteration if leg.phase == "script" else 0)
        if self._control.stopping:  # it came while the beginning was written
            self._ends_in_cleanup(leg)

    def _end(self, ended: EndPhase) -> None:
        station = self._station
        phase_id, now = station.phase_id, station.clock.now_us()
        status, outputs, error = ended.status, ended.outputs, ended.error
        with contextlib.suppress(LeaveRun):  # it is kept then, and the next checkpoint obeys
            station.commit(lambda: station.recorder.end_phase(phase_id, status, now, outputs, error), keep=True)

    def _ask(self, effect: AskAboutError) -> Reply:
        station, doing = self._station, effect.doing
        text = full_text(effect.error)
        arguments = recordable(doing.arguments)
        detail: dict[str, Plain] = {"step": doing.step.id, "label": doing.label, "message": text.partition("\n\n")[0]}
        station.note("error", detail)
        question = Question(
            station.next_question(),
            "error",
            f"{doing.label} failed: {text.partition(chr(10))[0]}",
            ("retry", "skip", "stop"),
            doing.step.id,
            doing.label,
            text,
            arguments,
        )
        answer = station.ask(question, lambda changed: self._doers.judge(doing, changed))
        if answer.choice == "retry":
            self._control.counts["retried"] += 1
            station.note("retried", {"step": doing.step.id, "label": doing.label, "arguments": recordable(answer.arguments)})
            return Retry(answer.arguments)
        self._control.counts["skipped"] += 1
        station.note("skipped", {"step": doing.step.id, "label": doing.label})
        return Skip()

    def _finish(self) -> None:
        """Close the run in the records, and say how it ended."""
        station, control, ending = self._station, self._control, self._ending
        take_snapshot(station, "end")
        counts: dict[str, object] = dict(control.counts)
        detail = {**counts, "error": ending.error, "cleanup_error": ending.cleanup_error}
        ended = station.clock.now_us()
        outcome, run_id = ending.outcome, station.run_id
        with contextlib.suppress(LeaveRun):  # it is kept then, and written when the records are back
            station.commit(lambda: station.recorder.end_run(run_id, outcome, ended, detail), keep=True)
        control.set(
            state=State.ENDED,
            outcome=outcome,
            ended_us=ended,
            error=ending.error,
            cleanup_error=ending.cleanup_error,
            step=None,
            question=None,
            pausing=False,
            stopping=None,
            message="",
        )


def full_text(error: BaseException) -> str:
    """Return the full text of an error; of one from before the kernel died, as it was written down then."""
    return str(error) if isinstance(error, PastError) else error_text(error)
