"""How is a file written so that it is either whole or absent, and read while another program writes it?

Windows refuses to replace a file that somebody has open, be it a virus scanner or another kernel, and to open one that is just being
replaced; what it refuses for such a reason is tried again for a moment. No other system refuses either.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")
PATIENCE_S = 1.0
"""Seconds for which is tried again what Windows refuses because somebody else has the file."""
_PAUSE_S = 0.02
_TAKEN = frozenset({5, 32, 33})
"""Errors of Windows when somebody else has a file: access denied, sharing violation, lock violation."""
_EVERYBODY, _OWNER = 0o666, 0o600


def patiently(action: Callable[[], T]) -> T:
    """Return what `action` returns, trying again while Windows says that somebody else has the file; its last error is raised."""
    deadline: float | None = None
    while True:
        try:
            return action()
        except OSError as error:
            now = time.monotonic()
            deadline = now + PATIENCE_S if deadline is None else deadline
            if getattr(error, "winerror", None) not in _TAKEN or now >= deadline:
                raise
        time.sleep(_PAUSE_S)


def read_file(path: Path) -> bytes:
    """Return what is in the file at `path`; raise `OSError` when it cannot be read."""
    return patiently(path.read_bytes)


def replace_file(path: Path, content: bytes, *, durable: bool = True, private: bool = False) -> None:
    """Write `content` beside `path` and put it in its place, or raise `OSError` and leave everything as it was.

    Parameters
    ----------
    path
        The file; its folder is made where it is missing.
    content
        What it holds then.
    durable
        Whether it survives a power loss.
    private
        Whether only this account may read it; on Windows the folder decides.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{os.getpid()}-{threading.get_ident()}.part")
    part.unlink(missing_ok=True)
    mode = _OWNER if private else _EVERYBODY
    try:
        with open(part, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as stream:
            stream.write(content)
            if durable:
                stream.flush()
                os.fsync(stream.fileno())
        patiently(lambda: part.replace(path))
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
