"""Was the machine started anew since?  Only asked where a power loss may have taken the last commits."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ivoryos_jupyter.journal import PastRun

KIND = "durability"
"""Kind of the event that a run begins with when its commits need not survive a power loss."""

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_SAME_S = 120
"""Moments of the machine's start that differ by less are the same: a clock that is set moves them."""


def boot_mark() -> str:
    """Return which start of the machine this is; empty where the system does not say."""
    try:
        return f"id {_BOOT_ID.read_text('ascii').strip()}"
    except (OSError, ValueError):
        import psutil  # type: ignore[import-untyped]  # noqa: PLC0415 - rarely needed, and slow to import

        with suppress(OSError, RuntimeError, psutil.Error):
            return f"time {psutil.boot_time():.0f}"
    return ""


def may_end_early(run: PastRun, now_us: int) -> str:
    """Return why the last steps of a run may be missing from its record at `now_us`; empty when they cannot be."""
    event = next((event for event in run.events if event.kind == KIND), None)
    if event is None or (now_us >= _latest(run) and _same(str(event.detail.get("boot") or ""), boot_mark(), event.at_us)):
        return ""
    return (
        "The machine was started anew since, and this run was kept with synchronous=NORMAL: after a power loss the last steps "
        "that were done may be missing from the record."
    )


def _latest(run: PastRun) -> int:
    """Return the last moment that was written down: a clock that is behind it was set back, as by an empty battery at the start."""
    steps = (step.intent.started_us for one in run.phases for step in one.steps)
    return max(run.started_us, *(event.at_us for event in run.events), *steps)


def _same(before: str, now: str, began_us: int) -> bool:
    """Whether two marks are of one start of the machine; where the system did not say, nobody can be sure that they are."""
    if before.startswith("time ") and now.startswith("time "):
        return float(now[5:]) * 1e6 <= began_us and abs(float(before[5:]) - float(now[5:])) < _SAME_S
    return before == now != ""
