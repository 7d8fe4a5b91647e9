"""How does one say how long something takes, and when it ends?"""

from __future__ import annotations

import time

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def span(seconds: float) -> str:
    """Return a time as one says it: ``0.2 s``, ``31 s``, ``4 min``, ``6 h 10 min``, ``4 d 4 h``."""
    if seconds < _MINUTE:
        return f"{seconds:.2g} s" if seconds < 10 else f"{seconds:.0f} s"  # noqa: PLR2004 - two digits are enough
    minutes = round(seconds / _MINUTE)
    if minutes < 60:  # noqa: PLR2004 - minutes of an hour
        return f"{minutes} min"
    hours = round(seconds / _HOUR)
    if hours < 48:  # noqa: PLR2004 - beyond two days nobody counts in hours
        return f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} h"
    return f"{hours // 24} d {hours % 24} h" if hours % 24 else f"{hours // 24} d"


def clock_time(seconds: float, now: float) -> str:
    """Return a moment on the local clock, with its date where that is not today's: ``16:40``, ``22 Nov 06:10``."""
    same_day = time.strftime("%Y-%j", time.localtime(seconds)) == time.strftime("%Y-%j", time.localtime(now))
    return time.strftime("%H:%M" if same_day and seconds - now < _DAY else "%d %b %H:%M", time.localtime(seconds))
