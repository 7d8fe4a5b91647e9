"""How does a workflow read, phase by phase?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.workflow import PHASES, If, phase_of, sentence, slots

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ivoryos_jupyter.schema import DeckSchema
    from ivoryos_jupyter.workflow import Step, Workflow


def in_sentences(workflow: Workflow, schema: DeckSchema) -> str:
    """Return a workflow as sentences, phase by phase."""
    lines = [workflow.name]
    for phase in PHASES:
        lines += [f"{phase}:", *(_sentences(phase_of(workflow, phase), schema) or ["  (nothing)"])]
    return "\n".join(lines)


def _sentences(steps: Iterable[Step], schema: DeckSchema, depth: int = 1) -> list[str]:
    lines = []
    for step in steps:
        lines.append("  " * depth + sentence(step, schema))
        for slot, inner in slots(step).items():
            if slot == "else" and inner:
                lines.append("  " * depth + "Else")
            elif isinstance(step, If) and slot not in {"else", "branch:0"}:
                lines.append("  " * depth + f"Else if {step.branches[int(slot.rpartition(':')[2])].condition}")
            lines += _sentences(inner, schema, depth + 1)
    return lines
