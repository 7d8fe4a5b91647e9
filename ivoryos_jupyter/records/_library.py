"""Where are workflows kept?  In IvoryOS's ``script`` table, with every version ever saved beside it.

IvoryOS sees and edits its own form of each workflow (``script_dict``). When that form is no longer the one written with the
newest version, somebody edited it there, and what it says becomes a new version here.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import Problem, UnknownNameError, WorkflowError
from ivoryos_jupyter.records._clock import local_text, now_us
from ivoryos_jupyter.records._drafts import DraftFiles
from ivoryos_jupyter.records._entries import Entry, insert_entry, read_entries, read_entry, update_entry
from ivoryos_jupyter.records._queue import keep_version
from ivoryos_jupyter.records._shelves import Shelf, Version
from ivoryos_jupyter.workflow import content_hash, from_ivoryos, from_json, to_ivoryos, to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ivoryos_jupyter.records._database import Statements, Values
    from ivoryos_jupyter.records._entries import Row
    from ivoryos_jupyter.records._store import Store
    from ivoryos_jupyter.schema import DeckSchema
    from ivoryos_jupyter.workflow import Workflow

_NEWEST = "SELECT hash, projection, id FROM library_versions WHERE name = :name ORDER BY id DESC LIMIT 1"
_ADD_VERSION = """
INSERT INTO library_versions (name, hash, saved_us, saved_by, projection, unsaid)
VALUES (:name, :hash, :saved_us, :saved_by, :projection, :unsaid)
"""
_PROJECT_AGAIN = "UPDATE library_versions SET projection = :projection, unsaid = :unsaid WHERE id = :id"
_VERSIONS = "SELECT hash, saved_us, saved_by FROM library_versions WHERE name = :name ORDER BY id"
_STORED = "SELECT workflow FROM workflow_versions WHERE hash = :hash"


class Library:
    """The saved workflows of one store, and the drafts of what is not saved yet."""

    def __init__(self, store: Store, notebook: str = "", deck: Callable[[], DeckSchema] | None = None) -> None:
        """Use the tables and the data folder of `store`; drafts are those of `notebook`, and `deck` knows the types of parameters."""
        self._database = store.database
        self._deck = deck
        self._drafts = DraftFiles(store.folder, notebook)

    def shelves(self) -> list[Shelf]:
        """Return what is kept, the latest first."""
        with self._database.transaction() as statements:
            shelves = [self._shelf(statements, entry) for entry in read_entries(statements)]
        return sorted(shelves, key=lambda one: one.changed_us, reverse=True)

    def search(self, text: str) -> list[Shelf]:
        """Return the workflows whose name, description, author or deck holds `text`, whatever its capitals."""
        wanted = text.casefold()
        return [one for one in self.shelves() if wanted in f"{one.name}\n{one.description}\n{one.author}\n{one.deck}".casefold()]

    def get(self, name: str, version: str | None = None) -> Workflow | None:
        """Return a workflow, its newest version unless a hash is given; None when there is none.

        Raises
        ------
        WorkflowError
            When IvoryOS made it and it cannot be read; every problem is named.
        """
        with self._database.transaction() as statements:
            if version is not None:
                return self._stored(statements, version)
            entry = read_entry(statements, name)
            return None if entry is None else self._current(statements, entry)

    def save(self, workflow: Workflow) -> Version:
        """Keep `workflow` as the newest version of its name; the same content again makes no new one.

        Raises
        ------
        WorkflowError
            When the name is empty, or the saved workflow is finalized and this one differs from it.
        """
        if not workflow.name.strip():
            raise WorkflowError([Problem("name", "a workflow needs a name to be saved", workflow.name)])
        with self._database.transaction() as statements:
            entry = read_entry(statements, workflow.name)
            if entry is not None:
                self._adopted(statements, entry)
            version = self._keep(statements, workflow, entry)
        self._drafts.drop(workflow.name)
        return version

    def versions(self, name: str) -> list[Version]:
        """Return the versions of a workflow, the newest first."""
        with self._database.transaction() as statements:
            entry = read_entry(statements, name)
            if entry is not None:
                self._adopted(statements, entry)
            return self._versions(statements, name)

    def rename(self, name: str, new_name: str) -> None:
        """Give a workflow and its versions another name; raise when that one is taken."""
        with self._database.transaction() as statements:
            workflow = self._require(statements, name)
            self._free(statements, new_name)
            statements.change("UPDATE library_versions SET name = :new_name WHERE name = :name", {"name": name, "new_name": new_name})
            statements.change("UPDATE script SET name = :new_name WHERE name = :name", {"name": name, "new_name": new_name})
            self._keep(statements, replace(workflow, name=new_name), read_entry(statements, new_name), relabel=True)
        self._drafts.rename(name, new_name)

    def duplicate(self, name: str, new_name: str) -> Version:
        """Keep a copy under another name, open for editing; raise when that name is taken."""
        with self._database.transaction() as statements:
            workflow = self._require(statements, name)
            self._free(statements, new_name)
            return self._keep(statements, replace(workflow, name=new_name, uuid=None, finalized=False, registered=False), None)

    def finalize(self, name: str, *, finalized: bool = True) -> None:
        """Protect a workflow against being saved over, or take that back."""
        self._mark(name, finalized=finalized)

    def register(self, name: str, *, registered: bool = True) -> None:
        """Offer a workflow as a step of others, or take that back."""
        self._mark(name, registered=registered)

    def delete(self, name: str) -> None:
        """Take a workflow off the shelf; `restore` brings it back, and its versions stay."""
        with self._database.transaction() as statements:
            entry = read_entry(statements, name)
            if entry is None:
                raise UnknownNameError(f"There is no workflow {name!r} in the library.")
            self._adopted(statements, entry)
            statements.change(
                "INSERT INTO library_trash (name, entry, deleted_us) VALUES (:name, :entry, :deleted_us)",
                {"name": name, "entry": json.dumps(entry.row), "deleted_us": now_us()},
            )
            statements.change("DELETE FROM script WHERE name = :name", {"name": name})

    def restore(self, name: str) -> None:
        """Bring back what `delete` took away; raise when the name was given to another workflow since."""
        with self._database.transaction() as statements:
            rows = statements.rows("SELECT id, entry FROM library_trash WHERE name = :name ORDER BY id DESC LIMIT 1", {"name": name})
            if not rows:
                raise UnknownNameError(f"No workflow {name!r} was deleted from the library.")
            self._free(statements, name)
            row: Row = json.loads(str(rows[0][1]))
            insert_entry(statements, {**row, "uuid": self._free_uuid(statements, name, row["uuid"])})
            statements.change("DELETE FROM library_trash WHERE id = :id", {"id": int(str(rows[0][0]))})

    def draft(self, name: str) -> str | None:
        """Return the draft of the workflow called `name`, or None."""
        return self._drafts.read(name)

    def keep_draft(self, name: str, text: str) -> None:
        """Keep `text` as the draft of `name`."""
        self._drafts.keep(name, text)

    def drafts(self) -> list[str]:
        """Return the names of the workflows that have a draft here, the latest first."""
        return self._drafts.names()

    def past(self, name: str) -> str | None:
        """Return how the saved workflow `name` came about, or None."""
        return self._drafts.read_past(name)

    def keep_past(self, name: str, text: str) -> None:
        """Keep how the saved workflow `name` came about."""
        self._drafts.keep_past(name, text)

    def drop_draft(self, name: str) -> None:
        """Forget the draft of `name`."""
        self._drafts.drop(name)

    def _mark(self, name: str, **marks: bool) -> None:
        """Set marks of a saved workflow."""
        with self._database.transaction() as statements:
            workflow = self._require(statements, name)
            self._keep(statements, replace(workflow, **marks), read_entry(statements, name))  # type: ignore[arg-type]  # both are bool

    def _require(self, statements: Statements, name: str) -> Workflow:
        """Return a workflow; raise when there is none."""
        entry = read_entry(statements, name)
        if entry is None:
            raise UnknownNameError(f"There is no workflow {name!r} in the library.")
        return self._current(statements, entry)

    def _free(self, statements: Statements, name: str) -> None:
        """Raise when a name is empty or taken."""
        if not name.strip():
            raise WorkflowError([Problem("name", "a workflow needs a name", name)])
        if read_entry(statements, name) is not None:
            raise WorkflowError([Problem("name", "another workflow has this name; choose another one", name)])

    def _current(self, statements: Statements, entry: Entry) -> Workflow:
        """Return the newest version of an entry, with what its row says of it now."""
        stored = self._stored(statements, self._adopted(statements, entry))
        if stored is None:
            raise UnknownNameError(f"The newest version of {entry.name!r} is missing from the database.")
        return replace(
            stored, author=entry.author, finalized=entry.finalized, registered=entry.registered, uuid=entry.uuid, name=entry.name
        )

    def _adopted(self, statements: Statements, entry: Entry) -> str:
        """Return the hash of the newest version, after making one of what IvoryOS wrote."""
        newest = statements.rows(_NEWEST, {"name": entry.name})
        projection = _mark_of(entry.script_dict)
        if newest and newest[0][1] == projection:
            return str(newest[0][0])
        workflow = replace(from_ivoryos(entry.document()), name=entry.name)
        return self._add(statements, workflow, projection, "", entry.changed_us)

    def _keep(self, statements: Statements, workflow: Workflow, entry: Entry | None, *, relabel: bool = False) -> Version:
        """Write a workflow's row and, when its content is new, its version."""
        newest = statements.rows(_NEWEST, {"name": workflow.name})
        new = not newest or newest[0][0] != content_hash(workflow)
        if entry is not None and entry.finalized and new and not relabel:
            raise WorkflowError([Problem("name", "the workflow is finalized; save a copy under another name", workflow.name)])
        document, unsaid = to_ivoryos(workflow, None if self._deck is None else self._deck())
        mark, left_out = _mark_of(json.dumps(document["script_dict"])), "\n".join(map(str, unsaid))
        if new:
            self._add(statements, workflow, mark, left_out, now_us())
        elif newest[0][1] != mark:
            statements.change(_PROJECT_AGAIN, {"id": int(str(newest[0][2])), "projection": mark, "unsaid": left_out or None})
        row = self._row(statements, workflow, document, entry)
        if entry is None:
            insert_entry(statements, row)
        else:
            update_entry(statements, row)
        return self._versions(statements, workflow.name)[0]

    def _row(self, statements: Statements, workflow: Workflow, document: Mapping[str, object], entry: Entry | None) -> Row:
        """Return the row as IvoryOS writes it."""
        now = local_text(now_us())[:19]
        return {
            "name": workflow.name,
            "deck": workflow.deck,
            "status": "finalized" if workflow.finalized else "editing",
            "script_dict": json.dumps(document["script_dict"]),
            "time_created": now if entry is None else entry.row["time_created"],
            "last_modified": now,
            "id_order": '{"prep": [], "script": [], "cleanup": []}',
            "editing_type": "script",
            "author": workflow.author,
            "description": workflow.description,
            "registered": workflow.registered,
            "return_values": json.dumps(document["return_values"]),
            "uuid": self._free_uuid(statements, workflow.name, workflow.uuid or (entry.uuid if entry else None)),
        }

    def _free_uuid(self, statements: Statements, name: str, wanted: object) -> str:
        """Return the uuid wanted, or a new one when there is none or another workflow has it."""
        taken = "SELECT 1 FROM script WHERE uuid = :uuid AND name <> :name"
        if wanted is None or statements.rows(taken, {"uuid": str(wanted), "name": name}):
            return str(uuid.uuid4())
        return str(wanted)

    def _add(self, statements: Statements, workflow: Workflow, projection: str, unsaid: str, saved_us: int) -> str:
        """Append a version; return its hash."""
        mark = content_hash(workflow)
        keep_version(statements, mark, to_json(workflow))
        values: Values = {"name": workflow.name, "hash": mark, "saved_us": saved_us, "saved_by": workflow.author, "projection": projection}
        statements.change(_ADD_VERSION, {**values, "unsaid": unsaid or None})
        return mark

    def _stored(self, statements: Statements, version: str) -> Workflow | None:
        """Return a version by its hash."""
        rows = statements.rows(_STORED, {"hash": version})
        return from_json(str(rows[0][0])) if rows else None

    def _versions(self, statements: Statements, name: str) -> list[Version]:
        """Return the versions of a name, the newest first."""
        rows = statements.rows(_VERSIONS, {"name": name})
        return [Version(number, str(mark), int(str(at)), str(by)) for number, (mark, at, by) in enumerate(rows, start=1)][::-1]

    def _shelf(self, statements: Statements, entry: Entry) -> Shelf:
        """Return what the list shows of an entry; one that cannot be read is listed all the same."""
        try:
            mark = self._adopted(statements, entry)
        except WorkflowError:
            mark = ""
        versions = self._versions(statements, entry.name)
        return Shelf(
            name=entry.name,
            hash=mark,
            description=entry.description,
            author=entry.author,
            deck=entry.deck,
            steps=entry.steps,
            versions=len(versions),
            changed_us=versions[0].saved_us if versions else entry.changed_us,
            finalized=entry.finalized,
            registered=entry.registered,
            draft=self._drafts.read(entry.name) is not None,
        )


def _mark_of(script_dict: str) -> str:
    """Return a hash of IvoryOS's form that does not depend on how the JSON is written."""
    return hashlib.sha256(json.dumps(json.loads(script_dict), sort_keys=True).encode()).hexdigest()
