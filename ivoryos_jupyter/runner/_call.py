"""What is asked of the pipeline, and what does whoever asked hold in hand?"""

from __future__ import annotations

from concurrent.futures import Future
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Generic, Literal, NamedTuple, TypeVar

from ivoryos_jupyter.errors import ConversionError, Problem, WouldBlockError
from ivoryos_jupyter.runner._looking_up import is_done

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from ivoryos_jupyter.runner._caller import Given

Operation = Literal["call", "get", "set"]
CallStatus = Literal["in line", "running", "done", "failed", "cancelled", "abandoned"]
T = TypeVar("T")
_NOTHING: Mapping[str, object] = MappingProxyType({})


class Call(NamedTuple):
    """One call of an instrument, whoever asks for it; a named tuple is made eight times as fast as a frozen dataclass."""

    path: str
    """Path of the instrument: ``pump``, ``stage.x``; ``blocks`` for a building block."""
    member: str
    """Method, property or block."""
    operation: Operation = "call"
    arguments: Mapping[str, object] = _NOTHING
    """Only those that are given; a property is set by ``{"value": …}``."""
    text: bool = False
    """Whether the arguments are text as typed."""
    origin: str = "panel"
    """Who asks: ``panel``, ``cell``, ``python``, ``run``."""
    operator: str = ""
    timeout_s: float | None = None
    take_over: bool = False
    """Whether it may use an instrument that a paused run holds."""
    run_key: str = ""
    """The run it belongs to; empty for a direct call."""
    override: str = ""
    """A person's reason for making this one call although a limit, an interlock or a budget forbids it; see `override_reason`."""
    also: tuple[tuple[str, str], ...] = ()
    """Other paths and recorded methods that a rule may know it by."""
    given: Given | None = None
    """What a line of Python gave; None where the arguments are converted."""

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """The paths and recorded methods by which a rule may mean it."""
        return ((self.path, self.recorded_method), *self.also)

    @property
    def label(self) -> str:
        """Name for people: ``pump.dispense``."""
        return self.member if self.path == "blocks" else f"{self.path}.{self.member}"

    @property
    def recorded_method(self) -> str:
        """The member as IvoryOS writes it."""
        return f"{self.member}_(setter)" if self.operation == "set" else self.member

    @property
    def root(self) -> str:
        """Name of the object at the root of the path."""
        return root_of(self.path)


def override_reason(text: str) -> str:
    """Return the reason a person gives for an override, trimmed.

    Raises
    ------
    ConversionError
        When it is blank.
    """
    reason = text.strip() if isinstance(text, str) else ""
    if not reason:
        cure = "say in a few words why this call is made all the same; it is recorded with the call"
        raise ConversionError([Problem("override", cure, str(text))], "An override needs a reason:")
    return reason


@lru_cache(maxsize=1024)
def root_of(path: str) -> str:
    """Return the name at the root of `path`."""
    return path.partition(".")[0].partition("[")[0]


class CallHandle(Generic[T]):
    """A call under way: its result is waited for, awaited, or called back with."""

    def __init__(self, call: Call, call_id: int, cancel: Callable[[], None], would_block: Callable[[], bool]) -> None:
        """Stand for `call`, which `cancel` asks to stop."""
        self.call = call
        self.call_id = call_id
        self.status: CallStatus = "in line"
        """Where it is."""
        self.prints = ""
        """What it printed and logged, once it has ended."""
        self.row: int | None = None
        """Id of its record, once the intent is committed."""
        self._future: Future[T] = Future()
        self._future.set_running_or_notify_cancel()  # so that nobody who awaits it can cancel it for others
        self._cancel = cancel
        self._would_block = would_block

    @property
    def done(self) -> bool:
        """Whether it has ended, in whatever way."""
        return self._future.done()

    def result(self, timeout: float | None = None) -> T:
        """Wait at most `timeout` seconds and return the result, or raise what the driver raised.

        Raises
        ------
        WouldBlockError
            When waiting here would stop the loop the call needs; use ``await``.
        """
        if not self.done and self._would_block():
            raise WouldBlockError(f"{self.call.label} needs the loop of this thread, so waiting here would never end; use await.")
        self._wait(timeout)
        return self._future.result()

    def exception(self, timeout: float | None = None) -> BaseException | None:
        """Wait at most `timeout` seconds and return what it raised, or None."""
        self._wait(timeout)
        return self._future.exception()

    def _wait(self, timeout: float | None) -> None:
        if not is_done(self._future, timeout):
            raise TimeoutError(f"{self.call.label} has not returned within {timeout:g} s; it goes on.")

    def cancel(self) -> None:
        """Ask it to stop; see `status` for what came of it. Stopping a call is no promise that the hardware stopped."""
        self._cancel()

    def add_done_callback(self, callback: Callable[[CallHandle[T]], None]) -> None:
        """Call `callback` with this handle when it has ended, on any thread."""
        self._future.add_done_callback(lambda _: callback(self))

    def __await__(self) -> Generator[object, None, T]:
        """Wait without blocking the loop."""
        import asyncio  # noqa: PLC0415 - only who awaits needs it

        return asyncio.wrap_future(self._future).__await__()

    def settle(self, status: CallStatus, result: T | None = None, error: BaseException | None = None) -> None:
        """End it; for the pipeline."""
        self.status = status
        if error is not None:
            self._future.set_exception(error)
        else:
            self._future.set_result(result)  # type: ignore[arg-type]  # T is object wherever the result may be None
