"""Which thread makes blocking calls?  One that stays, so that thread-bound drivers always meet the same one."""

from __future__ import annotations

import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Worker:
    """A daemon thread that runs jobs in order; a job must not raise."""

    def __init__(self, name: str) -> None:
        """Make the worker; its thread starts with the first job."""
        self.name = name
        self.served: dict[str, None] = {}
        """Names of the instruments whose calls it has made, in order."""
        self.under_way: Callable[[], None] | None = None
        """The job it is in."""
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._retired = False
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    @property
    def identity(self) -> int | None:
        """Identity of its thread; None before the first job."""
        return None if self._thread is None else self._thread.ident

    def put(self, job: Callable[[], None], instrument: str) -> None:
        """Run `job` after those that wait already."""
        if self._thread is None:
            self._start()
        self.served[instrument] = None
        self._jobs.put(job)

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name=self.name, daemon=True)
                self._thread.start()

    def _serve(self) -> None:
        while True:
            job = self._jobs.get()
            if job is None:
                return
            self.under_way = job
            job()
            self.under_way = None
            del job  # else the last call's arguments and result live on until the next call
            if self._retired:
                return

    def retire(self) -> list[Callable[[], None]]:
        """End the thread after the job it is in; return the jobs that wait."""
        self._retired = True
        waiting: list[Callable[[], None]] = []
        while not self._jobs.empty():
            job = self._jobs.get()
            if job is not None:
                waiting.append(job)
        self._jobs.put(None)
        return waiting

    def close(self, timeout: float) -> bool:
        """End the thread after the jobs that wait; return whether it ended in time."""
        self._jobs.put(None)
        thread = self._thread
        if thread is None or thread is threading.current_thread():
            return True
        thread.join(timeout)
        return not thread.is_alive()
