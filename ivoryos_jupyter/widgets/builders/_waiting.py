"""How is a run that waits in the queue changed?  Its workflow lies open like any other, beside its table, and both go back."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from ivoryos_jupyter.errors import CommandError, UnknownNameError
from ivoryos_jupyter.schema import to_text
from ivoryos_jupyter.widgets.builders._open import OpenWorkflow
from ivoryos_jupyter.widgets.builders._page import view_of
from ivoryos_jupyter.workflow import from_json, interface

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ivoryos_jupyter.journal import RunRequest
    from ivoryos_jupyter.schema import DeckSchema, Plain
    from ivoryos_jupyter.widgets.builders._page import Table
    from ivoryos_jupyter.widgets.builders._workshop import Submission, Workshop
    from ivoryos_jupyter.workflow import Workflow

    Params = Mapping[str, object]


class WaitingJson(TypedDict):
    """The waiting run that an open workflow belongs to."""

    key: str
    name: str
    columns: list[str]
    rows: list[list[str]] | None
    """The table as text; None for a run by count."""
    repeat: int
    sample: str
    batch_size: int


class NoDrafts:
    """Keeps nothing: what is changed in a waiting run is no draft of the library's workflow of the same name."""

    def keep_draft(self, name: str, text: str) -> None:
        """Keep nothing."""

    def keep_past(self, name: str, text: str) -> None:
        """Keep nothing."""

    def drop_draft(self, name: str) -> None:
        """Keep nothing."""


class WaitingDesk:
    """Answers requests about waiting runs that are edited."""

    def __init__(self, shop: Workshop, table: Table, submission: Callable[[Workflow, Params], Submission]) -> None:
        """Lay workflows open on `table`; `submission` reads the rows of a request."""
        self._shop = shop
        self._table = table
        self._submission = submission
        self._runs: dict[str, str] = {}
        """Key of the open workflow -> key of the run."""

    def register(self) -> None:
        """Let the desk know the requests that are answered here."""
        self._shop.desk.register("builder.edit_waiting", self.edit)
        self._shop.desk.register("builder.keep_waiting", self.keep)

    def of_document(self, document: str) -> str | None:
        """Return the key of the run that an open workflow belongs to, or None."""
        return self._runs.get(document)

    def of(self, document: str) -> WaitingJson | None:
        """Return the run that an open workflow belongs to, as it waits now; None when it belongs to none."""
        key = self._runs.get(document)
        if key is None:
            return None
        request = self._shop.waiting(key)
        if request is None:
            return {"key": key, "name": "", "columns": [], "rows": None, "repeat": 1, "sample": "", "batch_size": 1}
        columns, rows = _table(request, self._shop.deck.schema())
        return {
            "key": key,
            "name": request.name,
            "columns": columns,
            "rows": rows,
            "repeat": request.repeat,
            "sample": request.sample_column or "",
            "batch_size": request.batch_size,
        }

    def edit(self, params: Params) -> dict[str, object]:
        """Lay the workflow of a waiting run open, or find it open, and return its key."""
        request = self._request(str(params.get("key", "")))
        document = next((one for one, key in self._runs.items() if key == request.key), None) or self._lay_open(request)
        self._table.page(view_of(params)).show(document, self._table.opened_as(document))
        return {"document": document, "name": request.name}

    def _lay_open(self, request: RunRequest) -> str:
        workflow = from_json(request.workflow)
        document = self._table.put_apart(OpenWorkflow(workflow, workflow, NoDrafts()))
        self._runs[document] = request.key
        return document

    def keep(self, params: Params) -> dict[str, object]:
        """Put the workflow and the table as they are now in the place of what waits; refused when the run has begun."""
        document = str(params.get("document", ""))
        key = self._runs.get(document)
        if key is None:
            raise CommandError("This workflow belongs to no waiting run.")
        opened = self._table.opened_as(document)
        request = self._request(key)
        self._shop.replace_waiting(request, self._submission(opened.workflow, {"batch_size": request.batch_size, **params}))
        opened.mark_saved(opened.workflow, 0)
        return {"name": request.name}

    def _request(self, key: str) -> RunRequest:
        request = self._shop.waiting(key)
        if request is None:
            raise UnknownNameError("This run has begun, or was removed, and cannot be changed any more. Nothing was changed.")
        return request


def _table(request: RunRequest, schema: DeckSchema) -> tuple[list[str], list[list[str]] | None]:
    """Return the rows of a request as text that reads back as the same values."""
    if request.rows is None:
        return [], None
    kinds = {one.name: one.kind for one in interface(from_json(request.workflow), schema).inputs}
    columns = list(dict.fromkeys([*kinds, *(name for row in request.rows for name in row)]))
    return columns, [[_cell(kinds.get(name), row.get(name)) for name in columns] for row in request.rows]


def _cell(kind: object, value: Plain) -> str:
    if value is None:
        return ""
    return str(value) if kind is None else to_text(kind, value)  # type: ignore[arg-type] # the kind of an input
