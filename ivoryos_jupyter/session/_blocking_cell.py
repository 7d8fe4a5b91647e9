"""Does a cell block the notebook's loop, and how is it interrupted?  As ■ would, and only when it is really a cell."""

from __future__ import annotations

import signal
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

_CELL = ("run_code", "interactiveshell.py")
"""Function and file in which IPython runs a cell."""
_CALL = "_flight.py"
"""File in which a call of ours runs; what is inside it belongs to a driver."""


def cell_blocks_main_thread() -> bool:
    """Whether the main thread is inside a cell, and not inside a driver's call that we made there."""
    main = threading.main_thread().ident
    frame = sys._current_frames().get(main) if main is not None else None  # noqa: SLF001 - the one way to look at another thread
    inside = False
    while frame is not None:
        if _is_call(frame):
            return False
        inside = inside or _is_cell(frame)
        frame = frame.f_back
    return inside


def interrupt_cell() -> bool:
    """Raise KeyboardInterrupt in the cell that blocks the main thread, from any other; return whether there was one.

    Nothing is raised into a driver's call, nor where the kernel does not take interrupts just now.
    """
    here = threading.current_thread() is threading.main_thread()
    if here or not cell_blocks_main_thread() or not callable(signal.getsignal(signal.SIGINT)):
        return False
    main = threading.main_thread().ident
    if hasattr(signal, "pthread_kill") and main is not None:
        signal.pthread_kill(main, signal.SIGINT)  # a real signal, for only that ends a sleep
    else:
        signal.raise_signal(signal.SIGINT)  # on Windows its handler runs here and wakes the main thread
    return True


def _is_cell(frame: FrameType) -> bool:
    name, file = _CELL
    return frame.f_code.co_name == name and frame.f_code.co_filename.endswith(file)


def _is_call(frame: FrameType) -> bool:
    file = frame.f_code.co_filename
    return file.endswith(_CALL) and "ivoryos_jupyter" in file
