"""What may a person tell a run?  The handle that `submit` gives back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ivoryos_jupyter.errors import WouldBlockError
from ivoryos_jupyter.runner._answers import read_answer
from ivoryos_jupyter.runner._looking_up import is_done

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from ivoryos_jupyter.journal import RunRequest
    from ivoryos_jupyter.runner._control import Control
    from ivoryos_jupyter.runner._status import Choice, RunStatus


class RunHandle:
    """A submitted run: its status, its end, and the commands it obeys. Each command may be given twice."""

    def __init__(self, control: Control, stop: Callable[..., None], would_block: Callable[[], bool], *, existed: bool = False) -> None:
        """Stand for the run of `control`."""
        self._control = control
        self._stop = stop
        self._would_block = would_block
        self.existed = existed
        """Whether the same submission had been made before, so that this is the run from then."""

    @property
    def parts(self) -> tuple[Control, Callable[..., None], Callable[[], bool]]:
        """What makes another handle of the same run."""
        return self._control, self._stop, self._would_block

    @property
    def key(self) -> str:
        """Key of the submission."""
        return self._control.request.key

    @property
    def request(self) -> RunRequest:
        """What was submitted."""
        return self._control.request

    @property
    def status(self) -> RunStatus:
        """A snapshot of where it is."""
        return self._control.status

    def pause(self, by: str = "") -> RunStatus:
        """Pause at the next checkpoint, inside a wait at once; `by` is shown to whoever looks."""
        self._control.pause(by)
        return self.status

    def resume(self) -> RunStatus:
        """Go on."""
        self._control.resume()
        return self.status

    def stop(
        self,
        *,
        after: Literal["step", "row"] = "step",
        now: bool = False,
        cleanup: bool | None = None,
        continue_queue: bool = False,
    ) -> RunStatus:
        """Stop after the step under way, after the row under way, or now.

        Parameters
        ----------
        after
            ``step``: when the step under way is done, inside a wait at once. ``row``: when the row under way is done.
        now
            At once: waits, ``ivoryos.sleep()`` and coroutines end; a call that does not return is stopped by its driver's own ``stop()``,
            where it has one, and then given up.
        cleanup
            Whether the cleanup phase runs; None for as it was submitted.
        continue_queue
            Whether the next run in the queue may begin; else the queue is on hold then.
        """
        self._stop(self._control, "now" if now else after, cleanup=cleanup, continue_queue=continue_queue)
        return self.status

    def answer(
        self,
        choice: Choice,
        value: object = None,
        *,
        arguments: Mapping[str, object] | None = None,
        question_id: str | None = None,
    ) -> RunStatus:
        """Answer what the run asks.

        Parameters
        ----------
        choice
            One of ``run.status.question.choices``.
        value
            The value, where one is asked for.
        arguments
            With ``retry``: arguments to use in place of those that failed.
        question_id
            Which question; None for the one that is open.

        Raises
        ------
        ConversionError
            When the value, or an argument for the retry, does not fit; the question stays open.
        LimitError
            When an argument for the retry is outside a limit; the question stays open.
        CommandError
            When nothing is asked, `choice` is no answer to it, or another answer was given already.
        """
        question = self.status.question
        chosen = question_id or (question.id if question is not None else "")
        meant = self._control.asked(chosen)
        if choice == "value" and meant is not None and meant.type:
            value = read_answer(meant, value)
        judge = self._control.judge
        if choice == "retry" and arguments and question is not None and question.id == chosen and judge is not None:
            judge(arguments)
        self._control.answer(chosen, choice, value, arguments or {})
        return self.status

    def retry(self, arguments: Mapping[str, object] | None = None, /, **changed: object) -> RunStatus:
        """Answer an error: do the step again, with these arguments in place of those that failed; by name, or as a dict."""
        return self.answer("retry", arguments={**(arguments or {}), **changed})

    def skip(self) -> RunStatus:
        """Answer an error: go on without the step."""
        return self.answer("skip")

    def wait(self, timeout: float | None = None) -> RunStatus:
        """Wait for the end, at most `timeout` seconds, and return the final status.

        Raises
        ------
        WouldBlockError
            When the run needs the notebook's loop, which waiting here would block; write ``await run``.
        TimeoutError
            When it has not ended in time; the run goes on.
        KernelGoneError
            When another kernel had it, and died.
        """
        if not self._control.finished.done() and self._control.needs_loop and self._would_block():
            raise WouldBlockError("This run needs the notebook's loop, which waiting here would block. Write `await run` instead.")
        if not is_done(self._control.finished, timeout):
            raise TimeoutError(f"The run has not ended within {timeout:g} s; it goes on.")
        return self._control.finished.result()

    def __await__(self) -> Generator[object, None, RunStatus]:
        """Wait for the end without blocking the loop; cancelling the wait, as Ctrl-C does, leaves the run alone."""
        import asyncio  # noqa: PLC0415 - only who awaits needs it

        return asyncio.shield(asyncio.wrap_future(self._control.finished)).__await__()
