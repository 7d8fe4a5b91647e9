"""What do the live views of runs ask, and what are they told?"""

from __future__ import annotations

import secrets
import statistics
from dataclasses import replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import CommandError, RecordsError
from ivoryos_jupyter.records import carried_on
from ivoryos_jupyter.runner import QueueChanged, RunChanged, State, StepChanged
from ivoryos_jupyter.widgets._recall import recall
from ivoryos_jupyter.widgets._run_book import RunBook
from ivoryos_jupyter.wire import queue_json, run_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ivoryos_jupyter.runner import RunStatus
    from ivoryos_jupyter.session import Session

    Params = Mapping[str, object]

WINDOW = 200
"""Rows that a view gets at once."""
ENOUGH = 2
"""Finished rows from which an ending can be foretold."""


class Runs:
    """Answers the views of all runs of one session."""

    def __init__(self, session: Session, tell: Callable[[str, object], None]) -> None:
        """Let the session's desk answer; `tell` reaches every view."""
        self._session = session
        self._tell = tell
        self._books: dict[str, RunBook] = {}
        session.desk.register("run.table", self._table)
        session.desk.register("run.list", self._list)
        session.desk.register("run.again", self._again)

    def hear(self, event: object) -> None:
        """Take in what the runner says, and tell the views."""
        if isinstance(event, StepChanged):
            self._changed(event.run_key, lambda book: book.hear_step(event))
        elif isinstance(event, RunChanged):
            key = event.status.key
            if event.status.elsewhere:
                self._read_again(key)
            self._changed(key, lambda book: book.hear_run(event.status))  # first: who asks for the rows upon the news gets them as they are
            self._tell("run.changed", {**run_json(event.status), "estimate": self._estimate(event.status)})
        elif isinstance(event, QueueChanged):
            self._tell("run.queue", queue_json(event))

    def _read_again(self, key: str) -> None:
        """Tell the rows of a run that another kernel has: nobody hears its steps here, and the records say how far it is."""
        before = self._books.pop(key, None)
        if before is None:
            return
        try:
            book = self._book(key)
        except RecordsError:  # they are read at the next change
            self._books[key] = before
            return
        changed = [at for at, line in enumerate(book.lines) if line != before.lines[at]]
        self._tell("run.rows", {"key": key, "rows": rows_json(book, changed), "happened": []})

    def _changed(self, key: str, change: Callable[[RunBook], list[int]]) -> None:
        book = self._books.get(key)
        if book is not None:
            changed = change(book)
            lines = list(book.happened)[-1:]
            self._tell("run.rows", {"key": key, "rows": rows_json(book, changed), "happened": lines})

    def _table(self, params: Params) -> object:
        key = params.get("key")
        if not isinstance(key, str):
            raise CommandError("The request names no run.")
        status = self._session.runner.status(key)
        book = self._book(key)
        start = params.get("start")
        current = max(0, status.iteration - 1) * book.batch
        first = start if isinstance(start, int) else current - WINDOW // 4
        first = max(0, min(first, book.count - WINDOW))
        return {
            "run": {**run_json(status), "estimate": self._estimate(status)},
            "sample_column": book.request.sample_column,
            "inputs": [{"name": name, "unit": unit} for name, unit in book.inputs.items()],
            "outputs": [{"name": name, "unit": unit} for name, unit in book.outputs.items()],
            "rows": rows_json(book, range(first, min(first + WINDOW, book.count))),
            "first": first,
            "total": book.count,
            "happened": list(book.happened),
            "before": self._before(status),
        }

    def _before(self, status: RunStatus) -> list[dict[str, int]]:
        """Return what the runs had done that this one goes on with: their rows are not among its own."""
        if status.run_id is None:
            return []
        return [{"run": number, "done": done} for number, done in carried_on(self._session.store, status.run_id).before]

    def _again(self, params: Params) -> object:
        """Submit once more what was submitted before, as a run of its own."""
        key = params.get("key")
        if not isinstance(key, str):
            raise CommandError("The request names no run.")
        request = self._session.runner.handle(key).request
        fresh = f"{key}-{secrets.token_hex(4)}"
        handle = self._session.runner.submit(replace(request, key=fresh, submitted_us=self._session.pipeline.clock.now_us()))
        return {"key": handle.key}

    def _book(self, key: str) -> RunBook:
        book = self._books.get(key)
        if book is None:
            request = self._session.runner.handle(key).request
            book = self._books[key] = RunBook(request, self._session.deck.schema())
            status = self._session.runner.status(key)
            if status.run_id is not None:
                recall(self._session.history, status.run_id, book, live=not status.ended)
                book.hear_run(status)
        return book

    def _list(self, _: Params) -> object:
        """Return the runs this session knows, the latest first, and the queue."""
        queue = self._session.runner.queue
        waiting = [entry.request.key for entry in queue.entries]
        runs = [run_json(status) for status in reversed(self._session.runner.runs)]
        return {"runs": runs, "queue": {"keys": waiting, "on_hold": queue.on_hold, "reason": queue.reason}}

    def _estimate(self, status: RunStatus) -> object:
        """Return when the run will have ended, and how sure that is, from the rows of this run."""
        book = self._books.get(status.key)
        if book is None or status.state is not State.RUNNING or status.phase != "script" or status.stopping is not None:
            return None
        took = book.durations_us()
        if len(took) < ENOUGH:
            return None
        left = sum(1 for line in book.lines if line.state in {"waiting", "running"})
        mean, spread = statistics.fmean(took), statistics.stdev(took)
        running = [line.started_us for line in book.lines if line.state == "running" and line.started_us is not None]
        spent = status.at_us - min(running) if running else 0
        batches = max(1, left) / book.batch
        ends = status.at_us + mean * batches - min(spent, mean)
        return {"ends_ms": round(ends / 1000), "spread_ms": round(spread * batches**0.5 / 1000)}


def rows_json(book: RunBook, rows: Iterable[int]) -> list[dict[str, object]]:
    """Return rows for the view."""
    return [_row_json(book, at) for at in rows]


def _row_json(book: RunBook, at: int) -> dict[str, object]:
    line = book.lines[at]
    return {
        "at": at,
        "state": line.state,
        "inputs": {name: book.input_text(at, name) for name in book.inputs},
        "outputs": dict(line.outputs),
        "numbers": dict(line.numbers),
        "started_ms": line.started_us // 1000 if line.started_us is not None else None,
        "ended_ms": line.ended_us // 1000 if line.ended_us is not None else None,
        "skipped": line.skipped,
    }
