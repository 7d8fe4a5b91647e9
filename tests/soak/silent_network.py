"""A network between a kernel and its PostgreSQL server that can fall silent: every connection stays open, and nothing arrives.

What is sent meanwhile is taken, as by a proxy or a tunnel that still stands, so that the operating system sees nothing wrong. It
arrives late, when the network carries again.
"""

from __future__ import annotations

import select
import socket
import threading
from contextlib import suppress

_LOOK_S = 0.05


class Network:
    """Carries what is sent to `port`, on a port of its own."""

    def __init__(self, port: int) -> None:
        self._server = ("127.0.0.1", port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(_LOOK_S)
        self.port = self._listening.getsockname()[1]
        self._open = {"there": threading.Event(), "back": threading.Event()}
        self._left: int | None = None  # messages that still go there before it falls silent by itself
        self._closed = False
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._listen, daemon=True)]
        self.carry()
        self._threads[0].start()

    def carry(self) -> None:
        """Carry on, what was sent meanwhile first."""
        with self._lock:
            self._left = None
            for way in self._open.values():
                way.set()

    def swallow(self, *, answers_only: bool = False) -> None:
        """Fall silent; `answers_only` leaves the way to the server open, so that it does what it is told, and nobody hears of it."""
        with self._lock:
            self._open["back"].clear()
            if not answers_only:
                self._open["there"].clear()

    def swallow_answers_after(self, messages: int) -> None:
        """Fall silent by itself: so many messages still arrive, and the answer to the last of them does not."""
        with self._lock:
            self._left = messages

    @property
    def silent(self) -> bool:
        """Whether it swallows."""
        return not self._open["back"].is_set()

    def close(self) -> None:
        """End every connection."""
        self._closed = True
        self.carry()
        for thread in self._threads:
            thread.join(10)
        self._listening.close()

    def _listen(self) -> None:
        while not self._closed:
            try:
                here, _ = self._listening.accept()
            except TimeoutError:
                continue
            there = socket.create_connection(self._server)
            for way, source, target in (("there", here, there), ("back", there, here)):
                self._threads.append(threading.Thread(target=self._pass_on, args=(way, source, target), daemon=True))
                self._threads[-1].start()

    def _pass_on(self, way: str, source: socket.socket, target: socket.socket) -> None:
        """Carry in one direction until an end hangs up."""
        with source, suppress(OSError):
            while not self._closed:
                if not select.select([source], [], [], _LOOK_S)[0]:
                    continue
                data = source.recv(65536)
                if way == "there":
                    self._count()
                self._open[way].wait()
                if not data:
                    break
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def _count(self) -> None:
        with self._lock:
            if self._left is not None:
                self._left -= 1
                if self._left <= 0:
                    self._left = None
                    self._open["back"].clear()
