"""What is judged and kept of a call whose arguments are Python's own?  The driver gets them untouched, whatever is found here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError, UnknownNameError
from ivoryos_jupyter.introspect import Member
from ivoryos_jupyter.runner._flight import Job
from ivoryos_jupyter.schema import Anything, Method, Parameter, convert_arguments

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ivoryos_jupyter.introspect import Deck
    from ivoryos_jupyter.runner._call import Call
    from ivoryos_jupyter.runner._caller import Given
    from ivoryos_jupyter.runner._flight import Place
    from ivoryos_jupyter.schema import Plain

ANY = (Parameter("args", Anything(), "var_positional"), Parameter("kwargs", Anything(), "var_keyword"))
"""The parameters of what the deck does not describe, such as ``__enter__``."""


def member_of(deck: Deck, call: Call) -> Member:
    """Return the member that `call` names; where the deck describes none, one that takes anything."""
    try:
        return deck.member(call.path, call.member, call.operation)
    except UnknownNameError:
        if call.given is None:
            raise
        method = Method(call.member, ANY)
        return Member(
            call.path, call.member, call.operation, method, method, call.given.target, call.given.coroutine, deck.resolve(call.path)
        )


def judged(parameters: Sequence[Parameter], arguments: Mapping[str, object]) -> dict[str, Plain]:
    """Return the arguments as limits and interlocks see them: converted where they can be, else as they are.

    A driver may take more than its annotations say; what cannot be converted is no mistake here, and a limit that is set for
    it refuses what it cannot compare.
    """
    try:
        return convert_arguments(parameters, arguments, text=False, live=True)
    except ConversionError:
        seen: dict[str, Plain] = {}
    for one in parameters:
        if one.name in arguments:
            try:
                seen |= convert_arguments((one,), {one.name: arguments[one.name]}, text=False, live=True)
            except ConversionError:
                seen[one.name] = arguments[one.name]  # type: ignore[assignment]  # limits judge any object
    return seen


def kept(seen: Mapping[str, object], arguments: Mapping[str, object]) -> dict[str, object]:
    """Return the arguments for the record: a text that was read as a number is still the text that was sent."""
    return {name: arguments[name] if isinstance(arguments[name], str) else value for name, value in seen.items()}


def job_of(given: Given, call: Call, place: Place, root: object) -> Job:
    """Return the call as the executor makes it."""
    caller = given.caller
    around = () if caller.within is None else caller.within.roots
    return Job(
        given.target,
        given.args,
        given.kwargs,
        given.coroutine,
        "main" if given.needs_loop else place,
        call.root,
        run_key=caller.run_key,
        roots=(*around, root),
        echo=caller.echo,
        awaits=given.coroutine,
    )
