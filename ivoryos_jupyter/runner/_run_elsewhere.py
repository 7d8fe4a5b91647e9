"""What does this kernel know of a run that another kernel has?  What the records say; it obeys no command from here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import CommandError, KernelGoneError
from ivoryos_jupyter.journal import Outcome
from ivoryos_jupyter.runner._control import Control
from ivoryos_jupyter.runner._status import State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.journal import Submission
    from ivoryos_jupyter.runner._status import Choice, StopMoment


def end_as_recorded(control: Control, found: Submission) -> None:
    """End as the records say."""
    control.counts.update({name: number for name, number in found.counts.items() if name in control.counts})
    control.set(
        state=State.ENDED,
        recalled=True,
        run_id=found.run_id,
        outcome=found.outcome,
        started_us=found.started_us,
        ended_us=found.ended_us,
        error=found.error,
        message="",
    )
    control.finished.set_result(control.status)


class RunElsewhere(Control):
    """A run in another kernel: where it is there, and how it ended.

    ::

        QUEUED ──it begins there──▶ RUNNING ──it ends there──▶ ENDED
          │                            └──its kernel dies─────▶ ENDED, interrupted; waiting for it raises `KernelGoneError`
          ├──taken out of the queue there─────────────────────▶ ENDED
          └──its kernel dies──────────────────────────────────▶ ENDED without outcome; waiting for it raises `KernelGoneError`
    """

    lost = False
    """Whether its kernel died before it began: then it may be submitted here."""
    _seen: Submission | None = None

    def see(self, found: Submission | None) -> None:
        """Take in what the records say now; None when they know nothing of it any more."""
        if self.state is State.ENDED or (found is not None and found == self._seen):
            return
        self._seen = found or self._seen
        if found is None:
            self._taken_out()
        elif found.outcome not in {None, Outcome.INTERRUPTED}:
            end_as_recorded(self, found)
        elif found.outcome is Outcome.INTERRUPTED or not found.alive:
            self._die(found)
        else:
            self._stand(found)

    def _stand(self, found: Submission) -> None:
        """Say where it is."""
        if found.run_id is None:
            self.set(state=State.QUEUED, recalled=True, elsewhere=found.kernel, message=f"waits in the queue of {found.kernel}")
            return
        number = f" {found.iteration}" if found.phase == "script" else ""
        self.set(
            state=State.RUNNING,
            recalled=True,
            elsewhere=found.kernel,
            run_id=found.run_id,
            started_us=found.started_us,
            phase=found.phase or "",
            iteration=found.iteration if number else 0,
            message=f"running{f' {found.phase}' if found.phase else ''}{number} in {found.kernel}",
        )

    def _taken_out(self) -> None:
        told = f"taken out of the queue of {self._whose} before it began"
        self.set(state=State.ENDED, recalled=True, outcome=Outcome.STOPPED, message=told)
        self.finished.set_result(self.status)

    def _die(self, found: Submission) -> None:
        """End as a run whose kernel is dead."""
        if found.run_id is None:
            self.lost = True
            told = f"{found.kernel}, in whose queue it waited, has died or was closed before it began; submit it again to run it here"
            self.set(state=State.ENDED, recalled=True, elsewhere=found.kernel, message=told)
        else:
            told = f"{found.kernel} died while it ran; decide what becomes of it: ivoryos.recover({found.run_id})"
            interrupted = {"outcome": Outcome.INTERRUPTED, "run_id": found.run_id, "started_us": found.started_us}
            self.set(state=State.ENDED, recalled=True, elsewhere=found.kernel, error=told, message="", **interrupted)
        self.finished.set_exception(KernelGoneError(f"{self.request.name!r}: {told}."))

    def leave(self) -> None:
        """End the wait of whoever waits here: nobody follows it any more."""
        if not self.finished.done():
            told = f"{self.request.name!r} is followed no longer, for this session is closed; {self._whose} goes on with it."
            self.finished.set_exception(CommandError(told))

    # Commands

    def pause(self, by: str = "") -> None:
        """Refuse."""
        del by
        self._refuse("pause")

    def resume(self) -> None:
        """Refuse."""
        self._refuse("resume")

    def stop(self, moment: StopMoment, *, cleanup: bool | None = None, continue_queue: bool = False) -> None:
        """Refuse, unless it has ended."""
        del moment, cleanup, continue_queue
        if self.state is not State.ENDED:
            self._refuse("stop")

    def answer(self, question_id: str, choice: Choice, value: object, arguments: Mapping[str, object]) -> None:
        """Refuse."""
        del question_id, choice, value, arguments
        self._refuse("answer")

    def _refuse(self, command: str) -> None:
        self._refuse_when_ended(command)
        where = "waits in the queue of" if self.state is State.QUEUED else "is run by"
        raise CommandError(f"{self.request.name!r} {where} {self._whose}, and obeys that kernel only; {command} it there.")

    @property
    def _whose(self) -> str:
        return self._seen.kernel if self._seen is not None else "another kernel"
