"""Which text does IvoryOS read for a moment?  Its tables hold naive local times; beside them stand UTC microseconds."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from functools import lru_cache

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def now_us() -> int:
    """Return the present in UTC microseconds since 1970."""
    return time.time_ns() // 1000


@lru_cache(maxsize=8)
def _second_text(second: int) -> str:
    """Return the local text of a whole second; steps come many to a second, so the last ones are kept."""
    local = (_EPOCH + timedelta(seconds=second)).astimezone()
    return local.replace(tzinfo=None).isoformat(" ", "seconds")


def local_text(moment_us: int) -> str:
    """Return ``YYYY-MM-DD HH:MM:SS.ffffff``, local, as IvoryOS keeps times."""
    second, micros = divmod(moment_us, 1_000_000)
    return f"{_second_text(second)}.{micros:06d}"


def file_text(moment_us: int) -> str:
    """Return ``YYYY-MM-DD HH-MM-SS``, local, as IvoryOS writes times into file names."""
    return local_text(moment_us)[:19].replace(":", "-")


def event_text(moment_us: int) -> str:
    """Return ``YYYY-MM-DDTHH:MM:SS``, local, as IvoryOS writes times into its events."""
    return local_text(moment_us)[:19].replace(" ", "T")
