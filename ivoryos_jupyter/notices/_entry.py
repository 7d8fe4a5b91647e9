"""What does one hold in hand of somebody who is told?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.notices._table import entry_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.notices._options import Wish
    from ivoryos_jupyter.notices._teller import Teller


class Notification:
    """One of those who are told."""

    def __init__(self, wished: Wish, name: str, teller: Teller, remove: Callable[[str], object], test: Callable[[str], object]) -> None:
        """Stand for `name` in the list that removes and tests it."""
        self.wish = wished
        """Of what, and when."""
        self.name = name
        self.teller = teller
        self._remove = remove
        self._test = test

    @property
    def broken(self) -> bool:
        """Whether it hangs: it has not returned from an earlier notice."""
        return self.teller.broken

    def remove(self) -> None:
        """Tell it nothing from now on, and forget it where it was remembered."""
        self._remove(self.name)

    def test(self) -> object:
        """Send it a notice that says so, and return the list with what came of it."""
        return self._test(self.name)

    def __repr__(self) -> str:
        """Return who is told of what."""
        return f"<{entry_text(self.name, self.wish)}>"
