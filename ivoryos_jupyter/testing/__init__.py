"""Simulated instruments, badly behaved drivers and fakes, for our tests and for yours."""

from ivoryos_jupyter.testing._big_deck import make_big_deck
from ivoryos_jupyter.testing._instruments import Charge, Mode, Pump, Reactor, Spectrometer, Stirrer, SyringeEmpty
from ivoryos_jupyter.testing._kept import KeptCall, KeptPhase, KeptRun, KeptStep
from ivoryos_jupyter.testing._memory_recorder import MemoryRecorder
from ivoryos_jupyter.testing._naughty import (
    HardwareGone,
    NeverReturns,
    PrintsALot,
    RaisesBaseException,
    ReturnsUnpicklable,
    ThreadBound,
)

__all__ = [
    "Charge",
    "HardwareGone",
    "KeptCall",
    "KeptPhase",
    "KeptRun",
    "KeptStep",
    "MemoryRecorder",
    "Mode",
    "NeverReturns",
    "PrintsALot",
    "Pump",
    "RaisesBaseException",
    "Reactor",
    "ReturnsUnpicklable",
    "Spectrometer",
    "Stirrer",
    "SyringeEmpty",
    "ThreadBound",
    "make_big_deck",
]
