"""Which stand-in does an object have, and what does it give when it is asked?  One per object, as long as somebody holds it."""

from __future__ import annotations

import functools
import inspect
import threading
import types
import weakref
from typing import TYPE_CHECKING, cast

from ivoryos_jupyter.errors import UnknownNameError
from ivoryos_jupyter.guarding._calls import Asked, Calls, unwrapped
from ivoryos_jupyter.guarding._classes import class_for, special
from ivoryos_jupyter.guarding._stand_in import PLAIN, Guarded
from ivoryos_jupyter.guarding._surface import VALUE, VIEW, Signal, Surface, surface_of
from ivoryos_jupyter.introspect import instance_members, original

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from ivoryos_jupyter.introspect import LiveDeck, Operation

_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, functools.partial, types.MethodWrapperType)
_HOLDERS = (list, tuple, dict, types.SimpleNamespace)
_EMPTY: dict[object, object] = {}
_VIEWS: tuple[type, ...] = (type(_EMPTY.keys()), type(_EMPTY.values()), type(_EMPTY.items()))
_ITERATORS: tuple[type, ...] = (
    type(iter([])),
    type(iter(())),
    *(type(iter(one)) for one in (_EMPTY.keys(), _EMPTY.values(), _EMPTY.items())),
)
_MOST_ITEMS = 64
_VERBS: dict[str, Operation] = {"get": "get", "get_value": "get", "set": "set", "put": "set", "trigger": "call"}
"""What the libraries call the getting and setting of an object that is itself a property of the deck."""
_SET_CLASS = object.__dict__["__class__"].__set__
_DUNDERS = frozenset({"__enter__", "__exit__", "__aenter__", "__aexit__", "__call__"})


class Keeper:
    """Makes stand-ins, keeps one per object, and takes what is asked of them to the pipeline."""

    def __init__(self, deck: LiveDeck, calls: Calls) -> None:
        """Stand for objects of `deck`."""
        self._deck = deck
        self._calls = calls
        self._lock = threading.RLock()
        self._stand_ins: weakref.WeakValueDictionary[int, Guarded] = weakref.WeakValueDictionary()
        self.chosen: weakref.WeakValueDictionary[int, Guarded] = weakref.WeakValueDictionary()
        """The guarded instruments, by the identity of the object."""
        self.in_line: set[int] = set()
        """Identities of those whose calls wait for their turn instead of being refused."""

    def stand_in(self, obj: object, path: str, holder: Guarded | None = None, signal: Signal | None = None) -> Guarded:
        """Return the one stand-in of `obj`; `holder` is what it was reached through, and keeps it."""
        with self._lock:
            found = self._stand_ins.get(id(obj))
            if found is None:
                surface = surface_of(self._deck, path, obj, signal)
                found = self._stand_ins[id(obj)] = self._new(obj, surface)
            if holder is not None:
                holder._ivoryos_kin[id(obj)] = found  # noqa: SLF001 - its own class
            return found

    def _new(self, obj: object, surface: Surface) -> Guarded:
        made = object.__new__(class_for(obj, surface))
        for name, value in (("_ivoryos_original", obj), ("_ivoryos_keeper", self), ("_ivoryos_kin", {}), ("_ivoryos_surface", surface)):
            object.__setattr__(made, name, value)
        return made

    def refresh(self) -> None:
        """Give each stand-in the members that its object has by now."""
        with self._lock:
            for one in list(self._stand_ins.values()):
                surface, obj = one._ivoryos_surface, original(one)  # noqa: SLF001 - its own class
                path = self._deck.path_of(obj)
                if path and not surface.view:
                    fresh = surface_of(self._deck, path, obj, surface.signal)
                    if not fresh.same_as(surface):
                        _SET_CLASS(one, class_for(obj, fresh))
                        object.__setattr__(one, "_ivoryos_surface", fresh)

    def known(self, obj: object) -> Guarded | None:
        """Return the stand-in of a guarded object of the deck, made when it is a part; None when it is not guarded."""
        if type(obj) in PLAIN:
            return None
        path = self._deck.path_of(obj)
        root = self._root(path) if path else None
        return root if root is None or original(root) is original(obj) else self.stand_in(original(obj), path, root)

    def _root(self, path: str) -> Guarded | None:
        root = path.partition(".")[0].partition("[")[0]
        return self.chosen.get(id(self._deck.resolve(root)))

    # --- what attributes and results become

    def handed_out(self, stand_in: Guarded, name: str, found: object) -> object:
        """Return what is given for the attribute `name`, which holds `found`."""
        surface = stand_in._ivoryos_surface  # noqa: SLF001 - its own class
        if surface.view:
            return self._of_view(stand_in, found) if callable(found) else self.given_back(stand_in, found)
        if surface.signal is not None and name in _VERBS and callable(found):
            return self._function(stand_in, name, found)
        if name in surface.signals or name in surface.methods:
            return self._member(stand_in, name, found)
        known = self.known(found)
        if known is None and self._is_view(found, may_be_plain=name in surface.holders):
            return self._view(stand_in, found)
        return _or(known, found)

    def _member(self, stand_in: Guarded, name: str, found: object) -> object:
        """Return what is given for a member that the instance holds: a function, or an object that is got, set or called."""
        if isinstance(found, _FUNCTIONS):
            return self._function(stand_in, name, cast("Callable[..., object]", found))
        return self._signal(stand_in, name, found)

    def _is_view(self, found: object, *, may_be_plain: bool) -> bool:
        """Whether `found` is a container that parts of instruments are reached through, the driver's own or Python's."""
        if isinstance(found, _HOLDERS):
            return may_be_plain
        return _gives_items(found) and any(self._holds(value) for _, value in instance_members(found))

    def _signal(self, stand_in: Guarded, name: str, found: object) -> object:
        path = self._path(stand_in)
        is_method = name not in stand_in._ivoryos_surface.signals  # noqa: SLF001 - its own class
        return self.stand_in(found, f"{path}.{name}", stand_in, Signal(path, name, is_method))

    def _view(self, stand_in: Guarded, found: object) -> Guarded:
        kin = stand_in._ivoryos_kin  # noqa: SLF001 - its own class
        made = kin.get(id(found))
        if made is None or original(made) is not found:
            made = kin[id(found)] = self._new(found, VIEW)
            object.__setattr__(made, "_ivoryos_kin", kin)
        return made

    def _of_view(self, view: Guarded, found: Callable[..., object]) -> Callable[..., object]:
        @functools.wraps(found)
        def call(*args: object, **kwargs: object) -> object:
            return self.given_back(view, found(*map(original, args), **kwargs))

        return call

    def _function(self, stand_in: Guarded, name: str, found: Callable[..., object]) -> Callable[..., object]:
        """Return a function for a method that the instance holds, or that is written in C."""
        if inspect.iscoroutinefunction(found):

            async def awaited(*args: object, **kwargs: object) -> object:
                __tracebackhide__ = True
                return await self.awaited(stand_in, name, args, kwargs)

            return functools.update_wrapper(awaited, found)

        def called(*args: object, **kwargs: object) -> object:
            __tracebackhide__ = True
            return self.called(stand_in, name, args, kwargs)

        called.__self__ = stand_in  # type: ignore[attr-defined]  # as a bound method has it
        called.__name__ = called.__qualname__ = name
        return functools.update_wrapper(called, found)

    def given_back(self, stand_in: Guarded, found: object) -> object:
        """Return what is given for `found`: the stand-in of a guarded object, also within what a container gives; else itself."""
        kind = type(found)
        if kind in PLAIN:
            return found
        known = self.known(found)
        if known is not None:
            return known
        if kind in _ITERATORS:
            return map(functools.partial(self.given_back, stand_in), found)  # type: ignore[call-overload]
        if kind in _VIEWS:
            return [self._item(stand_in, one) for one in found]  # type: ignore[attr-defined]
        if self._holds(found):
            return tuple(self._item(stand_in, one) for one in found) if kind is tuple else self._view(stand_in, found)  # type: ignore[attr-defined]
        return found

    def _item(self, stand_in: Guarded, item: object) -> object:
        return tuple(_or(self.known(one), one) for one in item) if type(item) is tuple else self.given_back(stand_in, item)

    def _holds(self, found: object) -> bool:
        if type(found) not in {list, tuple, dict} or not 0 < len(found) <= _MOST_ITEMS:  # type: ignore[arg-type]  # as just seen
            return False
        items = found.values() if isinstance(found, dict) else cast("list[object]", found)
        return any(type(one) not in PLAIN and self.known(one) is not None for one in items)

    # --- what is asked of the pipeline

    def called(self, stand_in: Guarded, name: str, args: tuple[object, ...], kwargs: dict[str, object]) -> object:
        """Call the method `name` and return what the driver returns."""
        __tracebackhide__ = True
        return self.given_back(stand_in, self._calls.make(self._asked(stand_in, name, args, kwargs)))

    async def awaited(self, stand_in: Guarded, name: str, args: tuple[object, ...], kwargs: dict[str, object]) -> object:
        """Call the coroutine method `name`."""
        __tracebackhide__ = True
        return self.given_back(stand_in, await self._calls.make_awaited(self._asked(stand_in, name, args, kwargs, coroutine=True)))

    def stepped(self, stand_in: Guarded, name: str, found: object) -> Generator[object, object, object]:
        """Yield what the generator `found` yields, which the method `name` gave; each step runs where the driver lives."""
        steps = cast("Generator[object, object, object]", found)
        root = self._root(self._path(stand_in))
        turn = functools.partial(self._calls.take_turn, f"{self._path(stand_in)}.{name}", original(root))
        step: Callable[..., object] = steps.send
        given: tuple[object, ...] = (None,)
        while True:
            try:
                item = turn(step, given)
            except StopIteration as end:
                return end.value
            try:
                step, given = steps.send, ((yield self.given_back(stand_in, item)),)
            except GeneratorExit:
                turn(steps.close, ())
                raise
            except BaseException as error:  # noqa: BLE001 - the driver's generator decides what comes of it
                step, given = steps.throw, (error,)

    def read(self, stand_in: Guarded, name: str) -> object:
        """Read a property."""
        __tracebackhide__ = True
        obj = original(stand_in)
        path, member = self._property(stand_in, name)
        asked = Asked(path, member, functools.partial(getattr, obj, name), operation="get", waits_in_line=self._waits(stand_in))
        return self.given_back(stand_in, self._calls.make(asked))

    def put(self, stand_in: Guarded, name: str, value: object) -> None:
        """Set a property."""
        __tracebackhide__ = True
        obj = original(stand_in)
        settable = name in stand_in._ivoryos_surface.settable  # noqa: SLF001 - its own class
        if not settable:
            setattr(obj, name, unwrapped(value))  # the driver says why it cannot be set
            return
        path, member = self._property(stand_in, name)
        put = functools.partial(setattr, obj, name)
        self._calls.make(Asked(path, member, put, (value,), operation="set", waits_in_line=self._waits(stand_in)))

    def _property(self, stand_in: Guarded, name: str) -> tuple[str, str]:
        signal = stand_in._ivoryos_surface.signal  # noqa: SLF001 - its own class
        return (signal.path, signal.name) if signal is not None and name == VALUE else (self._path(stand_in), name)

    def _asked(
        self, stand_in: Guarded, name: str, args: tuple[object, ...], kwargs: dict[str, object], *, coroutine: bool = False
    ) -> Asked:
        obj, surface = original(stand_in), stand_in._ivoryos_surface  # noqa: SLF001 - its own class
        target: Callable[..., object] = special(obj, name) if name in _DUNDERS else getattr(obj, name)
        waits = self._waits(stand_in)
        if surface.signal is not None and (operation := _operation(surface.signal, name, args, kwargs)) is not None:
            awaited = inspect.iscoroutinefunction(target)
            needs_loop = not awaited and _is_awaitable_later(target)
            return Asked(surface.signal.path, surface.signal.name, target, args, kwargs, operation, awaited or coroutine, needs_loop, waits)
        method = surface.methods.get(name)
        needs_loop = method is not None and method.coroutine and not coroutine
        parameters = None if method is None else method.parameters
        return Asked(self._path(stand_in), name, target, args, kwargs, "call", coroutine, needs_loop, waits, parameters)

    def _path(self, stand_in: Guarded) -> str:
        path = self._deck.path_of(stand_in)
        signal = stand_in._ivoryos_surface.signal  # noqa: SLF001 - its own class
        if not path and signal is not None:
            return f"{signal.path}.{signal.name}"
        if not path:
            what = type(original(stand_in)).__name__
            raise UnknownNameError(
                f"This {what} is guarded, and has no name on the deck any more: give it one, or say ivoryos.unguard(it)."
            )
        return path

    def _waits(self, stand_in: Guarded) -> bool:
        return id(original(stand_in)) in self.in_line


def _gives_items(found: object) -> bool:
    """Whether `found` is a container of a library's own."""
    kind = type(found)
    return not isinstance(found, _FUNCTIONS) and hasattr(kind, "__getitem__")


def _operation(signal: Signal, name: str, args: tuple[object, ...], kwargs: dict[str, object]) -> Operation | None:
    """Return what a call of an object that is a member of the deck means; None when it means nothing of the kind."""
    if signal.is_method:
        return "call" if name in {"__call__", "trigger"} else None
    if name == "__call__":
        return "set" if args or kwargs else "get"
    return _VERBS.get(name)


def _is_awaitable_later(target: Callable[..., object]) -> bool:
    return inspect.iscoroutinefunction(inspect.unwrap(target))


def _or(known: Guarded | None, found: object) -> object:
    """Return `known`, else `found`; a stand-in may count as false."""
    return found if known is None else known
