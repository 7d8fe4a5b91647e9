"""Which values did a person change when a step was done again?  The table's row shows what was submitted; this says what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.records._plain import from_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.records._database import Statements, Values

_ANY = "SELECT 1 FROM run_events WHERE kind = 'retried' LIMIT 1"
_ATTEMPTS = """
SELECT s.phase_id, COALESCE(s.sample, 0), s.step_id, s.path, s.instrument, s.method_name, CAST(s.arguments AS TEXT), s.status
FROM workflow_steps s JOIN workflow_phases q ON q.id = s.phase_id
WHERE q.run_id IN (SELECT e.run_id FROM run_events e WHERE e.kind = 'retried')
  AND s.phase_id IN (SELECT p.id FROM {source})
  AND EXISTS (SELECT 1 FROM workflow_steps t WHERE t.phase_id = s.phase_id AND t.step_id = s.step_id AND t.attempt > 1)
ORDER BY s.id
"""


def edits(statements: Statements, source: str, values: Values) -> dict[tuple[int, int], str]:
    """Return, by phase and sample, what was changed: ``volume_ml=2 instead of 50 (pump.dispense)``.

    Parameters
    ----------
    statements
        Where to read.
    source
        What follows ``SELECT p.id FROM`` to choose the phases.
    values
        What is bound in it.
    """
    if not statements.rows(_ANY):
        return {}
    attempts: dict[tuple[int, int, str, str], list[tuple[str, Mapping[str, object], bool]]] = {}
    for phase, sample, step, path, instrument, method, arguments, status in statements.rows(_ATTEMPTS.format(source=source), values):
        sent = from_text(None if arguments is None else str(arguments))
        label = f"{instrument}.{method}" if instrument else str(method)
        place = (int(str(phase)), int(str(sample)), str(step), str(path or ""))
        attempts.setdefault(place, []).append((label, sent if isinstance(sent, dict) else {}, status == "done"))
    found: dict[tuple[int, int], list[str]] = {}
    for (phase_id, index, _step, _path), tries in attempts.items():
        (_, first, _), (label, last, done) = tries[0], tries[-1]
        changed = _changes(first, last)
        if done and changed:
            found.setdefault((phase_id, index), []).append(f"{', '.join(changed)} ({label})")
    return {place: "; ".join(said) for place, said in found.items()}


def _changes(first: Mapping[str, object], last: Mapping[str, object]) -> list[str]:
    """Return in words which arguments the last attempt was made with in place of the first one's."""
    names = [name for name, value in last.items() if first.get(name, value) != value]
    return [f"{name}={_said(last[name])} instead of {_said(first[name])}" for name in names]


def _said(value: object) -> str:
    """Return a value as one says it."""
    return f"{value:g}" if isinstance(value, float) else str(value)
