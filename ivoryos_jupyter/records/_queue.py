"""Which submissions wait, and in which order?  Each kernel has its own queue; a key exists once in the whole database."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.journal import QueuedRun, RunRequest
from ivoryos_jupyter.records._clock import now_us
from ivoryos_jupyter.records._requests import request_from, request_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ivoryos_jupyter.records._database import Database, Row, Statements, Values

_BEGUN = "SELECT 1 FROM workflow_runs WHERE submission_key = :key"
_REMOVE = "DELETE FROM queue WHERE submission_key = :key AND owner = :owner"
_KEEP_VERSION = (
    "INSERT INTO workflow_versions (hash, workflow, created_us) VALUES (:hash, :workflow, :created_us) ON CONFLICT (hash) DO NOTHING"
)
_APPEND = (
    "INSERT INTO queue (submission_key, owner, position, held, workflow_version, request, enqueued_us)"
    " SELECT :key, :owner, COALESCE(MAX(position), 0) + 1, :held, :version, :request, :enqueued_us FROM queue WHERE owner = :same_owner"
    " ON CONFLICT (submission_key) DO NOTHING"
)
_PUT_FIRST = _APPEND.replace("MAX(position), 0) + 1", "MIN(position), 1) - 1")
_WAITING = (
    "SELECT q.submission_key, q.held, q.request, v.workflow FROM queue q JOIN workflow_versions v ON v.hash = q.workflow_version"
    " WHERE q.owner = :owner ORDER BY q.position, q.id"
)
_REPLACE = "UPDATE queue SET held = :held, workflow_version = :version, request = :request WHERE submission_key = :key AND owner = :owner"
_ADOPT = "UPDATE queue SET owner = :owner, position = :position WHERE id = :id AND owner = :dead"


def keep_version(statements: Statements, version: str, workflow: str) -> None:
    """Keep a workflow's text under its content hash."""
    statements.change(_KEEP_VERSION, {"hash": version, "workflow": workflow, "created_us": now_us()})


class Queue:
    """The waiting submissions of one kernel."""

    def __init__(self, database: Database, owner: str) -> None:
        """Keep the queue of `owner` in `database`."""
        self._database = database
        self._owner = owner

    def append(self, request: RunRequest, also: Callable[[Statements], None]) -> bool:
        """Append, a run that follows from another before all others; False when a request or run with this key exists already.

        What a dead kernel left waiting under this key gives way. `also` is written in the same commit.
        """
        with self._database.transaction(durably=True) as statements:
            self._clear_away(statements, request.key)
            if statements.rows(_BEGUN, {"key": request.key}):
                return False
            keep_version(statements, request.version, request.workflow)
            if not statements.change(_APPEND if request.derived_from is None else _PUT_FIRST, self._values(request)):
                return False
            if statements.rows(_BEGUN, {"key": request.key}):  # on PostgreSQL: between the two looks, by another kernel
                statements.change(_REMOVE, {"key": request.key, "owner": self._owner})
                return False
            also(statements)
        return True

    def _values(self, request: RunRequest) -> Values:
        """Return the columns of a request that is appended."""
        return {
            "key": request.key,
            "owner": self._owner,
            "same_owner": self._owner,
            "held": request.held,
            "version": request.version,
            "request": request_text(request),
            "enqueued_us": now_us(),
        }

    def _clear_away(self, statements: Statements, key: str) -> None:
        """Take away what a dead kernel left waiting under a key."""
        for (owner,) in statements.rows("SELECT owner FROM queue WHERE submission_key = :key", {"key": key}):
            if owner != self._owner and not self._database.alive(str(owner)):
                statements.change(_REMOVE, {"key": key, "owner": str(owner)})

    def waiting(self) -> Sequence[QueuedRun]:
        """Return the waiting requests in order."""
        rows = self._database.rows(_WAITING, {"owner": self._owner})
        return [QueuedRun(position, _request(row)) for position, row in enumerate(rows)]

    def reorder(self, keys: Sequence[str]) -> None:
        """Put the waiting requests into the order of `keys`; those not named keep their order, behind."""
        with self._database.transaction(durably=True) as statements:
            rows = statements.rows("SELECT submission_key FROM queue WHERE owner = :owner ORDER BY position, id", {"owner": self._owner})
            present = [str(row[0]) for row in rows]
            wanted = [key for key in dict.fromkeys(keys) if key in present]
            order = wanted + [key for key in present if key not in wanted]
            for position, key in enumerate(order, start=1):
                statements.change("UPDATE queue SET position = :position WHERE submission_key = :key", {"position": position, "key": key})

    def replace(self, request: RunRequest) -> bool:
        """Replace the waiting request that has the same key; False when it waits no longer."""
        with self._database.transaction(durably=True) as statements:
            keep_version(statements, request.version, request.workflow)
            values: Values = {
                "key": request.key,
                "owner": self._owner,
                "held": request.held,
                "version": request.version,
                "request": request_text(request),
            }
            return statements.change(_REPLACE, values) > 0

    def remove(self, key: str) -> bool:
        """Take a waiting request away; False when it waits no longer."""
        sql = "DELETE FROM queue WHERE submission_key = :key AND owner = :owner"
        with self._database.transaction(durably=True) as statements:
            return statements.change(sql, {"key": key, "owner": self._owner}) > 0

    def adopt(self, statements: Statements, dead: str, mine: Callable[[str], bool]) -> int:
        """Take over the queue of a dead kernel, as far as its notebook is `mine`, in its order, behind what waits here; return how many."""
        last = statements.rows("SELECT COALESCE(MAX(position), 0) FROM queue WHERE owner = :owner", {"owner": self._owner})
        start = int(str(last[0][0]))
        found = statements.rows("SELECT id, request FROM queue WHERE owner = :dead ORDER BY position, id", {"dead": dead})
        rows = [row for row, text in found if mine(request_from(str(text), "").notebook)]
        for position, row in enumerate(rows, start=start + 1):
            statements.change(_ADOPT, {"owner": self._owner, "position": position, "id": int(str(row)), "dead": dead})
        return len(rows)

    def of_others(self) -> list[tuple[str, str, str]]:
        """Return owner, notebook and name of what waits in the queues of other kernels, in their orders."""
        sql = "SELECT owner, request FROM queue WHERE owner <> :owner ORDER BY owner, position, id"
        rows = self._database.rows(sql, {"owner": self._owner})
        requests = [(str(owner), request_from(str(text), "")) for owner, text in rows]
        return [(owner, request.notebook, request.name) for owner, request in requests]

    def owners(self, statements: Statements) -> set[str]:
        """Return every kernel that has something waiting."""
        return {str(owner) for (owner,) in statements.rows("SELECT DISTINCT owner FROM queue")}


def _request(row: Row) -> RunRequest:
    """Return a waiting request; the column says whether it is held, for the kernel that took it over."""
    _key, held, text, workflow = row
    request = request_from(str(text), str(workflow))
    return replace(request, held=bool(held))
