"""What do particular driver libraries need?  One small adapter each, tried in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ivoryos_jupyter.introspect._found import Adapter

ADAPTERS: tuple[Adapter, ...] = ()
"""In the order in which they are asked."""


def adapter_for(obj: object) -> Adapter | None:
    """Return the adapter for `obj`, or None when the generic description serves."""
    return next((one for one in ADAPTERS if one.fits(obj)), None)


__all__ = ["ADAPTERS", "adapter_for"]
