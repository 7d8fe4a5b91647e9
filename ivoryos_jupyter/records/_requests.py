"""How is a submission kept?  As JSON; the workflow's text lies once in ``workflow_versions``, however often it is run."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from ivoryos_jupyter.journal import RunRequest
from ivoryos_jupyter.records._plain import from_text, plain_text

if TYPE_CHECKING:
    from ivoryos_jupyter.schema import Plain

_TUPLES = ("rows", "cleanup_after", "repeats")
_NAMES = tuple(field.name for field in fields(RunRequest) if field.name != "workflow")


def request_text(request: RunRequest) -> str:
    """Return everything but the workflow as JSON."""
    return plain_text({name: getattr(request, name) for name in _NAMES})


def request_from(text: str, workflow: str) -> RunRequest:
    """Return the submission; a field that a newer release wrote is left out."""
    data = from_text(text)
    known = {name: _value(name, value) for name, value in data.items() if name in _NAMES} if isinstance(data, dict) else {}
    return RunRequest(workflow=workflow, **known)  # type: ignore[arg-type]


def _value(name: str, value: Plain) -> object:
    """Return the value as the row has it."""
    return tuple(value) if name in _TUPLES and isinstance(value, list) else value
