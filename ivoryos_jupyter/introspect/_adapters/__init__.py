"""What do particular driver libraries need?  One small adapter each, tried in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.introspect._adapters._bluesky import Bluesky
from ivoryos_jupyter.introspect._adapters._ophyd import Ophyd
from ivoryos_jupyter.introspect._adapters._ophyd_async import OphydAsync
from ivoryos_jupyter.introspect._adapters._pylabrobot import PyLabRobot
from ivoryos_jupyter.introspect._adapters._pymeasure import PyMeasure
from ivoryos_jupyter.introspect._adapters._pyvisa import PyVISA
from ivoryos_jupyter.introspect._adapters._qcodes import QCoDeS

if TYPE_CHECKING:
    from ivoryos_jupyter.introspect._found import Adapter

ADAPTERS: tuple[Adapter, ...] = (QCoDeS(), Ophyd(), OphydAsync(), PyMeasure(), PyVISA(), PyLabRobot(), Bluesky())
"""In the order in which they are asked."""


def adapter_for(obj: object) -> Adapter | None:
    """Return the adapter for `obj`, or None when the generic description serves."""
    return next((one for one in ADAPTERS if one.fits(obj)), None)


__all__ = ["ADAPTERS", "adapter_for"]
