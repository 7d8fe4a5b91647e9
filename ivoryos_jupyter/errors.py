"""Every error this package raises, in one tree; each says what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with one field, in words a scientist can act on."""

    field: str
    """Where it is: a parameter, a table cell (``row 3, volume``), a setting."""
    message: str
    """What is wrong and how to mend it, as one sentence."""
    value: str = ""
    """The offending value as it was given, as text."""

    def __str__(self) -> str:
        """Return ``field: message``."""
        return f"{self.field}: {self.message}" if self.field else self.message


class IvoryOSError(Exception):
    """Base of every error of this package."""


class ProblemsError(IvoryOSError, ValueError):
    """Input that cannot be used; ``problems`` lists everything that is wrong at once."""

    def __init__(self, problems: Iterable[Problem], headline: str = "") -> None:
        """Keep `problems` and build the message from all of them."""
        self.problems = tuple(problems)
        self.headline = headline
        lines = [str(problem) for problem in self.problems]
        if headline:
            lines.insert(0, headline)
        super().__init__("\n".join(lines))


class ConversionError(ProblemsError):
    """Values that do not fit the parameters they were given for."""


class LimitError(ProblemsError):
    """Values outside the limits of ``safety.json``."""


class RuleError(ProblemsError):
    """A rule of ``rules.json`` forbids the call; the first line says all, for where only that is shown."""

    def __init__(self, problems: Iterable[Problem], headline: str = "") -> None:
        """Keep `problems` and build the message in one line."""
        super().__init__(problems, headline)
        self.args = (" ".join(filter(None, (headline, "; ".join(map(str, self.problems))))),)


class InterlockError(RuleError):
    """An interlock of ``rules.json`` does not hold, or cannot be evaluated; the call was not made."""


class BudgetError(RuleError):
    """The call would use more than a budget of ``rules.json`` has left."""


class NotReadError(IvoryOSError, RuntimeError):
    """A property could not be read in time, or its driver raised; the message says why."""


class WorkflowError(ProblemsError):
    """A workflow that cannot be built, read or run as it is."""


class ExpressionError(WorkflowError):
    """An expression outside the small language that workflows may use."""


class SafetyFileError(IvoryOSError, RuntimeError):
    """A file of limits, rules, safe states or the guard cannot be read or changed; the message says what holds until it can."""


class UnknownNameError(IvoryOSError, LookupError):
    """A name that does not exist in the deck, the library or the records."""


class OfflineError(IvoryOSError, RuntimeError):
    """A call on a deck that was loaded from its description, without the hardware."""


class BusyError(IvoryOSError, RuntimeError):
    """The instrument belongs to a run, or another call runs on it."""


class NotTrustedError(IvoryOSError, RuntimeError):
    """The instrument was left in the middle of a call and nobody has checked it since."""


class CallTimeoutError(IvoryOSError, TimeoutError):
    """A call took longer than its time-out."""


class DriverError(IvoryOSError, RuntimeError):
    """A driver raised what is no `Exception`, such as SystemExit; it is the cause of this error."""


class CallStoppedError(IvoryOSError, RuntimeError):
    """The call was stopped by a person; whether the hardware stopped is another question."""


class CommandError(IvoryOSError, RuntimeError):
    """A command that cannot be obeyed in the present state."""


class NotLoadedError(CommandError, AttributeError):
    """There is no session yet; also an AttributeError, because ``ivoryos.deck`` is not there before."""


class KernelGoneError(IvoryOSError, RuntimeError):
    """The kernel that had the run has died; the message says what became of the run, and what can be done."""


class ResumeError(CommandError):
    """An interrupted run that cannot be gone on with as asked; the message says what is missing, or what can be done instead."""


class LostValueError(IvoryOSError, RuntimeError):
    """A value of an interrupted run that was not kept in full, such as a live object, and is needed now."""


class WouldBlockError(CommandError):
    """Waiting here would stop the very loop that the run needs; use ``await run``."""


class RecordsError(IvoryOSError, RuntimeError):
    """The database cannot be opened, read or written."""


class BegunElsewhereError(RecordsError):
    """The run was begun by another kernel meanwhile, which had taken it over from the queue."""


class NoticeError(IvoryOSError, RuntimeError):
    """A notice that could not be sent."""


class StopRequested(BaseException):
    """The person asked to stop; a driver's ``except Exception`` must not swallow it."""
