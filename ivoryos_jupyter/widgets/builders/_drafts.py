"""How is unsaved work written down after every edit, quickly?  Each step's text is kept as long as the step is the same."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from ivoryos_jupyter.widgets.builders._history import EntryData, History
from ivoryos_jupyter.widgets.builders._patch import HEAD, applied, bare, head_of, outline
from ivoryos_jupyter.workflow import Workflow, from_data, pin, step_to_data, to_data

if TYPE_CHECKING:
    from ivoryos_jupyter.widgets.builders._patch import Change
    from ivoryos_jupyter.workflow import Step

DRAFT = "ivoryos-draft/1"


class DraftWriter:
    """Writes one workflow's drafts."""

    def __init__(self) -> None:
        """Know no step yet."""
        self._texts: dict[str, tuple[Step, str]] = {}

    def text(self, history: History, version: int, saved: str | None) -> str:
        """Return the draft: the present state, and the changes that lead to all others."""
        workflow = history.present
        flat = outline(workflow)
        self._texts = {key: self._step(key, step) for key, step in flat.steps.items()}
        lists = [{"list": name, "at": 0, "remove": 0, "insert": list(ids)} for name, ids in flat.lists.items() if ids]
        rest = {
            "format": DRAFT,
            "version": version,
            "saved": saved,
            "head": head_of(workflow),
            "lists": lists,
            "nested": [to_data(one) for one in workflow.nested.values()],
            "history": history.to_data(),
        }
        steps = ",".join(f"{json.dumps(key)}:{text}" for key, (_, text) in self._texts.items())
        return f'{json.dumps(rest)[:-1]},"set":{{{steps}}}}}'

    def _step(self, key: str, step: Step) -> tuple[Step, str]:
        known = self._texts.get(key)
        if known is not None and known[0] is step:
            return known
        return step, json.dumps(step_to_data(bare(step)))


def read_draft(text: str, saved: str | None) -> tuple[History, int] | None:
    """Return the history and the version in a draft; None when it was made of another saved version.

    Raises
    ------
    ValueError, LookupError, TypeError
        When it is no draft; `WorkflowError` is a ValueError.
    """
    data = json.loads(text)
    if data["format"] != DRAFT or data["saved"] != saved:
        return None
    head = {name: data["head"][name] for name in HEAD}
    empty = pin(replace(Workflow(name=""), **head), *map(from_data, data["nested"]))
    workflow = applied(empty, cast("Change", {"lists": data["lists"], "set": data["set"]}))
    lines = cast("dict[str, list[EntryData]]", data["history"])
    return History.from_data(workflow, lines), int(data["version"])
