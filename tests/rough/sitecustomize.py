"""Are the tests sure of themselves?  With this folder on PYTHONPATH threads are late now and then, as on a busy machine.

Python imports a module of this name when it begins, also in the kernels that tests start. A thread of ours is late when it begins, when
what it waited for has come, and here and there in the midst of our functions; the main thread wherever a timer finds it in our code or in
a test. Each is late for a fifth of its time at most, so that the tests come to an end. ``ROUGH_SEED`` draws other moments.
"""

from __future__ import annotations

import atexit
import os
import random
import signal
import sys
import threading
import time
from pathlib import Path

HERE = str(Path(__file__).parents[2])
WAITS = frozenset({"acquire", "get", "join", "select", "wait"})
MOST_EVENTS = 100_000
"""Events of one thread after which it is left alone: to follow one that prints ten megabytes takes longer than any test waits."""

chance = random.Random(f"{os.environ.get('ROUGH_SEED', '1')} {os.getpid()}")  # noqa: S311 - it keeps no secret
run = threading.Thread.run


def is_ours(code):
    """Tell whether a function stands in the package or in its tests."""
    return code.co_filename.startswith(HERE) and "site-packages" not in code.co_filename


class Lateness:
    """That of one thread."""

    def __init__(self):
        self._began = time.monotonic()
        self._spent = -0.5
        self._events = 0
        self._calls_left = 0

    def be_late(self):
        """Sleep a moment, or now and then long enough for everybody else to go ahead; not at all when it was late too often."""
        seconds = chance.uniform(0.05, 0.3) if chance.random() < 0.2 else chance.uniform(0.0, 0.02)
        if self._spent + seconds < (time.monotonic() - self._began) / 5:
            self._spent += seconds
            time.sleep(seconds)

    def follow(self, frame, event, arg):
        """Follow the thread from function to function, as `sys.setprofile` asks."""
        self._events += 1
        if self._events > MOST_EVENTS:
            sys.setprofile(None)
        elif event == "call":
            self._calls_left -= 1
            if self._calls_left < 0 and is_ours(frame.f_code):
                self._calls_left = round(10 ** chance.uniform(1.5, 4))
                self.be_late()
        elif event in {"return", "c_return"}:
            name = frame.f_code.co_name if event == "return" else arg.__name__
            if name in WAITS and chance.random() < 0.4:
                self.be_late()


def run_late(thread):
    """Run a thread; a late one when it is ours."""
    if thread.name.startswith("ivoryos-"):
        lateness = Lateness()
        if chance.random() < 0.4:
            lateness.be_late()
        sys.setprofile(lateness.follow)
    run(thread)


def interrupt(_number, frame):
    """Make the main thread late where it is, if that is a place of ours; look again soon."""
    ours = frame is not None and is_ours(frame.f_code)
    if ours:
        main.be_late()
    signal.setitimer(signal.ITIMER_VIRTUAL, chance.uniform(0.001, 0.1 if ours else 0.01))


main = Lateness()
threading.Thread.run = run_late
signal.signal(signal.SIGVTALRM, interrupt)
signal.setitimer(signal.ITIMER_VIRTUAL, 0.05)
atexit.register(signal.signal, signal.SIGVTALRM, signal.SIG_IGN)
