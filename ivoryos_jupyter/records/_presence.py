"""Is the server in reach, and does it know that this kernel lives?  One session says so, and is brought back where it was lost.

While it is lost nothing else is asked of the server: whoever needs the database hears at once that it is away, and nobody who
presses something waits for a network that may stay silent for ever. One thread alone waits, and brings the session back.
"""

from __future__ import annotations

import hashlib
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from ivoryos_jupyter.errors import RecordsError
from ivoryos_jupyter.records._keeper import Keeper
from ivoryos_jupyter.records._lines import explained

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from ivoryos_jupyter.records._lines import Lines

MOMENT_S = 1.0
"""Seconds for which whoever needs a database that is away waits, in case it is back just now."""
_HELD_S = 2.0
"""Seconds for which the lock is asked for again."""


class Presence:
    """The session that shows that the kernel `owner` lives; usable from any thread."""

    def __init__(self, lines: Lines, owner: str) -> None:
        """Connect with `begin`."""
        self._lines = lines
        self._owner = owner
        self._session: Connection | None = None
        self._keeper: Keeper | None = None
        self._looking = threading.Lock()
        self._changed = threading.Condition()
        self._lost: RecordsError | None = None
        self._trying_since: float | None = None
        self._tries = 0
        self._closed = False
        self.cut_off: Callable[[], None] = lambda: None
        """Called whenever the session was lost."""

    def begin(self) -> None:
        """Hold the lock of the owner from now on; raise `RecordsError` when somebody else does."""
        with explained(self._lines.where):
            session = self._lines.lasting.connect()
            if not self._takes_lock(session):
                session.close()
                raise RecordsError(f"The kernel {self._owner} has {self._lines.where} open already; open it once only.")
        self._session = session
        self._keeper = Keeper(self._look)

    def _takes_lock(self, session: Connection) -> bool:
        return bool(session.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": lock_key(self._owner)}).scalar_one())

    def _take_lock(self, session: Connection) -> None:
        """Take the lock; it may be held for an instant, by another kernel that looks whether this one lives."""
        ends = time.monotonic() + _HELD_S
        while not self._takes_lock(session):
            if time.monotonic() > ends:
                raise RecordsError(f"The database {self._lines.where} is out of reach: another connection holds the lock of this kernel.")
            time.sleep(0.02)

    def ask(self) -> None:
        """Return when the server may be asked; raise `RecordsError` when it is away, after a moment at most."""
        if self._lost is None or self._keeper is None:
            return
        with self._changed:
            tries, since = self._tries, self._trying_since
            left = MOMENT_S - (0.0 if since is None else time.monotonic() - since)
            if left > 0:
                self._keeper.look_now()
                self._changed.wait_for(lambda: self._lost is None or self._tries != tries or self._closed, left)
            if self._lost is not None:
                raise RecordsError(str(self._lost)) from self._lost

    def lose(self, why: RecordsError) -> None:
        """Ask nothing of the server until the session was looked after: a connection broke."""
        with self._changed:
            if not self._closed:
                self._lost = why

    def _look(self) -> None:
        """Ask the session for an answer, and bring it back where there is none; on the keeper's thread."""
        with self._looking:
            self._look_after()

    def _look_after(self) -> None:
        with self._changed:
            self._trying_since = time.monotonic()
        silent = self._silence()
        if silent is not None:
            self.lose(silent)  # first: nobody writes any more while others may take this kernel for dead
            self._let_go()
        lost, why = self._lost, None
        if lost is not None:
            why = self._why_not_back()
        with self._changed:
            self._trying_since, self._tries = None, self._tries + 1
            if self._lost is lost:
                self._lost = why
            self._changed.notify_all()

    def _silence(self) -> RecordsError | None:
        """Return why the session does not answer; None when it does, or there is none."""
        try:
            with explained(self._lines.where):
                if self._session is not None:
                    self._session.execute(text("SELECT 1"))
        except RecordsError as error:
            return error
        return None

    def _let_go(self) -> None:
        """Give up the session, so that the server releases its lock."""
        session, self._session = self._session, None
        if session is not None:
            self.cut_off()
            with suppress(SQLAlchemyError):
                session.invalidate()
                session.close()

    def _why_not_back(self) -> RecordsError | None:
        """Bring the session back, ending what else this kernel had at the server; return why that is not so yet."""
        self._lines.give_up()
        try:
            with explained(self._lines.where):
                self._come_back()
        except RecordsError as error:
            return error
        except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again
            return RecordsError(f"The database {self._lines.where} is out of reach: see the cause ({error}).")
        return None

    def _come_back(self) -> None:
        if self._session is not None:
            self._lines.end_others(self._session)
            return
        session = self._lines.lasting.connect()
        try:
            self._lines.end_others(session)
            self._take_lock(session)
        except BaseException:
            session.invalidate()
            session.close()
            raise
        self._session = session

    def close(self) -> None:
        """Hold the lock no longer; who waits hears that at once."""
        with self._changed:
            self._closed = True
            self._lost = RecordsError(f"The store of {self._lines.where} is closed; open it again.")
            self._changed.notify_all()
        self._lines.close()
        if self._keeper is not None:
            self._keeper.close()
        session, self._session = self._session, None
        if session is not None:
            with suppress(SQLAlchemyError):
                session.close()


def lock_key(owner: str) -> int:
    """Return the number under which a kernel is locked."""
    return int.from_bytes(hashlib.sha256(owner.encode()).digest()[:8], "big", signed=True)
