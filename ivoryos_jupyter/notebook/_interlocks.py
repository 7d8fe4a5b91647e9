"""How does one set interlocks?  ``ivoryos.interlocks``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import UnknownNameError
from ivoryos_jupyter.notebook._listing import as_html, as_text
from ivoryos_jupyter.rules import check_interlock, parse_interlock, unfit_rules
from ivoryos_jupyter.schema import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ivoryos_jupyter.session import Session

_HEAD = ("", "interlock", "")
_EMPTY = 'No interlocks. Add one: ivoryos.interlocks.add("when reactor.set_temperature: require stirrer.running")'


class Interlocks:
    """The interlocks of the data folder, as they are whenever this is displayed."""

    def __init__(self, session: Session) -> None:
        """Show those that the calls of `session` are held to."""
        self._session = session

    @property
    def path(self) -> Path:
        """The file they lie in."""
        return self._session.rules.file.path

    def add(self, rule: str) -> Interlocks:
        """Add a rule; from now on every call that it guards is held to it, whoever makes it.

        Parameters
        ----------
        rule
            ``when pump.dispense with volume_ml > 5: require valve.position == 'open' and balance.weight < 200``. ``pump.*``
            guards all of an instrument, ``set reactor.target`` the setting of a property. After ``require`` stands an
            expression over properties (``stirrer.running``), the arguments of the call (``volume_ml``), last results
            (``last(balance.weigh)``) and their age in seconds (``age(balance.weigh)``).

        Raises
        ------
        ConversionError
            When the rule cannot be read, or names what is not on the deck; with the closest name that is.
        SafetyFileError
            When the present file cannot be read or written.
        """
        self._session.refresh()
        one = parse_interlock(rule)
        check_interlock(one, self._session.deck.schema())
        self._session.rules.file.add_interlock(one)
        return self

    def remove(self, which: int | str) -> Interlocks:
        """Take a rule away, by its number in the list or its text.

        Raises
        ------
        UnknownNameError
            When there is no such rule.
        """
        known = self._session.rules.file.current().interlocks
        texts = [one.text for one in known]
        wanted = parse_interlock(which).text if isinstance(which, str) and which not in texts else which
        found = [one for at, one in enumerate(known, 1) if wanted in (at, one.text)]
        if not found:
            hint = did_you_mean(str(which), texts) if isinstance(which, str) else f"; there are {len(texts)}"
            raise UnknownNameError(f"There is no interlock {which!r}{hint}")
        self._session.rules.file.remove(found)
        return self

    def __iter__(self) -> Iterator[str]:
        """Give the rules as text."""
        return iter([one.text for one in self._session.rules.file.current().interlocks])

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._session.rules.file.current().interlocks)

    def _rows(self) -> list[tuple[str, str, str]]:
        rules = self._session.rules.file.current()
        unfit = {problem.field: problem.message for problem in unfit_rules(rules, self._session.deck.schema())}
        return [(str(at), one.text, unfit.get(one.text, "")) for at, one in enumerate(rules.interlocks, 1)]

    def __repr__(self) -> str:
        """Return the rules, and which of them cannot be evaluated on this deck."""
        return as_text(_HEAD, self._rows(), _EMPTY)

    def _repr_html_(self) -> str:
        return as_html(_HEAD, self._rows(), _EMPTY)
