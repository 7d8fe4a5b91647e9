"""A PostgreSQL server of our own, in a folder and on a port of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path


def binaries() -> Path:
    """Return the folder of the server's programs, installing Debian's package where that is possible."""
    found = _installed()
    apt = shutil.which("apt-get")
    if found is None and apt and hasattr(os, "geteuid") and os.geteuid() == 0:
        subprocess.run([apt, "install", "-y", "postgresql"], check=False, capture_output=True, timeout=100)
        found = _installed()
    if found is None:
        raise RuntimeError("PostgreSQL's server is needed for these tests: install it (Debian: apt-get install postgresql)")
    return found


def _installed() -> Path | None:
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    program = shutil.which("initdb")
    return places[0] if places else (Path(program).parent if program else None)


class Server:
    """One server; it can be stopped and started in mid-test."""

    def __init__(self, folder: Path) -> None:
        self._bin = binaries()
        self._data = folder / "data"
        self._as_root = hasattr(os, "geteuid") and os.geteuid() == 0
        if self._as_root:
            shutil.chown(folder, "postgres")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._do("initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        self.start()

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        self._do("pg_ctl", "-D", self._data, "-w", "-l", self._data.parent / "log", "-o", options, "start")

    def stop(self) -> None:
        self._do("pg_ctl", "-D", self._data, "-w", "-m", "immediate", "stop")

    def database(self, name: str) -> str:
        self._do("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", name)
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def _do(self, program: str, *arguments: str | Path) -> None:
        command = [str(self._bin / program), *map(str, arguments)]
        if self._as_root:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self._data.parent, timeout=60)
