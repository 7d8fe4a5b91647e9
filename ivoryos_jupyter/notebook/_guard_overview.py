"""What is guarded, and by which ways can it still be reached?  Shown by ``ivoryos.guard()`` and ``ivoryos.guarded``."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ivoryos_jupyter.guarding import Guarded
    from ivoryos_jupyter.session import Session

_MOST = 12
_NOTHING = "Nothing is guarded: calls in cells go straight to the drivers. ivoryos.guard() guards the deck."


class GuardOverview:
    """The guarded instruments, as they are whenever this is displayed."""

    def __init__(self, session: Session) -> None:
        """Show what `session` guards."""
        self._session = session

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the guarded instruments."""
        return self._session.guard.names

    @property
    def always(self) -> bool:
        """Whether every instrument is guarded as soon as it is on the deck."""
        return self._session.guard.always

    @property
    def ways_around(self) -> tuple[str, ...]:
        """Where the notebook still holds a guarded instrument itself, in words."""
        return self._session.guard.ways_around

    @property
    def before(self) -> tuple[str, ...]:
        """What was guarded in the last session of this notebook and not since: a guard ends with its session."""
        return () if self.always else tuple(one.name for one in self._session.last.guarded)

    def __getitem__(self, which: str) -> Guarded:
        """Return what stands for the instrument `which`."""
        return self._session.guard.stand_in(which)

    def __repr__(self) -> str:
        """Return all of it as one sentence."""
        names, ways = self.names, self.ways_around
        if not names:
            return " ".join(filter(None, [_NOTHING, self._before()]))
        rule = " (and every instrument to come)" if self.always else ""
        shown = "; ".join(ways[:_MOST]) + (f"; and {len(ways) - _MOST} more" if len(ways) > _MOST else "")
        said = f"guarded: {', '.join(names)}{rule}; ways around: {shown or 'none found in the names of the notebook'}"
        return f"{said}. {self._before()}" if self.before else said

    def _before(self) -> str:
        if not self.before:
            return ""
        lines = "; ".join(self._session.last.guard_lines)
        return f"Guarded in the last session, and not since: {', '.join(self.before)}. Again: {lines} (ivoryos.unguard() forgets them)."

    def _repr_html_(self) -> str:
        names, ways = self.names, self.ways_around
        before = f"<p>{escape(self._before())}</p>" if self.before else ""
        if not names:
            return f"<p>{escape(_NOTHING)}</p>{before}"
        items = "".join(f"<li>{escape(way)}</li>" for way in ways)
        rule = " and every instrument to come" if self.always else ""
        around = f"<p>Ways around:</p><ul>{items}</ul>" if ways else "<p>No way around was found in the names of the notebook.</p>"
        return f"<p>Guarded: <b>{escape(', '.join(names))}</b>{rule}</p>{around}{before}"
