"""Is the kernel still there?  A small process that ends with it, or tells when it died in the middle of a run.

The kernel holds the other end of this process's standard input and writes a JSON object per line: what there is to tell should it
die now. An end without ``bye`` means that the kernel is gone, however it went: the operating system closes the pipe; no clock is asked.
Only the standard library is imported until then.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from queue import Empty, Queue
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOOK_S = 1.0
"""Seconds between two looks at who our parent is: a process forked from the kernel keeps the pipe open after its end."""


def watch(stream: TextIO) -> int:
    """Follow what the kernel writes until it ends; tell when it ended without a word and a run was under way."""
    lines: Queue[str | None] = Queue()
    threading.Thread(target=_read, args=(stream, lines), daemon=True).start()
    parent = os.getppid()
    told: dict[str, object] = {}
    while True:
        try:
            line = lines.get(timeout=_LOOK_S)
        except Empty:
            line = "" if os.getppid() == parent else None
        if line is None:
            return _kernel_is_gone(told)
        said = json.loads(line) if line else {}
        if said.get("bye"):
            return 0
        told.update(said)


def _read(stream: TextIO, lines: Queue[str | None]) -> None:
    for line in stream:
        if line.endswith("\n"):  # half a line was under way when the kernel died
            lines.put(line)
    lines.put(None)


def _kernel_is_gone(told: Mapping[str, object]) -> int:
    if not told.get("run"):
        return 0
    sys.path[:] = [str(one) for one in _list(told.get("path"))]
    from ivoryos_jupyter.notices import tell_of_death  # noqa: PLC0415 - nothing is imported as long as nothing happened

    tell_of_death(told, wait=time.sleep)
    return 0


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


if __name__ == "__main__":
    logging.basicConfig(level=logging.CRITICAL)
    with open(sys.stdin.fileno(), encoding="utf-8", closefd=False) as kernel:
        code = watch(kernel)
    sys.stdout.flush()
    os._exit(code)  # the thread that reads may still wait for a pipe that a child of the kernel keeps open
