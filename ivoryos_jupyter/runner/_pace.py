"""Does a call take much longer than it usually does?  Told, never acted upon."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ivoryos_jupyter.runner._call import Call
    from ivoryos_jupyter.runner._office import Office
    from ivoryos_jupyter.schema import Plain

LOOK_AFTER_S = 1.0
"""Seconds a call is under way before anybody asks how long it usually takes."""
TELL_AFTER_S = 2.0
"""Seconds a call is under way before it may be called slow: ten times a millisecond is no news."""
FACTORS = (10, 40, 200, 1000)
"""It is told once for each, how many times longer than usual a call has been running."""
_ANSWER_S = 0.2


class Pace:
    """One call against its past.

    How long it usually takes is looked up by the clerk, so that whoever waits for the call never waits for the database.
    """

    def __init__(self, office: Office, call: Call, began: float) -> None:
        """Watch a call that began at `began` by the office's clock; nothing is looked up yet."""
        self._office = office
        self._call = call
        self._began = began
        self._asked = False
        self._usual: float | None = None
        self._known = False
        self._told = 0
        self.message = ""
        """What is to be said of it now; empty while it is nothing unusual."""

    def look_in(self, now: float) -> float | None:
        """Return after how many seconds `news` may have some; None when there will be none."""
        passed = now - self._began
        if not self._asked:
            return None if self._office.usual is None else max(0.0, LOOK_AFTER_S - passed)
        if not self._known:
            return _ANSWER_S
        coming = [factor for factor in FACTORS if factor > self._told]
        if not self._usual or not coming:
            return None
        return max(coming[0] * self._usual, TELL_AFTER_S) - passed + 0.001

    def news(self, now: float) -> dict[str, Plain] | None:
        """Return what has become true since the last look, for the records; None when nothing has."""
        passed = now - self._began
        if not self._asked:
            if self._office.usual is not None and passed >= LOOK_AFTER_S:
                self._asked = True
                self._office.clerk.put(self._look_up)
            return None
        usual = self._usual
        if not usual or passed < TELL_AFTER_S:
            return None
        reached = max((factor for factor in FACTORS if passed >= factor * usual), default=0)
        if reached <= self._told:
            return None
        self._told = reached
        self.message = f"{self._call.label} has been running {reached} times longer than usual ({_seconds(usual)})"
        return {"call": self._call.label, "times": reached, "usual_s": round(usual, 3), "seconds": round(passed, 1)}

    def _look_up(self) -> None:
        usual = self._office.usual
        try:
            self._usual = usual(self._call.path, self._call.recorded_method) if usual is not None else None
        finally:
            self._known = True


def _seconds(seconds: float) -> str:
    if seconds >= 120:  # noqa: PLR2004 - two minutes
        return f"{seconds / 60:.0f} min"
    return f"{seconds:.3g} s"
