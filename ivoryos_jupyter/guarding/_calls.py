"""How does a line of Python become a call of the pipeline, and what comes back?  The driver's own result, or its own exception."""

from __future__ import annotations

import asyncio
import inspect
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ivoryos_jupyter.errors import IvoryOSError, Problem, UnknownNameError
from ivoryos_jupyter.guarding._override import override_now
from ivoryos_jupyter.introspect import original
from ivoryos_jupyter.runner import Call, Caller, Given
from ivoryos_jupyter.schema import LiveReference
from ivoryos_jupyter.workflow import bind_arguments

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from types import TracebackType

    from ivoryos_jupyter.introspect import Deck, Operation
    from ivoryos_jupyter.runner import CallHandle, Pipeline, ThreadExecutor
    from ivoryos_jupyter.schema import Parameter

_PLAIN = frozenset({type(None), bool, int, float, complex, str, bytes})
_CONTAINERS = frozenset({list, tuple, dict, set, frozenset})
_GATHERING = frozenset({"var_positional", "var_keyword"})
_MOST_ITEMS = 64
_OURS = tuple(str(Path(__file__).parents[1] / folder) for folder in ("guarding", "runner", "introspect"))
"""Files whose frames tell a scientist nothing at the top of a driver's traceback."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One call that a line of Python asks for."""

    path: str
    member: str
    target: Callable[..., object]
    """The driver's own function."""
    args: tuple[object, ...] = ()
    kwargs: Mapping[str, object] = field(default_factory=dict)
    operation: Operation = "call"
    coroutine: bool = False
    needs_loop: bool = False
    waits_in_line: bool = False
    parameters: tuple[Parameter, ...] | None = None
    """Those of the method, where its description is at hand."""

    @property
    def label(self) -> str:
        """Name for people."""
        return f"{self.path}.{self.member}"

    @property
    def root(self) -> str:
        """Name of the instrument at the root of the path."""
        return self.path.partition(".")[0].partition("[")[0]


class Calls:
    """Takes calls of guarded instruments through the pipeline."""

    def __init__(self, deck: Deck, path_of: Callable[[object], str], pipeline: Pipeline, executor: ThreadExecutor, operator: str) -> None:
        """Call on `deck`, in the name of `operator`; `path_of` tells where an object is on it."""
        self._deck = deck
        self._path_of = path_of
        self._pipeline = pipeline
        self._executor = executor
        self._operator = operator

    def make(self, asked: Asked) -> object:
        """Make the call and return what the driver returned, or raise what it raised."""
        __tracebackhide__ = True
        caller = Caller(self._executor)
        if caller.goes_straight:
            return asked.target(*map(unwrapped, asked.args), **asked.kwargs)
        try:
            handle = self._submit(asked, caller)
            caller.wait(handle)
        except KeyboardInterrupt:
            raise caller.interrupted(asked.label) from None
        finally:
            caller.leave()
        error = caller.error_of(handle)
        if error is None:
            return handle.result()
        raise clean(error)

    async def make_awaited(self, asked: Asked) -> object:
        """Make the call on the loop and return what the driver returned, or raise what it raised."""
        __tracebackhide__ = True
        caller = Caller(self._executor)
        if caller.goes_straight:
            return await cast("Awaitable[object]", asked.target(*map(unwrapped, asked.args), **asked.kwargs))
        handle = self._submit(asked, caller)
        try:
            return await handle
        except asyncio.CancelledError:
            handle.cancel()
            raise
        except BaseException as raised:  # noqa: BLE001 - raised below, without our frames
            error = caller.error_of(handle) or raised
        finally:
            caller.leave()
        raise clean(error)

    def take_turn(self, label: str, root: object, target: Callable[..., object], args: tuple[object, ...]) -> object:
        """Run one step of a generator on the thread its driver lives on, in the instrument's seat; it is not recorded."""
        __tracebackhide__ = True
        caller = Caller(self._executor)
        error, result = caller.take_turn(self._pipeline.locks, label, root, target, args)
        if error is None:
            return result
        raise clean(error)

    def _submit(self, asked: Asked, caller: Caller) -> CallHandle[object]:
        __tracebackhide__ = True
        try:
            return self._pipeline.submit(self._call(asked, caller), wait_in_line=asked.waits_in_line and not self._would_starve(asked))
        except IvoryOSError as error:
            refusal = clean(error)
        raise refusal

    def _would_starve(self, asked: Asked) -> bool:
        """Whether standing in line here would block the loop that those before us need."""
        if asked.coroutine or not self._executor.would_block():
            return False
        return self._pipeline.locks.may_need_loop(self._deck.resolve(asked.root))

    def _call(self, asked: Asked, caller: Caller) -> Call:
        given = Given(
            asked.target,
            tuple(map(unwrapped, asked.args)),
            {name: unwrapped(value) for name, value in asked.kwargs.items()} if asked.kwargs else {},
            caller,
            asked.coroutine,
            asked.needs_loop,
        )
        said = override_now()
        return Call(
            asked.path,
            asked.member,
            asked.operation,
            self._by_name(asked, given),
            origin="cell" if caller.within is None else "run" if caller.run_key else "driver",
            operator=self._operator,
            take_over=said.take_over,
            run_key=caller.run_key,
            override=said.reason,
            given=given,
        )

    def _by_name(self, asked: Asked, given: Given) -> dict[str, object]:
        """Return the arguments by name, as limits and records see them; raise TypeError as Python does when they do not fit."""
        if asked.operation != "call":
            value = next(iter((*given.args, *given.kwargs.values())), None)
            return {"value": self._referred(value)} if asked.operation == "set" else {}
        parameters = asked.parameters
        if parameters is None:
            try:
                parameters = self._deck.member(asked.path, asked.member, "call").method.parameters
            except UnknownNameError:
                return {}
        found = _simply_bound(given, parameters)
        if found is None:
            problems: list[Problem] = []
            found = bind_arguments(given.args, given.kwargs, parameters, problems)
            gathering = {one.name for one in parameters if one.passing in _GATHERING}
            if problems or not gathering.isdisjoint(given.kwargs):
                found = _bound(asked, given)
        return {name: self._referred(value) for name, value in found.items()}

    def _referred(self, value: object) -> object:
        """Return a reference where `value` is an object of the deck."""
        if type(value) in _PLAIN:
            return value
        path = self._path_of(value)
        return LiveReference(path) if path else value


def _simply_bound(given: Given, parameters: tuple[Parameter, ...]) -> dict[str, object] | None:
    """Return the arguments by name where that is plain to see, which it mostly is; None where it is not."""
    places = [one.name for one in parameters if one.passing == "either"]
    if len(given.args) > len(places) or len(places) < len(parameters):
        return None
    found = dict(zip(places, given.args, strict=False))
    for name, value in given.kwargs.items():
        if name in found or name not in places:
            return None
        found[name] = value
    missing = len(found) < len(places) and any(one.default is None and one.name not in found for one in parameters)
    return None if missing else found


def _bound(asked: Asked, given: Given) -> dict[str, object]:
    """Bind by the driver's own signature, where the deck describes the method otherwise than Python sees it."""
    __tracebackhide__ = True
    try:
        return dict(inspect.signature(asked.target).bind(*given.args, **given.kwargs).arguments)
    except TypeError as error:
        message = str(error)
    except ValueError:  # it has no signature that could be read
        return {}
    raise TypeError(f"{asked.label}() {message}")


def unwrapped(value: object) -> object:
    """Return `value` as the driver shall get it: the real instrument for a guarded one, also within a list or a dict."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind not in _CONTAINERS or not 0 < len(value) <= _MOST_ITEMS:  # type: ignore[arg-type]  # as just seen
        return original(value)
    if kind is dict:
        pairs: dict[object, object] = value  # type: ignore[assignment]
        real = {key: original(item) for key, item in pairs.items()}
        return real if any(real[key] is not item for key, item in pairs.items()) else value
    items: list[object] = list(value)  # type: ignore[call-overload]
    reals = [original(item) for item in items]
    changed = any(one is not two for one, two in zip(items, reals, strict=True))
    return kind(reals) if changed else value  # type: ignore[call-arg]


def clean(error: BaseException) -> BaseException:
    """Return `error` with its traceback beginning at the driver's own frame."""
    return error.with_traceback(_from_driver(error.__traceback__))


def _from_driver(frames: TracebackType | None) -> TracebackType | None:
    while frames is not None and frames.tb_frame.f_code.co_filename.startswith(_OURS):
        frames = frames.tb_next
    return frames
