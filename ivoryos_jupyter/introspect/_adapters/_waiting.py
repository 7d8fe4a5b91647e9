"""How is waited for a movement or a measurement that a Bluesky status stands for?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import CallTimeoutError
from ivoryos_jupyter.schema import STATUS_TIMEOUT_S, Default, Method, Nullable, Number, Parameter

if TYPE_CHECKING:
    from ivoryos_jupyter.introspect._found import Found

TIMEOUT_S = STATUS_TIMEOUT_S
"""So long is waited for a status when nothing else is said."""
WAIT = "wait_timeout_s"
"""The parameter that says how long to wait; it is ours, the driver never sees it."""
WAITED = frozenset({"set", "trigger", "move", "home", "kickoff", "complete"})
"""Methods that give a status back."""


def add_waits(found: Found) -> None:
    """Give each method of `found` that gives a status back the parameter that says how long to wait."""
    for name in WAITED & found.methods.keys():
        found.methods[name] = replace(found.methods[name], method=_waited(found.methods[name].method))


def _waited(method: Method) -> Method:
    text = "how long to wait until it is done; without a value there is no limit"
    default = Default(f"{TIMEOUT_S:g}", TIMEOUT_S, known=True)
    wait = Parameter(WAIT, Nullable(Number(minimum=0)), "keyword", default, "s", text, "float | None")
    ours = [one for one in method.parameters if one.passing != "var_keyword"]
    rest = [one for one in method.parameters if one.passing == "var_keyword"]
    return replace(method, parameters=(*ours, wait, *rest))


def call_and_wait(obj: object, name: str, *args: object, **kwargs: object) -> object:
    """Call the method `name` of `obj` and wait for the status it gives back."""
    seconds = kwargs.pop(WAIT, TIMEOUT_S)
    return wait_for(f"{name}()", getattr(obj, name)(*args, **kwargs), seconds)


def wait_for(what: str, status: object, seconds: object) -> object:
    """Wait for `status`, where it is one, and return it.

    Raises
    ------
    CallTimeoutError
        If it is not done after `seconds`.
    """
    waiter = getattr(status, "wait", None)
    if not callable(waiter):
        return status
    try:
        waiter(timeout=seconds)
    except Exception as error:
        if type(error).__name__ in {"WaitTimeoutError", "StatusTimeoutError"} or isinstance(error, TimeoutError):
            message = f"{what} was not done after {seconds} s; it may still be going on: stop it, or wait longer ({WAIT})"
            raise CallTimeoutError(message) from error
        raise
    return status
