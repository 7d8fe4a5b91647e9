"""What did a step return that was in doubt?  The value a person gives, checked by what the method says it returns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError, Problem, UnknownNameError
from ivoryos_jupyter.introspect import BLOCKS
from ivoryos_jupyter.runner import DoCall, DoWatch
from ivoryos_jupyter.schema import Anything, NotKeptError, bring_back, encode, from_text, from_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.introspect import Deck
    from ivoryos_jupyter.runner import StepEffect
    from ivoryos_jupyter.schema import Kind, Method

MISSING = object()
"""Stands for no value: None may be what a method returned."""
_MOST_ITEMS = 200_000


def names_of(doing: StepEffect) -> tuple[str, ...]:
    """Return the names that a step gives to what it returns, in order; an empty one stands for an item that is not kept."""
    outputs = doing.outputs if isinstance(doing, DoCall | DoWatch) else ()
    return outputs if any(outputs) else ()


def returned(doing: StepEffect, deck: Deck, value: object, *, text: bool = False) -> object:
    """Return the value of a step that is said to be done, as the step would have returned it.

    Parameters
    ----------
    doing
        The step.
    deck
        Knows what the method returns.
    value
        What it returned; one item per name where it has several; `MISSING` for none.
    text
        Whether it was typed.

    Raises
    ------
    ConversionError
        When a value is missing, is not wanted, does not fit, or cannot be written down.
    """
    names = names_of(doing)
    if not names:
        if value is MISSING:
            return None
        raise ConversionError([Problem("value", f"{doing.label} gives no name to what it returned, so give no value", _shown(value))])
    if value is MISSING:
        said = ", ".join(name for name in names if name)
        raise ConversionError([Problem("value", f"say what {doing.label} returned: later steps use it as {said}")])
    kinds = kinds_of(doing, deck)
    if len(names) == 1:
        return writable(_fits(names[0], kinds[0], value, text=text), names[0])
    items = list(value) if isinstance(value, list | tuple) else None
    if items is None or len(items) != len(names):
        raise ConversionError([Problem("value", f"give {len(names)} values, for {', '.join(names)}", _shown(value))])
    return tuple(writable(_fits(name, kind, item, text=text), name) for name, kind, item in zip(names, kinds, items, strict=True))


def kinds_of(doing: StepEffect, deck: Deck) -> tuple[Kind, ...]:
    """Return what each named value is, as far as the deck says."""
    names = names_of(doing)
    try:
        whole, items = _returns(doing, deck)
    except UnknownNameError:
        whole, items = Anything(), ()
    if len(names) == 1:
        return (whole,)
    return items if len(items) == len(names) else (Anything(),) * len(names)


def _returns(doing: StepEffect, deck: Deck) -> tuple[Kind, tuple[Kind, ...]]:
    """Return the kind of what a step returns, and those of its items."""
    found: Method | None = None
    if isinstance(doing, DoCall) and doing.path_to == BLOCKS:
        block = deck.schema().block(doing.member)
        found = None if block is None else block.method
    elif isinstance(doing, DoCall | DoWatch):
        instrument = deck.instrument(doing.instrument)
        one = instrument.property(doing.member)
        if one is not None:
            return one.value.kind, ()
        found = instrument.method(doing.member)
    return (Anything(), ()) if found is None else (found.returns.kind, found.returns.items)


def _fits(name: str, kind: Kind, value: object, *, text: bool) -> object:
    if text:
        return from_text(kind, str(value), field=name)
    from_value(kind, value, field=name, live=True)
    return value


def writable(value: object, name: str) -> object:
    """Return `value`; raise `ConversionError` when it cannot be kept in full until it is needed."""
    try:
        bring_back(encode(value, most_items=_MOST_ITEMS), _no_file)
    except NotKeptError as error:
        message = "give a value that can be written down, such as a number, a text, a list or an array"
        raise ConversionError([Problem(name, message, type(value).__name__)]) from error
    return value


def _no_file(_reference: Mapping[str, object]) -> object:
    raise NotKeptError("a file")


def _shown(value: object) -> str:
    return repr(value)[:80] if isinstance(value, bool | int | float | str | list | tuple) else type(value).__name__
