"""Other devices that speak Bluesky's protocols: what they set, trigger or fly is waited for."""

from __future__ import annotations

import functools
import sys
from typing import TYPE_CHECKING, ClassVar

from ivoryos_jupyter.introspect._adapters._waiting import WAITED, add_waits, call_and_wait
from ivoryos_jupyter.introspect._names import ancestry, class_dict

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.introspect._found import Found, Operation

_READABLE = frozenset({"read", "describe"})
_ACTIVE = frozenset({"set", "trigger", "kickoff"})


class Bluesky:
    """Devices of no particular library that are readable for Bluesky."""

    name: ClassVar[str] = "bluesky"
    keeps_signals: ClassVar[bool] = False

    def fits(self, obj: object) -> bool:
        """Whether the class of `obj` defines what Bluesky asks of a device."""
        if "bluesky" not in sys.modules:
            return False
        names = {name for base in ancestry(type(obj)) for name in class_dict(base)}
        return names >= _READABLE and not names.isdisjoint(_ACTIVE)

    def refine(self, obj: object, found: Found) -> None:
        """Let movements be waited for; the parent is no sub-instrument."""
        del obj
        add_waits(found)
        found.drop_children((".parent",), "the device above it")

    def bind(self, obj: object, member: str, operation: Operation) -> Callable[..., object] | None:
        """Return what moves and waits."""
        return functools.partial(call_and_wait, obj, member) if operation == "call" and member in WAITED else None
