"""How is a class called, and which library is it from?"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import types

_QUOTES = frozenset("'\"")
_MOST_TEXTS = 10_000
_TEXTS: dict[int, tuple[object, str]] = {}
"""Annotations as text, by identity: they are written again and again, and writing one takes long."""


def is_a(thing: object, *classes: type) -> bool:
    """Whether the class of `thing` is, or inherits from, one of `classes`.

    Unlike ``isinstance`` this never reads ``thing.__class__``, which a proxy may fetch from far away.
    """
    return issubclass(type(thing), classes)


def type_path(cls: type) -> str:
    """Return ``module:qualname`` of `cls`."""
    return f"{_text(cls, '__module__')}:{_text(cls, '__qualname__')}"


def library(cls: type) -> str:
    """Return the top package of the module that defines `cls`."""
    return _text(cls, "__module__").partition(".")[0]


def _text(cls: type, name: str) -> str:
    found: object = type.__getattribute__(cls, name)
    return found if isinstance(found, str) else type.__getattribute__(cls, "__name__")


def annotation_text(annotation: object) -> str:
    """Return `annotation` as it reads in a signature; empty when there is none."""
    if annotation is inspect.Parameter.empty:
        return ""
    if isinstance(annotation, str):
        return annotation[1:-1] if annotation[:1] in _QUOTES and annotation[-1:] == annotation[:1] else annotation
    if type(annotation) is type:
        return annotation.__name__
    known = _TEXTS.get(id(annotation))
    if known is None or known[0] is not annotation:
        if len(_TEXTS) > _MOST_TEXTS:
            _TEXTS.clear()
        known = _TEXTS[id(annotation)] = (annotation, inspect.formatannotation(annotation).replace("typing.", ""))
    return known[1]


def class_dict(cls: type) -> types.MappingProxyType[str, object]:
    """Return the own members of `cls`, past whatever its metaclass makes of ``__dict__``."""
    found: types.MappingProxyType[str, object] = type.__dict__["__dict__"].__get__(cls)
    return found


def ancestry(cls: type) -> tuple[type, ...]:
    """Return `cls` and its bases in method resolution order."""
    found: tuple[type, ...] = type.__dict__["__mro__"].__get__(cls)
    return found
