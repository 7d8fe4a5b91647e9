"""How is a file written so that it is either whole or absent, also after a power loss?"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import RecordsError

if TYPE_CHECKING:
    from pathlib import Path


def write_whole(target: Path, content: bytes) -> None:
    """Write `content` beside `target` and put it in its place."""
    part = target.with_name(f".{os.getpid()}-{threading.get_ident()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise RecordsError(f"The file {target} cannot be written ({error}); check the disk and who may write there, then go on.") from error
