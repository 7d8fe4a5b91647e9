"""How long does a recorded step take in Bluesky's RunEngine?  Run by `against_peers`; prints when each call was made.

A step sets a device and reads it, as one event; each document is committed to SQLite, as our intents and outcomes are.
"""

import json
import sqlite3
import sys
import time

from bluesky import RunEngine
from bluesky import plan_stubs as bps

STEPS, MODE = int(sys.argv[1]), sys.argv[2]
CALLS = []


class Done:
    """A status that is done."""

    done, success = True, True

    def add_callback(self, callback):
        """Call at once."""
        callback(self)

    def exception(self, timeout=None):
        """Nothing went wrong."""

    def wait(self, timeout=None):
        """It is done."""


class Pump:
    """A settable device that looks at the clock."""

    name, parent = "pump", None

    def __init__(self):
        """Stand at 0."""
        self.volume = 0.0

    def set(self, volume):
        """Go there at once."""
        CALLS.append(time.perf_counter())
        self.volume = volume
        return Done()

    def read(self):
        """Return where it is."""
        return {"pump": {"value": self.volume, "timestamp": time.time()}}

    def describe(self):
        """Describe the reading."""
        return {"pump": {"source": "bench", "dtype": "number", "shape": []}}

    def read_configuration(self):
        """There is none."""
        return {}

    describe_configuration = read_configuration

    def check_value(self, volume):
        """Hold it to a limit."""
        if not 0 <= volume <= 5:
            raise ValueError("outside the limit")


def main():
    """Run one plan of so many steps."""
    connection = sqlite3.connect("bluesky.db", isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"PRAGMA synchronous={MODE}")
    connection.execute("CREATE TABLE documents (id INTEGER PRIMARY KEY, name TEXT, document TEXT)")
    engine = RunEngine({}, context_managers=[])
    engine.subscribe(lambda name, doc: connection.execute("INSERT INTO documents (name, document) VALUES (?, ?)", (name, json.dumps(doc))))
    pump = Pump()

    def plan():
        yield from bps.open_run()
        for _ in range(STEPS):
            yield from bps.abs_set(pump, 1.0, wait=True)
            yield from bps.create()
            yield from bps.read(pump)
            yield from bps.save()
        yield from bps.close_run()

    engine(plan())
    connection.close()
    sys.stdout.write("\n" + json.dumps(CALLS) + "\n")


if __name__ == "__main__":
    main()
