"""Which runs were interrupted, and wait for a person?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ResumeError
from ivoryos_jupyter.notebook.recovery._recovery import Recovery
from ivoryos_jupyter.notebook.recovery._words import call_text, table_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ivoryos_jupyter.journal import UnfinishedRun
    from ivoryos_jupyter.session import Session


class Interrupted:
    """The interrupted runs about which nobody has decided yet, as a table; `ivoryos_jupyter.recover` opens one."""

    def __init__(self, session: Session) -> None:
        """Look at the records of `session`."""
        self._session = session
        self._runs = tuple(session.store.interrupted())

    @property
    def ids(self) -> tuple[int, ...]:
        """Ids of the runs, oldest first."""
        return tuple(run.run_id for run in self._runs)

    def __iter__(self) -> Iterator[UnfinishedRun]:
        """Go through them, oldest first."""
        return iter(self._runs)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._runs)

    def _rows(self) -> list[dict[str, str]]:
        return [
            {
                "run": str(run.run_id),
                "name": run.request.name,
                "workflow": run.request.workflow_name,
                "in doubt": ", ".join(call_text(intent) for _, intent in run.in_doubt) or "nothing",
            }
            for run in self._runs
        ]

    def __repr__(self) -> str:
        """Return one line for each."""
        if not self._runs:
            return "No run waits for a decision."
        return "\n".join(
            f"Run {row['run']} {row['name']!r}: in doubt: {row['in doubt']}. ivoryos.recover({row['run']})" for row in self._rows()
        )

    def _repr_html_(self) -> str:
        return table_of(self._rows()) if self._runs else "<div>No run waits for a decision.</div>"


def recovery_of(session: Session, run_id: int | None) -> Recovery:
    """Return the recovery of an interrupted run; of the only one when `run_id` is None.

    Raises
    ------
    ResumeError
        When there is none, or more than one and none is named.
    """
    if run_id is not None:
        return Recovery(session, run_id)
    known = Interrupted(session)
    if len(known) != 1:
        raise ResumeError("No run waits for a decision." if not known.ids else f"Say which: {', '.join(map(str, known.ids))}.\n{known!r}")
    return Recovery(session, known.ids[0])
