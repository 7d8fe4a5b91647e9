"""Which instruments do the runs of other kernels hold?  A claim counts as long as the kernel that wrote it lives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import BusyError, RecordsError
from ivoryos_jupyter.journal import Holding
from ivoryos_jupyter.records._clock import now_us

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ivoryos_jupyter.journal import Setting
    from ivoryos_jupyter.records._database import Database, Row, Statements, Values

_KNOWN = """
SELECT c.id, c.owner, c.thing, c.instrument, c.run_id, r.name, c.since_us, r.host, r.notebook, r.operator
FROM claims c JOIN workflow_runs r ON r.id = c.run_id ORDER BY c.id
"""
_HOLD = """
INSERT INTO claims (thing, instrument, owner, run_id, since_us) VALUES (:thing, :instrument, :owner, :run_id, :since_us)
ON CONFLICT (thing) DO NOTHING
"""
_LATEST = "SELECT MAX(run_id) FROM claims WHERE owner <> :owner"
_LET_GO = "DELETE FROM claims WHERE id = :id"
_RELEASE = "DELETE FROM claims WHERE run_id = :run_id"


class Claims:
    """The claims of one kernel's runs, and those of others."""

    def __init__(self, database: Database, owner: str) -> None:
        """Claim in the name of `owner`."""
        self._database = database
        self._owner = owner

    def elsewhere(self) -> Sequence[Holding]:
        """Return what the runs of other living kernels hold; read beside whoever writes, so that no screen waits for it."""
        with self._database.fresh() as statements:
            known = statements.rows(_KNOWN)
        return [_holding(row) for row in self._living(known)]

    def latest_elsewhere(self) -> int | None:
        """Return the latest run of another kernel that holds an instrument, dead or alive, or None."""
        latest = self._database.rows(_LATEST, {"owner": self._owner})[0][0]
        return None if latest is None else int(str(latest))

    def make_free(self, statements: Statements, setting: Setting) -> None:
        """Take away what stands against a run that is about to begin: claims of dead kernels, and those a person takes over.

        Raises
        ------
        BusyError
            When another living kernel's run holds one of its instruments, and nobody has decided to take it over.
        """
        wanted = {one.thing for one in setting.claims}
        known = [row for row in statements.rows(_KNOWN) if row[2] in wanted]
        held = [_holding(row) for row in self._living(known)]
        if held and not setting.take_over:
            raise BusyError("; ".join(one.sentence for one in held))
        for row in known:
            statements.change(_LET_GO, {"id": int(str(row[0]))})

    def hold(self, statements: Statements, run_id: int, setting: Setting, since_us: int) -> None:
        """Hold the instruments of a run that begins; raise `BusyError` when another kernel was quicker just now."""
        wanted = {one.thing: one for one in setting.claims}
        for thing, claim in sorted(wanted.items()):  # in one order, so that two kernels do not wait for each other
            values: Values = {"thing": thing, "instrument": claim.instrument, "owner": self._owner, "run_id": run_id, "since_us": since_us}
            if not statements.change(_HOLD, values):
                raise BusyError(f"{claim.instrument} ({thing}) was claimed by another kernel just now")

    def hold_again(self, statements: Statements, run_id: int, setting: Setting) -> None:
        """Hold what a run under way has lost to nobody; raise `RecordsError` when it has lost it to another living kernel's run."""
        wanted = {one.thing for one in setting.claims}
        known = [row for row in statements.rows(_KNOWN) if row[2] in wanted and row[4] != run_id]
        held = [_holding(row) for row in self._living(known)]
        if held:
            lost = "; ".join(one.sentence for one in held)
            raise RecordsError(f"While this kernel was cut off from the database, run {run_id} lost its instruments: {lost}")
        for row in known:
            statements.change(_LET_GO, {"id": int(str(row[0]))})
        for claim in setting.claims:
            values: Values = {"thing": claim.thing, "instrument": claim.instrument, "owner": self._owner, "run_id": run_id}
            statements.change(_HOLD, {**values, "since_us": now_us()})

    def release(self, statements: Statements, run_id: int) -> None:
        """Give back what a run holds."""
        statements.change(_RELEASE, {"run_id": run_id})

    def _living(self, rows: Sequence[Row]) -> list[Row]:
        """Return the claims of other kernels that live."""
        owners = {str(row[1]) for row in rows} - {self._owner}
        alive = {owner for owner in owners if self._database.alive(owner)}
        return [row for row in rows if row[1] in alive]


def _holding(row: Row) -> Holding:
    _id, _owner, thing, instrument, run_id, run, since_us, *about = row
    return Holding(str(thing), str(instrument), int(str(run_id)), str(run), int(str(since_us)), *(str(one or "") for one in about))
