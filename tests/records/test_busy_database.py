"""Several kernels write to one SQLite file: none keeps another from it for long, and a program that does is named in time."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing

import pytest

from ivoryos_jupyter.errors import RecordsError
from ivoryos_jupyter.journal import RunEvent
from ivoryos_jupyter.records import open_store


@pytest.fixture
def two(tmp_path):
    """Two kernels on one SQLite file."""
    with closing(open_store(tmp_path, "")) as one, closing(open_store(tmp_path, "")) as other:
        assert one.queue() == other.queue() == []  # both are connected
        one.database._timeout_s = other.database._timeout_s = 60.0  # a busy machine fails no test
        yield one, other


@pytest.fixture
def locked(two):
    """Another program that writes and does not come to an end, until it is told."""
    with closing(sqlite3.connect(two[0].folder.database, isolation_level=None)) as program:
        program.execute("BEGIN IMMEDIATE")
        yield program


def test_a_kernel_that_commits_all_the_time_keeps_no_other_from_writing(two):
    one, other = two
    enough = threading.Event()

    def write():
        number = 0
        while not enough.is_set():
            number += 1
            one.note(RunEvent(None, "busy", number))

    busy = threading.Thread(target=write)
    busy.start()
    try:
        for number in range(20):
            other.note(RunEvent(None, "other", number))
    finally:
        enough.set()
        busy.join(60)
    assert len(other.events_after(0, ("other",))) == 20


@pytest.mark.parametrize("write", ["one statement", "a transaction"])
def test_what_waits_for_another_program_is_written_when_that_has_come_to_its_end(two, locked, write, rows):
    one, _ = two
    began = threading.Event()

    def add():
        began.set()
        if write == "one statement":
            one.database.change("UPDATE queue SET held = held", {})
        else:
            one.enqueue(rows.request("k"))

    adding = threading.Thread(target=add)
    adding.start()
    assert began.wait(30)
    assert one.queue() == []  # whoever reads meanwhile is not held up
    assert adding.is_alive()
    locked.execute("ROLLBACK")
    adding.join(30)
    assert not adding.is_alive()
    assert len(one.queue()) == (write == "a transaction")


def test_a_program_that_does_not_come_to_an_end_is_said_and_reading_goes_on(two, locked, rows):
    one, _ = two
    one.database._timeout_s = 0.2
    for write in (lambda: one.enqueue(rows.request("k")), lambda: one.database.change("UPDATE queue SET held = held", {})):
        since = time.monotonic()
        with pytest.raises(RecordsError, match="another program is writing to it"):
            write()
        assert time.monotonic() - since >= 0.2
        assert one.queue() == []
    locked.execute("ROLLBACK")
    assert one.enqueue(rows.request("k"))
