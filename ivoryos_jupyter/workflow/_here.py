"""Where does the checker stand, and what is known there?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ivoryos_jupyter.workflow._findings import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ivoryos_jupyter.errors import Problem
    from ivoryos_jupyter.schema import Parameter
    from ivoryos_jupyter.workflow._findings import Repair
    from ivoryos_jupyter.workflow._interface import Interface
    from ivoryos_jupyter.workflow._lookup import DeckIndex
    from ivoryos_jupyter.workflow._model import Step, Workflow
    from ivoryos_jupyter.workflow._scope import Scope, Scopes


class LimitsBook(Protocol):
    """What the checker asks of the laboratory's limits; `ivoryos_jupyter.schema.Limits` answers."""

    def check(self, target: str, method: str, arguments: Mapping[str, object], parameters: Sequence[Parameter] = ()) -> list[Problem]:
        """Return what is wrong with the arguments of one call."""


def _unknown(_name: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Whole:
    """What is the same at every step of one workflow."""

    workflow: Workflow
    deck: DeckIndex
    limits: LimitsBook | None
    flow: Scopes
    interface: Interface
    latest: Mapping[str, str]
    """Newest version of each registered workflow, by name."""
    made: Mapping[str, str]
    """Every name that some step makes -> id of the first such step."""
    nested: bool = False
    """Whether it is checked as a part of another workflow."""
    called_now: Callable[[str], str] = _unknown
    """What a name is called since it was renamed; empty where nobody knows."""

    @property
    def inputs(self) -> frozenset[str]:
        """Names of the run-time parameters."""
        return frozenset(one.name for one in self.interface.inputs)


@dataclass(frozen=True, slots=True)
class Here:
    """One step, and what is known where it stands."""

    whole: Whole
    step: Step
    phase: str
    scope: Scope

    def error(self, code: str, message: str, field: str = "", repair: Repair | None = None) -> Finding:
        """Return a finding that stops a run."""
        return Finding(self.step.id, "error", code, message, field, self.phase, repair)

    def warning(self, code: str, message: str, field: str = "", repair: Repair | None = None) -> Finding:
        """Return a finding that may be meant so."""
        return Finding(self.step.id, "warning", code, message, field, self.phase, repair)
