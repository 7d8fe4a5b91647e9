"""Is an object of a certain driver library?  Only libraries that are imported already are asked."""

from __future__ import annotations

import sys


def is_instance(obj: object, module: str, name: str) -> bool:
    """Whether the class of `obj` is, or inherits from, the class `name` of `module`; `obj` itself is not asked."""
    found = getattr(sys.modules.get(module), name, None)
    return isinstance(found, type) and issubclass(type(obj), found)


def class_names(obj: object) -> tuple[str, ...]:
    """Return the names of the class of `obj` and of its bases."""
    return tuple(base.__name__ for base in type(obj).__mro__)
