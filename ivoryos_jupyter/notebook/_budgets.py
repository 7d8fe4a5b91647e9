"""How does one set budgets, see what is left, and set them back?  ``ivoryos.budgets``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import UnknownNameError
from ivoryos_jupyter.notebook._listing import as_html, as_text
from ivoryos_jupyter.rules import budget_of
from ivoryos_jupyter.schema import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from ivoryos_jupyter.schema import Budget
    from ivoryos_jupyter.session import Session

_HEAD = ("", "budget", "used", "left")
_EMPTY = 'No budgets. Add one: ivoryos.budgets.add("pump.dispense", "volume_ml", at_most=20, per="run")'


class Budgets:
    """The budgets of the data folder, with what is used of each, as they are whenever this is displayed."""

    def __init__(self, session: Session) -> None:
        """Show those that the calls of `session` use."""
        self._session = session

    @property
    def path(self) -> Path:
        """The file they lie in; what is used stands in the records."""
        return self._session.rules.file.path

    def add(
        self, uses: str | Sequence[str], param: str | None = None, *, at_most: float, per: str = "", since: str = "", unit: str = ""
    ) -> Budgets:
        """Add a budget, or change the one of the same sources and period; what was counted for them before counts on.

        Parameters
        ----------
        uses
            What uses it: a method (``pump.dispense``), or several, as a list or joined by ``+``; ``set pump.rate`` for setting
            a property; without `param` also ``pump.dispense.volume_ml``.
        param
            The parameter that is summed; without one, calls are counted.
        at_most
            How much there is.
        per
            ``run``, or ``minute``, ``hour``, ``day``: any stretch of that length.
        since
            Instead of `per`: what sets it back, a word that `reset` is told (``refilled``) or a method that does it when it
            succeeds (``pump.refill``).
        unit
            For people; taken from the parameter when left out.

        Raises
        ------
        ConversionError
            With everything that is wrong with it.
        SafetyFileError
            When the present file cannot be read or written.
        """
        session = self._session
        session.refresh()
        one = budget_of(uses, param, at_most=at_most, per=per, since=since, unit=unit, deck=session.deck.schema())
        session.rules.file.add_budget(one)
        return self

    def remove(self, which: int | str) -> Budgets:
        """Take a budget away, by its number in the list or its text; what was counted stays in the records.

        Raises
        ------
        UnknownNameError
            When there is no such budget.
        """
        known = self._session.rules.file.current().budgets
        found = [one for at, one in enumerate(known, 1) if which in (at, one.text)]
        if not found:
            hint = did_you_mean(str(which), [one.text for one in known]) if isinstance(which, str) else f"; there are {len(known)}"
            raise UnknownNameError(f"There is no budget {which!r}{hint}")
        self._session.rules.file.remove(found)
        return self

    def reset(self, instrument: str, what: str) -> Budgets:
        """Set back what counts since `what` was done to `instrument`: ``reset("pump", "refilled")``; recorded with who did it.

        Raises
        ------
        UnknownNameError
            When no budget counts since that.
        """
        session = self._session
        known = session.rules.budgets()
        if not session.rules.means.ledger.reset(what, instrument, session.surroundings.operator):
            words = sorted({one.since.removeprefix(f"{instrument}.") for one, _ in known if one.since})
            raise UnknownNameError(f"No budget of {instrument} counts since {what!r}{did_you_mean(what, words)}")
        return self

    def __iter__(self) -> Iterator[Budget]:
        """Give the budgets."""
        return iter(self._session.rules.file.current().budgets)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._session.rules.file.current().budgets)

    def _rows(self) -> list[tuple[str, str, str, str]]:
        active = self._session.runner.active
        run = None if active is None else active.run_id
        return [(str(at), *self._row(one, run)) for at, (one, _) in enumerate(self._session.rules.budgets(), 1)]

    def _row(self, one: Budget, run: int | None) -> tuple[str, str, str]:
        if one.per == "run" and run is None:
            return one.text, "no run", one.shown(one.at_most)
        used = self._session.rules.used(one, run)
        return one.text, one.shown(used), one.shown(max(0.0, one.at_most - used))

    def __repr__(self) -> str:
        """Return the budgets with what is used and what is left."""
        return as_text(_HEAD, self._rows(), _EMPTY)

    def _repr_html_(self) -> str:
        return as_html(_HEAD, self._rows(), _EMPTY)
