"""Which instruments are not trusted, and why?  Nobody calls them until a person has looked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import NotTrustedError

if TYPE_CHECKING:
    from ivoryos_jupyter.runner._call import Call

NEVER_RETURNED = "was left in the middle of a call that never returned"
"""The reason that is given when nothing better is known."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One instrument that is not trusted."""

    root: object
    """The object; kept, so that its id stays its own."""
    name: str
    why: str
    """What happened to it, as the rest of a sentence: ``was left in the middle of a call that never returned``."""
    run_key: str = ""
    """The run that may use it all the same, for its cleanup; empty for none."""


class Doubts:
    """The instruments that are not trusted, by the id of their object."""

    def __init__(self) -> None:
        """Begin with trust in everything."""
        self.held: dict[int, Doubt] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the instruments that are not trusted."""
        return tuple(doubt.name for doubt in list(self.held.values()))

    def why(self, name: str) -> str:
        """Return what happened to an instrument; empty when it is trusted."""
        return next((doubt.why for doubt in list(self.held.values()) if doubt.name == name), "")

    def add(self, root: object, name: str, why: str = NEVER_RETURNED, run_key: str = "") -> None:
        """Trust `root` no longer; a doubt that spares no run is not weakened by a later one that does."""
        if root is None:
            return
        known = self.held.get(id(root))
        if known is None or known.run_key:
            self.held[id(root)] = Doubt(root, name, why, run_key)

    def clear(self, name: str, root: object = None) -> bool:
        """Trust `name` again, and `root`, the object that has this name now; False when they were trusted anyway."""
        found = [key for key, doubt in list(self.held.items()) if doubt.name == name or (root is not None and doubt.root is root)]
        for key in found:
            self.held.pop(key, None)
        return bool(found)

    def refuse(self, root: object, call: Call) -> None:
        """Raise `NotTrustedError` when `call` may not be made."""
        doubt = self.held.get(id(root))
        if doubt is not None and not (doubt.run_key and doubt.run_key == call.run_key):
            raise NotTrustedError(f"{call.root} {doubt.why}. Check it, then say ivoryos.trust({call.root!r}).")
