"""Which code runs here?  Versions of packages, the notebook's git commit, and a hash of each driver's source.

What takes time (git, reading files) is found out on a thread of its own while the run goes on already, and kept with it when it is known.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import linecache
import logging
import os
import platform
import shutil
import subprocess
import sys
import threading
import time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ivoryos_jupyter.introspect import original
from ivoryos_jupyter.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_log = logging.getLogger(__name__)
GIT_S = 2.0
"""Seconds that git may take."""
FRESH_S = 2.0
"""Seconds for which what was found out is believed, so that many short runs do not ask git each."""
_LET_BEGIN_S = 0.1
"""Seconds in which the run may make its first calls before git takes a part of the processor."""
_HASH_LENGTH = 16


class CodeVersions:
    """Implements the runner's `Provenance`.

    Parameters
    ----------
    folder
        Folder of the notebook.
    keep
        Keeps what was found out with a run.
    """

    def __init__(self, folder: Path, keep: Callable[[int, Mapping[str, str]], None]) -> None:
        """Know the versions of Python and of this package."""
        self._folder = folder
        self._keep = keep
        self._lock = threading.Lock()
        self._waiting: list[tuple[int, Mapping[str, object]]] = []
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()
        self._of_git: tuple[float, Mapping[str, str]] | None = None

    def known(self) -> Mapping[str, str]:
        """Return what is known without looking: names and versions."""
        return {"python": platform.python_version(), "ivoryos_jupyter": __version__}

    def find_out(self, run_id: int, things: Mapping[str, object]) -> None:
        """Find out the rest beside the run that begins, and keep it with the run."""
        with self._lock:
            self._waiting.append((run_id, things))
            if self._thread is None and not self._closed.is_set():
                self._thread = threading.Thread(target=self._work, name="ivoryos-versions", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Wait until what was begun is found out."""
        with self._lock:
            self._closed.set()
            thread = self._thread
        if thread is not None:
            thread.join(2 * GIT_S)

    def _work(self) -> None:
        while True:
            self._closed.wait(_LET_BEGIN_S)
            with self._lock:
                batch, self._waiting = self._waiting, []
                if not batch:
                    self._thread = None
                    return
            for run_id, things in batch:
                self._tell(run_id, things)

    def _tell(self, run_id: int, things: Mapping[str, object]) -> None:
        try:
            self._keep(run_id, {**self.known(), **self._git(), **_of_drivers(things)})
        except Exception:  # noqa: BLE001 - a run is not held up by what is said about it
            _log.warning("The versions of run %s could not be kept", run_id, exc_info=True)

    def _git(self) -> Mapping[str, str]:
        now = time.monotonic()
        if self._of_git is None or now - self._of_git[0] > FRESH_S:
            self._of_git = (now, git_state(self._folder))
        return self._of_git[1]


def git_state(folder: Path) -> dict[str, str]:
    """Return the commit that `folder` is at, and whether files that git knows were changed since; nothing outside a repository."""
    program = _git_program()
    if program is None:
        return {}
    command = [program, "-C", str(folder), "status", "--porcelain=v2", "--branch", "--untracked-files=no"]
    try:
        done = subprocess.run(  # noqa: S603 - git, from the PATH, with arguments of ours
            command,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=GIT_S,
            check=False,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return {"git": f"not known ({type(error).__name__})"}
    lines = done.stdout.splitlines()
    commit = next((line.split()[-1] for line in lines if line.startswith("# branch.oid ")), "")
    if done.returncode or not commit:
        return {}
    changed = any(not line.startswith("#") for line in lines)
    return {"git": commit, "git_changed": "yes" if changed else "no"}


def _git_program() -> str | None:
    """Return where git is; a program of that name that lies beside the notebook, where Windows looks first, is not it."""
    found = shutil.which("git")
    return None if found is None or Path(found).absolute().parent == Path.cwd() else found


def _of_drivers(things: Mapping[str, object]) -> dict[str, str]:
    """Return the versions of the packages that the drivers come from, and a hash of each driver's source."""
    found: dict[str, str] = {}
    for name, thing in things.items():
        cls = type(original(thing))
        for package in _packages(cls):
            version = _version(package)
            if version:
                found[package] = version
        source = _source_hash(cls)
        if source:
            found[f"source of {name}"] = source
    return found


def _packages(cls: type) -> Iterator[str]:
    """Yield the packages that `cls` and its bases come from, Python's own left out."""
    for base in type.mro(cls):
        package = str(base.__module__).partition(".")[0]
        if package not in sys.stdlib_module_names and package != "__main__":
            yield package


@lru_cache(maxsize=256)
def _version(package: str) -> str:
    """Return the version of the distribution that holds `package`; empty when it is none."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        names = importlib.metadata.packages_distributions().get(package, [])
        return importlib.metadata.version(names[0]) if names else ""


def _source_hash(cls: type) -> str:
    """Return a hash of the file, or the cells, that define `cls`; empty when there is no source."""
    file = getattr(sys.modules.get(cls.__module__), "__file__", None)
    if file and cls.__module__ != "__main__":
        return _file_hash(file, _changed_at(file))
    places = sorted({one.__code__.co_filename for one in vars(cls).values() if hasattr(one, "__code__")})
    text = "".join("".join(linecache.getlines(place)) for place in places)
    return hashlib.sha256(text.encode()).hexdigest()[:_HASH_LENGTH] if text else ""


def _changed_at(file: str) -> int:
    try:
        return Path(file).stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=256)
def _file_hash(file: str, _changed_at_ns: int) -> str:
    try:
        return hashlib.sha256(Path(file).read_bytes()).hexdigest()[:_HASH_LENGTH]
    except OSError:
        return ""
