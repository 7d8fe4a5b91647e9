"""Which class does a stand-in have?  One with the special methods, the methods and the properties of the original, and no others."""

from __future__ import annotations

import functools
import inspect
import types
from typing import TYPE_CHECKING, Protocol, cast

from ivoryos_jupyter.guarding._stand_in import Guarded
from ivoryos_jupyter.introspect import original

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator

    from ivoryos_jupyter.guarding._surface import Surface

_ORDER = frozenset({"__lt__", "__le__", "__gt__", "__ge__"})
_OF_THE_CLASS = frozenset({
    "__new__", "__init__", "__del__", "__getattribute__", "__getattr__", "__slots__", "__weakref__", "__module__",
    "__qualname__", "__name__", "__annotations__", "__annotate__", "__annotate_func__", "__annotations_cache__",
    "__abstractmethods__", "__orig_bases__", "__parameters__", "__class_getitem__", "__get__", "__set__", "__delete__",
    "__set_name__", "__mro_entries__", "__subclasses__", "__getnewargs__", "__getnewargs_ex__", "__setstate__", "__wrapped__",
    "__match_args__", "__dataclass_fields__", "__dataclass_params__", "__static_attributes__", "__firstlineno__",
    "__instancecheck__", "__subclasscheck__", "__prepare__", "__post_init__", "__replace__",
})  # fmt: skip
"""Special names that mean something only on the class that defines them."""
_OWN = (frozenset(dir(Guarded)) - _ORDER) | _OF_THE_CLASS
"""Special names that a stand-in answers itself, and those."""
_CALLED = frozenset({"__enter__", "__exit__"})
_AWAITED = frozenset({"__aenter__", "__aexit__"})
_FUNCTIONS = (types.FunctionType, staticmethod, classmethod, functools.partialmethod)


class Maker(Protocol):
    """Who makes the calls of stand-ins."""

    def called(self, stand_in: Guarded, name: str, args: tuple[object, ...], kwargs: dict[str, object]) -> object:
        """Call the method `name` and return what the driver returns."""

    def awaited(self, stand_in: Guarded, name: str, args: tuple[object, ...], kwargs: dict[str, object]) -> Awaitable[object]:
        """Call the coroutine method `name`."""

    def stepped(self, stand_in: Guarded, name: str, found: object) -> Generator[object, object, object]:
        """Return the generator `found` that the method `name` gave, to be run where the driver lives."""

    def read(self, stand_in: Guarded, name: str) -> object:
        """Read a property."""

    def put(self, stand_in: Guarded, name: str, value: object) -> None:
        """Set a property."""

    def given_back(self, stand_in: Guarded, found: object) -> object:
        """Return what is given for `found`, which came out of a call."""


def class_for(obj: object, surface: Surface) -> type[Guarded]:
    """Return a class for the stand-in of `obj`; it lives as long as the stand-in."""
    cls = type(obj)
    body: dict[str, object] = {
        "__slots__": (),
        "__module__": cls.__module__,
        "__qualname__": cls.__qualname__,
        "__doc__": cls.__doc__,
    }
    body |= _special_methods(cls, surface)
    for name, static in surface.statics.items():
        member = _member(name, static, surface)
        if member is not None and name not in _OWN:
            body[name] = member
    return cast("type[Guarded]", type(cls.__name__, (Guarded,), body))


def _member(name: str, static: object, surface: Surface) -> object:
    """Return the function or the property that stands for a member; None when it is fetched from the object each time."""
    if name in surface.properties:
        return _property(name, static) if hasattr(type(static), "__get__") else None
    if isinstance(static, _FUNCTIONS):
        return _method(name, static)
    return None


def _property(name: str, static: object) -> property:
    def read(self: Guarded) -> object:
        __tracebackhide__ = True
        return _maker(self).read(self, name)

    def put(self: Guarded, value: object) -> None:
        __tracebackhide__ = True
        _maker(self).put(self, name, value)

    getter = getattr(static, "fget", None) or getattr(static, "func", None)
    if isinstance(getter, types.FunctionType):
        functools.update_wrapper(read, getter)
    doc = getattr(static, "__doc__", None)
    return property(read, put, lambda self: delattr(original(self), name), doc if isinstance(doc, str) else None)


def _method(name: str, static: object) -> Callable[..., object]:
    """Return the function that takes calls of a method through the pipeline, as much like it as can be."""
    inner = static if isinstance(static, types.FunctionType) else getattr(static, "__func__", None)
    if not isinstance(inner, types.FunctionType):
        inner = None
    taken = _taker(name, inner)
    if inner is not None:
        functools.update_wrapper(taken, inner)
    taken.__name__ = name
    if isinstance(static, staticmethod) and inner is not None:
        _add_first_parameter(taken, inner)
    return taken


def _taker(name: str, inner: types.FunctionType | None) -> Callable[..., object]:
    if inspect.iscoroutinefunction(inner):

        async def awaited(self: Guarded, /, *args: object, **kwargs: object) -> object:
            __tracebackhide__ = True
            return await _maker(self).awaited(self, name, args, kwargs)

        return awaited
    if inspect.isgeneratorfunction(inner):

        def stepped(self: Guarded, /, *args: object, **kwargs: object) -> Generator[object, object, object]:
            __tracebackhide__ = True
            maker = _maker(self)
            return (yield from maker.stepped(self, name, maker.called(self, name, args, kwargs)))

        return stepped

    def called(self: Guarded, /, *args: object, **kwargs: object) -> object:
        __tracebackhide__ = True
        return _maker(self).called(self, name, args, kwargs)

    return called


def _add_first_parameter(taken: Callable[..., object], inner: types.FunctionType) -> None:
    """Let a static method's signature begin with ``self``, which a bound method leaves out."""
    try:
        signature = inspect.signature(inner)
        first = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
        taken.__signature__ = signature.replace(parameters=[first, *signature.parameters.values()])  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        return


def _special_methods(cls: type, surface: Surface) -> dict[str, object]:
    """Return what the class of the original has of special methods, passed on."""
    found: dict[str, object] = {}
    for base in reversed(type.__dict__["__mro__"].__get__(cls)):
        if base is not object:
            for name, raw in type.__dict__["__dict__"].__get__(base).items():
                if name.startswith("__") and name.endswith("__") and name not in _OWN:
                    found[name] = None if raw is None else _special(name, surface)
    if cls.__hash__ is None:
        found["__hash__"] = None
    return found


def special(obj: object, name: str) -> Callable[..., object]:
    """Return the special method `name` of `obj`, looked up on its class as Python does."""
    cls = type(obj)
    for base in type.__dict__["__mro__"].__get__(cls):
        members = type.__dict__["__dict__"].__get__(base)
        if name in members:
            raw = members[name]
            return cast("Callable[..., object]", raw.__get__(obj, cls) if hasattr(type(raw), "__get__") else raw)
    raise AttributeError(f"{cls.__name__!r} object has no attribute {name!r}")


def _special(name: str, surface: Surface) -> Callable[..., object]:
    if name in _CALLED or (name == "__call__" and not surface.view):

        def called(self: Guarded, /, *args: object, **kwargs: object) -> object:
            __tracebackhide__ = True
            return _maker(self).called(self, name, args, kwargs)

        return called
    if name in _AWAITED:

        async def awaited(self: Guarded, /, *args: object, **kwargs: object) -> object:
            __tracebackhide__ = True
            return await _maker(self).awaited(self, name, args, kwargs)

        return awaited

    def passed_on(self: Guarded, /, *args: object, **kwargs: object) -> object:
        real = original(self)
        return _maker(self).given_back(self, special(real, name)(*map(original, args), **kwargs))

    return passed_on


def _maker(stand_in: Guarded) -> Maker:
    return cast("Maker", stand_in._ivoryos_keeper)  # noqa: SLF001 - its own class
