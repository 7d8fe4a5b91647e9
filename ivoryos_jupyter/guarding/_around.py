"""Where does the notebook still hold a guarded instrument itself?  A bounded look at what its names hold; nothing is called or read."""

from __future__ import annotations

import functools
import types
from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from ivoryos_jupyter.introspect import instance_members, original

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MOST = 20_000
"""So many objects are looked at."""
_DEEPEST = 5
_MOST_ITEMS = 1_000
_LEAVES = frozenset({type(None), bool, int, float, complex, str, bytes, bytearray, range, types.ModuleType, type, types.CodeType})
_SKIPPED = frozenset(
    {"numpy", "pandas", "matplotlib", "IPython", "ipykernel", "ipywidgets", "traitlets", "ivoryos_jupyter", "threading", "logging"}
)
"""Libraries whose objects are not looked into."""


@dataclass(frozen=True, slots=True)
class _Found:
    thing: object
    words: str
    depth: int
    owner: int
    """Identity of the object that the name at its beginning stands for."""


def ways_around(targets: Mapping[str, object], names: Mapping[str, object]) -> tuple[str, ...]:
    """Return, in words, where `names` lead to one of `targets` itself.

    Parameters
    ----------
    targets
        The guarded objects by name.
    names
        The names of the notebook.
    """
    wanted = {id(obj): name for name, obj in targets.items()}
    seen: dict[int, object] = {}
    found: list[str] = []
    waiting = deque(_Found(value, name, 0, id(original(value))) for name, value in names.items() if not name.startswith("__"))
    while waiting and len(seen) < _MOST:
        one = waiting.popleft()
        thing = original(one.thing)
        name = wanted.get(id(one.thing))
        if name is not None and one.depth and one.owner != id(one.thing):
            found.append(f"{one.words} holds {name} itself")
        elif name is not None and not one.depth:
            found.append(f"{one.words} is {name} itself")
        if id(thing) in seen or type(thing) in _LEAVES or (id(thing) in wanted and one.depth) or one.depth >= _DEEPEST:
            continue
        seen[id(thing)] = thing
        waiting.extend(_Found(part, one.words + step, one.depth + 1, one.owner) for step, part in _parts(thing))
    return tuple(found)


def _parts(thing: object) -> Iterator[tuple[str, object]]:
    """Yield what `thing` holds, each with how one writes the way to it."""
    kind = type(thing)
    if issubclass(kind, list | tuple | set | frozenset):
        items: list[object] = list(islice(iter(thing), _MOST_ITEMS))  # type: ignore[call-overload]
        yield from ((f"[{at}]" if issubclass(kind, list | tuple) else "{…}", item) for at, item in enumerate(items))
    elif issubclass(kind, dict):
        pairs: Iterator[tuple[object, object]] = islice(dict.items(thing), _MOST_ITEMS)  # type: ignore[arg-type]
        yield from ((f"[{key!r}]" if type(key) in {str, int} else "[…]", item) for key, item in pairs)
    elif kind is types.FunctionType:
        yield from _of_function(thing)  # type: ignore[arg-type]
    elif kind is types.MethodType:
        yield ".__self__", thing.__self__  # type: ignore[attr-defined]
    elif issubclass(kind, functools.partial):
        yield from ((f".args[{at}]", one) for at, one in enumerate(thing.args))  # type: ignore[attr-defined]
        yield from ((f".keywords[{name!r}]", one) for name, one in thing.keywords.items())  # type: ignore[attr-defined]
        yield ".func", thing.func  # type: ignore[attr-defined]
    elif not issubclass(kind, type) and kind.__module__.partition(".")[0] not in _SKIPPED:
        yield from ((f".{name}", value) for name, value in instance_members(thing))


def _of_function(function: types.FunctionType) -> Iterator[tuple[str, object]]:
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=False):
        try:
            yield f"() by its closure over {name}", cell.cell_contents
        except ValueError:  # noqa: PERF203 - the cell is still empty
            continue
    yield from ((f"() by default {at + 1}", one) for at, one in enumerate(function.__defaults__ or ()))
    yield from ((f"() by default {name}", one) for name, one in (function.__kwdefaults__ or {}).items())
