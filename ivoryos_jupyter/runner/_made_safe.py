"""What came of making everything safe?  A frozen report, and what one holds in hand until it is there."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ivoryos_jupyter.errors import WouldBlockError
from ivoryos_jupyter.runner._looking_up import is_done
from ivoryos_jupyter.runner._safe_plan import no_handler

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

SafeOutcome = Literal["waiting", "running", "done", "failed", "no answer", "not reached"]


@dataclass(frozen=True, slots=True)
class SafeRow:
    """One handler, and what came of it."""

    instruments: tuple[str, ...]
    """The instruments it makes safe."""
    handler: str
    """``pump.stop``, or the name of a function."""
    outcome: SafeOutcome = "waiting"
    """``failed``: it raised. ``no answer``: it did not return in time. ``not reached``: it could not be called."""
    seconds: float | None = None
    """How long it took, in s."""
    error: str = ""
    """What it raised, or why it could not be called."""

    @property
    def done(self) -> bool:
        """Whether it was called and returned."""
        return self.outcome == "done"


@dataclass(frozen=True, slots=True, repr=False)
class MadeSafe:
    """What make safe did; while it is under way, what it has done so far.

    It says what was called and what came back. Whether the hardware is safe, only a look at it can tell.
    """

    started_us: int
    """When it was asked for, in UTC microseconds."""
    ended_us: int | None = None
    """When the last handler had returned or was waited for no longer; None while it is under way."""
    run: str = ""
    """Name of the run that was stopped; empty when none was under way."""
    rows: tuple[SafeRow, ...] = ()
    """The handlers, in the order in which they were called."""
    without: tuple[str, ...] = ()
    """Instruments that have no handler: nothing was called for them."""
    problems: tuple[str, ...] = ()
    """What kept a handler or a setting from being used."""
    interrupted: bool = False
    """Whether a cell was interrupted, because a handler needs the loop it blocked."""
    untrusted: tuple[str, ...] = ()
    """Instruments that are not trusted now until a person has looked at them."""
    under_way: tuple[str, ...] = ()
    """Calls that were asked to stop and had not returned when every handler had been called."""

    @property
    def key(self) -> str:
        """The event of which only the latest matters."""
        return "make safe"

    @property
    def ended(self) -> bool:
        """Whether every handler has been called."""
        return self.ended_us is not None

    @property
    def unreached(self) -> tuple[str, ...]:
        """What could not be reached, for its handler raised, hung or could not be called: instruments, or handlers that stand for none."""
        missed = (row for row in self.rows if row.outcome in {"failed", "no answer", "not reached"})
        return tuple(dict.fromkeys(name for row in missed for name in row.instruments or (row.handler,)))

    @property
    def no_handler(self) -> str:
        """How many instruments have no handler, and the first of them, in words; empty when all have one."""
        return no_handler(self.without)

    @property
    def sentence(self) -> str:
        """The report in one sentence."""
        count = len(self.rows)
        if not self.ended:
            to_go = sum(row.outcome in {"waiting", "running"} for row in self.rows)
            return f"making safe: {to_go} of {count} handlers to go" if count else "making safe"
        done = sum(row.done for row in self.rows)
        parts = [f"{done} of {count} handler{'s' if count != 1 else ''} returned" if count else "no handler was there to call"]
        if self.unreached:
            parts.append(f"could not be reached: {', '.join(self.unreached)}")
        if self.under_way:
            parts.append(f"asked to stop, and not returned: {', '.join(self.under_way)}")
        if self.without:
            parts.append(self.no_handler)
        return "; ".join(parts)

    def __repr__(self) -> str:
        """Return the report as a few lines."""
        lines = [f"Make safe: {self.sentence}."]
        width = max((len(row.handler) for row in self.rows), default=0)
        for row in self.rows:
            took = "" if row.seconds is None else f"  {row.seconds:.2f} s"
            error = f"  {row.error.partition(chr(10))[0]}" if row.error else ""
            lines.append(f"  {row.handler:<{width}}  {row.outcome}{took}{error}")
        if self.run:
            lines.append(f"  The run {self.run!r} was stopped without cleanup.")
        if self.interrupted:
            lines.append("  A cell was interrupted, for a handler needs the notebook's loop.")
        if self.untrusted:
            lines.append(f"  Not trusted until you have looked: {', '.join(self.untrusted)}.")
        lines += [f"  {problem}" for problem in self.problems]
        return "\n".join(lines)


class MakingSafe:
    """Make safe, under way: `report` says how far it is; ``await`` it for the last one."""

    def __init__(self, report: MadeSafe, would_block: Callable[[], bool]) -> None:
        """Stand before the first handler."""
        self.report = report
        """The latest report."""
        self._would_block = would_block
        self._finished: Future[MadeSafe] = Future()
        self._finished.set_running_or_notify_cancel()  # so that nobody who awaits it can cancel it for others

    @property
    def done(self) -> bool:
        """Whether every handler has been called."""
        return self._finished.done()

    def result(self, timeout: float | None = None) -> MadeSafe:
        """Wait at most `timeout` seconds and return the last report.

        Raises
        ------
        WouldBlockError
            On the thread of the notebook's loop, which a handler may need; write ``await``.
        TimeoutError
            When it is not there in time; make safe goes on.
        """
        if not self.done and self._would_block():
            raise WouldBlockError("A handler may need the notebook's loop, which waiting here would block; write `await`.")
        if not is_done(self._finished, timeout):
            raise TimeoutError(f"Make safe has not ended within {timeout:g} s; it goes on.")
        return self._finished.result()

    def __await__(self) -> Generator[object, None, MadeSafe]:
        """Wait without blocking the loop; cancelling the wait leaves make safe alone."""
        import asyncio  # noqa: PLC0415 - only who awaits needs it

        return asyncio.shield(asyncio.wrap_future(self._finished)).__await__()

    def __repr__(self) -> str:
        """Return the latest report."""
        return repr(self.report)

    def settle(self) -> None:
        """Take note that the latest report is the last one."""
        self._finished.set_result(self.report)
