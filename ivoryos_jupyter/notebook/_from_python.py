"""How does a cell or a function of Python become a workflow in the notebook?"""

from __future__ import annotations

import inspect
import textwrap
from typing import TYPE_CHECKING

from ivoryos_jupyter.codegen import parse_lines
from ivoryos_jupyter.errors import CommandError
from ivoryos_jupyter.notebook._workflow import WorkflowHandle

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.session import Session


def from_source(session: Session, source: str, name: str | None = None, *, first_line: int = 1) -> WorkflowHandle:
    """Return the workflow that `source` means on the present deck; say what its check finds, each with its line.

    Raises
    ------
    WorkflowError
        With each line that has no form in a workflow, and why.
    """
    session.refresh()
    parsed = parse_lines(source, session.deck.schema(), name=name, first_line=first_line)
    handle = WorkflowHandle(session, parsed.workflow.name, parsed.workflow)
    for one in handle.findings():
        line = parsed.lines.get(one.step or "")
        print(f"{one.severity}: {f'line {line}: ' if line else ''}{one.message}")  # noqa: T201 - she must see it
    return handle


def from_function(session: Session, function: Callable[..., object], name: str | None = None) -> WorkflowHandle:
    """Return the workflow whose script `function` is; its source is read, and it is not called.

    Raises
    ------
    CommandError
        When its source is not at hand.
    """
    try:
        lines, first = inspect.getsourcelines(function)
    except (OSError, TypeError) as error:
        called = getattr(function, "__name__", repr(function))
        raise CommandError(f"The source of {called} cannot be read; define it in a cell or a file, with def.") from error
    source = textwrap.dedent("".join(lines))
    return from_source(session, source, name or getattr(function, "__name__", None), first_line=max(first, 1))
