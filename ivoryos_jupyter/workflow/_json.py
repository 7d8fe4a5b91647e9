"""How is a workflow kept in a file?  Workflow JSON v1, strict, complete in itself and with an identity by content."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import Problem, WorkflowError
from ivoryos_jupyter.schema import strict_json
from ivoryos_jupyter.workflow._codec import Reading, read_fields, read_step, write_fields, write_step
from ivoryos_jupyter.workflow._model import CallWorkflow, Workflow
from ivoryos_jupyter.workflow._tree import walk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.workflow._model import Step

FORMAT = "ivoryos-workflow/1"
_FAMILY, _, _VERSION = FORMAT.rpartition("/")
_NOT_CONTENT = frozenset({"author", "finalized", "registered", "uuid", "nested"})


def to_data(workflow: Workflow) -> dict[str, object]:
    """Return `workflow` as JSON data, with every nested version it reaches, each once."""
    nested = {version: _own_data(one) for version, one in sorted(nested_versions(workflow).items())}
    return {"format": FORMAT, **_own_data(workflow), **({"nested": nested} if nested else {})}


def from_data(data: object) -> Workflow:
    """Return the workflow that `data` describes; raise `WorkflowError` with every problem and its place."""
    reading = Reading()
    if not isinstance(data, dict):
        raise WorkflowError([Problem("", "a workflow is a JSON object", str(data)[:100])], "This is no workflow.")
    _check_format(data.get("format"))
    content = {key: item for key, item in data.items() if key not in {"format", "nested"}}
    workflow = _read_own(content, "", reading)
    nested = _read_nested(data.get("nested", {}), reading)
    if reading.problems or workflow is None:
        raise WorkflowError(reading.problems, "This workflow cannot be read.")
    return _link(workflow, nested, {})


def to_json(workflow: Workflow, *, indent: int | None = None) -> str:
    """Return `workflow` as JSON text that `from_json` reads back to an equal workflow."""
    text = json.dumps(to_data(workflow), ensure_ascii=False, allow_nan=False, indent=indent)
    try:
        text.encode()
    except UnicodeEncodeError:  # half a surrogate pair, which no file can hold as it is
        return json.dumps(to_data(workflow), allow_nan=False, indent=indent)
    return text


def from_json(text: str) -> Workflow:
    """Return the workflow that `text` holds; raise `WorkflowError` with every problem and its place."""
    try:
        data = strict_json(text)
    except (ValueError, RecursionError) as error:
        raise WorkflowError([Problem("", f"the text is no strict JSON: {error or 'it is nested too deep'}")]) from error
    return from_data(data)


def content_hash(workflow: Workflow) -> str:
    """Return the sha256 of what `workflow` does: its name, text and steps, with nested versions by their own hashes.

    Who wrote it, whether it is finalized or registered, and IvoryOS's uuid are no content.
    """
    data = {key: item for key, item in _own_data(workflow).items() if key not in _NOT_CONTENT}
    canonical = json.dumps(data, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def step_to_data(step: Step) -> dict[str, object]:
    """Return one step, with what lies in it, as JSON data."""
    return write_step(step)


def step_from_data(data: object) -> Step:
    """Return the step that `data` describes; raise `WorkflowError` with every problem and its place."""
    reading = Reading()
    step = read_step(data, "step", reading)
    if reading.problems or step is None:
        raise WorkflowError(reading.problems, "This step cannot be read.")
    return step


def pin(workflow: Workflow, *callees: Workflow) -> Workflow:
    """Return `workflow` with `callees` among its pinned versions, each under its content hash."""
    return replace(workflow, nested={**workflow.nested, **{content_hash(one): one for one in callees}})


def _own_data(workflow: Workflow) -> dict[str, object]:
    return write_fields(replace(workflow, nested={}))


def nested_versions(workflow: Workflow) -> dict[str, Workflow]:
    """Return every pinned version that `workflow` reaches, by content hash, those within nested ones too."""
    found: dict[str, Workflow] = {}
    waiting = [workflow]
    while waiting:
        one = waiting.pop()
        pins = {visit.step.version for visit in walk(one) if isinstance(visit.step, CallWorkflow)}
        for version in pins:
            if version in one.nested and version not in found:
                found[version] = one.nested[version]
                waiting.append(one.nested[version])
    return found


def _check_format(found: object) -> None:
    if found == FORMAT:
        return
    family, _, version = found.rpartition("/") if isinstance(found, str) else ("", "", "")
    if family == _FAMILY and version.isdigit() and int(version) > int(_VERSION):
        message = f"was written by a newer version of ivoryos_jupyter ({found}); update it to open this file, nothing was changed"
    else:
        message = f"must be {FORMAT!r}; a file of IvoryOS itself is read with from_ivoryos"
    raise WorkflowError([Problem("format", message, "" if found is None else str(found)[:100])], "This workflow cannot be read.")


def _read_own(data: Mapping[str, object], place: str, reading: Reading) -> Workflow | None:
    before = len(reading.problems)
    found = read_fields(Workflow, data, place, reading)
    if len(reading.problems) > before:
        return None
    workflow = Workflow(**found)
    _check_ids(workflow, place, reading)
    return workflow


def _check_ids(workflow: Workflow, place: str, reading: Reading) -> None:
    seen: set[str] = set()
    for visit in walk(workflow):
        where = f"{place}.{visit.place.phase}".lstrip(".")
        if not visit.step.id:
            reading.report(where, "a step has an empty id; give it a text of its own")
        elif visit.step.id in seen:
            reading.report(where, f"two steps have the id {visit.step.id!r}; ids are unique in a workflow", visit.step.id)
        seen.add(visit.step.id)


def _read_nested(data: object, reading: Reading) -> dict[str, Workflow]:
    if not isinstance(data, dict):
        reading.report("nested", "must be an object of workflows by content hash", data)
        return {}
    found: dict[str, Workflow] = {}
    for version, item in data.items():
        place = f"nested.{version[:12]}"
        if not isinstance(item, dict):
            reading.report(place, "must be a workflow", item)
            continue
        one = _read_own(item, place, reading)
        if one is not None and content_hash(one) != version:
            reading.report(place, "its content is not what its hash says; the file was edited by hand or damaged")
        elif one is not None:
            found[version] = one
    return found


def _link(workflow: Workflow, nested: Mapping[str, Workflow], done: dict[str, Workflow]) -> Workflow:
    """Give each workflow the versions it pins; hashes that were checked cannot form a cycle."""
    mine: dict[str, Workflow] = {}
    for visit in walk(workflow):
        if isinstance(visit.step, CallWorkflow) and visit.step.version in nested:
            version = visit.step.version
            if version not in done:
                done[version] = _link(nested[version], nested, done)
            mine[version] = done[version]
    return replace(workflow, nested=mine)
