"""What stands for a guarded instrument in the notebook?  An object that passes for it in everything but its calls.

Each stand-in has a class made for it (see `_classes`): with the special methods the driver's class has and no others, and with
a function or a property for each member of the deck, so that completion, ``?`` and `inspect` find there what they find on the
original. Everything else is passed on.
"""

from __future__ import annotations

import copy
import copyreg
from typing import TYPE_CHECKING, Protocol, SupportsIndex

from ivoryos_jupyter.introspect import StandIn, original

if TYPE_CHECKING:
    from ivoryos_jupyter.guarding._surface import Surface

PLAIN = frozenset({type(None), bool, int, float, complex, str, bytes})


class Keeper(Protocol):
    """Who keeps the stand-ins, and makes their calls."""

    def handed_out(self, stand_in: Guarded, name: str, found: object) -> object:
        """Return what is given for the attribute `name`, which holds `found`."""

    def given_back(self, stand_in: Guarded, found: object) -> object:
        """Return what is given for `found`, which came out of a call."""

    def put(self, stand_in: Guarded, name: str, value: object) -> None:
        """Set a property of the deck."""


class Guarded(StandIn):
    """Stands for one object; see the module."""

    __slots__ = ("_ivoryos_keeper", "_ivoryos_kin", "_ivoryos_surface")

    _ivoryos_original: object
    _ivoryos_keeper: Keeper
    _ivoryos_kin: dict[int, Guarded]
    """Stand-ins of its parts, which live as long as it does."""
    _ivoryos_surface: Surface

    @property  # type: ignore[misc]  # it passes for an instance of the driver's class
    def __class__(self) -> type:
        """The class of the original."""
        return self._ivoryos_original.__class__

    @property
    def __dict__(self) -> dict[str, object]:  # type: ignore[override]
        """The attributes of the original."""
        return self._ivoryos_original.__dict__

    def __getattr__(self, name: str) -> object:
        found = getattr(self._ivoryos_original, name)
        return found if type(found) in PLAIN else self._ivoryos_keeper.handed_out(self, name, found)

    def __setattr__(self, name: str, value: object) -> None:
        if name in self._ivoryos_surface.settable:
            self._ivoryos_keeper.put(self, name, value)
        else:
            setattr(self._ivoryos_original, name, original(value))

    def __delattr__(self, name: str) -> None:
        delattr(self._ivoryos_original, name)

    def __dir__(self) -> list[str]:
        return dir(self._ivoryos_original)

    def __repr__(self) -> str:
        return repr(self._ivoryos_original)

    def __str__(self) -> str:
        return str(self._ivoryos_original)

    def __format__(self, how: str) -> str:
        return format(self._ivoryos_original, how)

    def __eq__(self, other: object) -> bool:
        return self._ivoryos_original == original(other)

    def __ne__(self, other: object) -> bool:
        return self._ivoryos_original != original(other)

    def __hash__(self) -> int:
        return hash(self._ivoryos_original)

    def __sizeof__(self) -> int:
        return self._ivoryos_original.__sizeof__()

    def __copy__(self) -> object:
        return copy.copy(self._ivoryos_original)

    def __deepcopy__(self, memo: dict[int, object]) -> object:
        return copy.deepcopy(self._ivoryos_original, memo)

    def __reduce__(self) -> str | tuple[object, ...]:
        return self.__reduce_ex__(0)

    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[object, ...]:
        """Answer as the original does, so that it is pickled, or refuses to be, in its own words."""
        real = self._ivoryos_original
        registered = copyreg.dispatch_table.get(type(real))
        return registered(real) if registered is not None else real.__reduce_ex__(protocol)
