"""How does inspection fare with many instruments?  A deck of any size, each instrument of a class of its own."""

from __future__ import annotations

import types
from typing import Literal

_SETTINGS: tuple[tuple[str, object, object], ...] = (
    ("volume_ml", float, 1.0),
    ("speed", Literal["slow", "fast"], "slow"),
    ("repeats", "int", 1),
    ("label", str | None, None),
)
_DOC = """Do step {number} of this instrument.

Args:
    volume_ml: How much is moved, in mL.
    speed: How fast.
    repeats: How often.
    label: What to call it in the records.

Returns:
    Whether it was done.
"""


def make_big_deck(instruments: int = 50, methods: int = 20, parameters: int = 4) -> dict[str, object]:
    """Make a namespace of `instruments` objects, each of its own class.

    Parameters
    ----------
    instruments
        Number of objects.
    methods
        Methods of each.
    parameters
        Parameters of each method, besides ``self``.

    Returns
    -------
    dict
        The objects by name: ``instrument_0``, ``instrument_1`` and so on.
    """
    return {f"instrument_{index}": _make_class(index, methods, parameters)() for index in range(instruments)}


def _make_class(index: int, methods: int, parameters: int) -> type:
    members: dict[str, object] = {f"step_{number}": _make_method(number, parameters) for number in range(methods)}
    members |= {"__module__": __name__, "__doc__": f"Instrument {index} of a big deck."}
    return types.new_class(f"BigInstrument{index}", (), {}, lambda namespace: namespace.update(members))


def _make_method(number: int, parameters: int) -> types.FunctionType:
    """Make one method, as a driver would define it: annotations, defaults and a docstring."""
    chosen = [_setting(index) for index in range(parameters)]
    names = ("self", *(name for name, _, _ in chosen))
    code = _step.__code__.replace(co_argcount=len(names), co_nlocals=len(names), co_varnames=names, co_name=f"step_{number}")
    defaults = tuple(default for _, _, default in chosen[1:])
    method = types.FunctionType(code, globals(), f"step_{number}", defaults)
    method.__annotations__ = {**{name: annotation for name, annotation, _ in chosen}, "return": bool}
    method.__doc__ = _DOC.format(number=number)
    return method


def _setting(index: int) -> tuple[str, object, object]:
    name, annotation, default = _SETTINGS[index % len(_SETTINGS)]
    return (name, annotation, default) if index < len(_SETTINGS) else (f"{name}_{index}", annotation, default)


def _step(self: object) -> bool:
    del self
    return True
