"""What is a person told, who is not there?  A frozen notice, short enough for a phone at two in the morning."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["wait", "error", "end", "watch", "safe", "died", "test"]
"""What a notice is about.

``wait``: a run asks or pauses for a person; ``error``: a step failed and the run asks what to do, or an error ended it; ``end``: a run
ended, however; ``watch``: a watched property left its band; ``safe``: make safe was asked for; ``died``: the kernel died while a run was
under way; ``test``: nothing happened, somebody tries whether notices arrive.
"""
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Notice:
    """What a handler is told."""

    kind: Kind
    title: str
    """One line: which run, and what with it."""
    text: str
    """The same in full, as lines of plain text."""
    at_us: int
    """When it happened, in UTC microseconds."""
    run: str = ""
    """Name of the run; empty when it is about none."""
    run_key: str = ""
    run_id: int | None = None
    """Id of its record."""
    question: str = ""
    """What is asked."""
    question_id: str = ""
    """For ``run.answer(…)``; empty when nothing is asked."""
    choices: tuple[str, ...] = ()
    """The answers it may be given."""
    options: tuple[str, ...] = ()
    """Of a value that is asked for: what to choose from; empty when any will do."""
    step: str = ""
    """``pump.dispense``."""
    arguments: Mapping[str, str] = field(default_factory=dict)
    """Of the step that failed, as text."""
    error: str = ""
    """First line of the error."""
    operator: str = ""
    host: str = ""
    notebook: str = ""
    told_before: int = 0
    """How often this handler was told of it before."""

    @property
    def at(self) -> datetime:
        """When it happened, in local time."""
        return local(self.at_us)

    def to_json(self) -> dict[str, object]:
        """Return it as plain JSON."""
        return asdict(self)


def local(at_us: int) -> datetime:
    """Return a moment in local time."""
    return datetime.fromtimestamp(at_us / 1e6).astimezone()


def written(lines: Mapping[str, str], at_us: int) -> str:
    """Return the lines that say something, each with its word, and when it happened last."""
    body = [f"{word}: {said}" for word, said in lines.items() if said]
    return "\n".join([*body, f"At: {local(at_us):%Y-%m-%d %H:%M:%S}"])
