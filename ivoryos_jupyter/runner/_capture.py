"""What did a call print and log?  One stream proxy, installed once, that routes by context and not for everyone."""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
from collections import deque
from contextvars import ContextVar
from typing import TYPE_CHECKING, ClassVar, TextIO, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

HALF = 32 * 1024
"""Characters kept of the beginning, and as many of the end."""

sink: ContextVar[Sink | None] = ContextVar("ivoryos_sink", default=None)
"""Where prints of this context go; None for the stream that was there before."""


class Sink:
    """Keeps what one call prints: its beginning and its end, and how much lies between."""

    __slots__ = ("_dropped", "_head", "_head_size", "_tail", "_tail_size", "echo")

    def __init__(self, echo: Callable[[str], None] | None = None) -> None:
        """Keep nothing yet; what is printed goes to `echo` too."""
        self.echo = echo
        self._head: list[str] = []
        self._head_size = 0
        self._tail: deque[str] | None = None
        self._tail_size = 0
        self._dropped = 0

    def write(self, text: str) -> int:
        """Take `text`; never fails and never grows beyond its bounds."""
        size = len(text)
        rest = text
        if self._head_size < HALF:
            first = text[: HALF - self._head_size]
            self._head.append(first)
            self._head_size += len(first)
            rest = text[len(first) :]
        if rest:
            self._keep_end(rest)
        return size

    def _keep_end(self, text: str) -> None:
        if len(text) > HALF:
            self._dropped += len(text) - HALF
            text = text[-HALF:]
        tail = self._tail
        if tail is None:
            tail = self._tail = deque()
        tail.append(text)
        self._tail_size += len(text)
        while self._tail_size - len(tail[0]) >= HALF:
            gone = len(tail.popleft())
            self._tail_size -= gone
            self._dropped += gone

    def text(self) -> str:
        """Return what was kept, with a note where something is left out."""
        if not self._head:
            return ""
        note = f"\n… {self._dropped:,} characters left out …\n" if self._dropped else ""
        return "".join((*self._head, note, *(self._tail or ())))


class Router:
    """Stands before a stream and sends what a call prints to that call's sink."""

    def __init__(self, stream: TextIO) -> None:
        """Pass everything else on to `stream`."""
        self._stream = stream

    def write(self, text: str) -> int:
        """Write to the sink of this context, else to the stream."""
        here = sink.get()
        if here is None:
            return self._stream.write(text)
        if here.echo is not None:
            here.echo(text)
        return here.write(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write each of `lines`."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Flush the stream, unless a call prints."""
        if sink.get() is None:
            self._stream.flush()

    def __getattr__(self, name: str) -> object:
        """Answer everything else as the stream does."""
        if name == "_stream":  # a copy in the making has none yet
            raise AttributeError(name)
        return getattr(self._stream, name)


class Capture:
    """Installs the routers and the log record factory once for all who use them, and takes them away after the last."""

    _users: ClassVar[set[int]] = set()
    _lock: ClassVar[threading.Lock] = threading.Lock()
    _previous: ClassVar[Callable[..., logging.LogRecord] | None] = None
    _factory: ClassVar[Callable[..., logging.LogRecord] | None] = None

    def __init__(self) -> None:
        """Install nothing yet."""
        self._using = False

    def install(self) -> None:
        """Stand before `sys.stdout` and `sys.stderr`; cheap when that is so already, so that each call may ask for it."""
        if type(sys.stdout) is not Router:
            sys.stdout = cast("TextIO", Router(sys.stdout))
        if type(sys.stderr) is not Router:
            sys.stderr = cast("TextIO", Router(sys.stderr))
        if not self._using:
            self._use()

    def _use(self) -> None:
        cls = type(self)
        with cls._lock:
            self._using = True
            cls._users.add(id(self))
            if cls._factory is None:
                cls._previous = logging.getLogRecordFactory()
                cls._factory = _recording(cls._previous)
                logging.setLogRecordFactory(cls._factory)

    def remove(self) -> None:
        """Give the streams back when nobody else needs the routers, and nobody else stands before us."""
        cls = type(self)
        with cls._lock:
            self._using = False
            cls._users.discard(id(self))
            if cls._users:
                return
            for name in ("stdout", "stderr"):
                stream = getattr(sys, name)
                if type(stream) is Router:
                    setattr(sys, name, stream._stream)  # noqa: SLF001 - its own module
            if cls._previous is not None and logging.getLogRecordFactory() is cls._factory:
                logging.setLogRecordFactory(cls._previous)
            cls._factory = None


def _recording(make: Callable[..., logging.LogRecord]) -> Callable[..., logging.LogRecord]:
    """Return a record factory that also writes to the sink of the context it is called in.

    A factory, and not a handler on the root logger: a handler there would silence `logging.lastResort` and turn a
    person's `logging.basicConfig` into nothing.
    """

    def record(*args: object, **kwargs: object) -> logging.LogRecord:
        made = make(*args, **kwargs)
        here = sink.get()
        if here is not None and not _printed_anyway(made.name, made.levelno):
            with contextlib.suppress(Exception):  # arguments that do not fit the message: logging itself reports that
                here.write(f"{made.levelname} {made.name}: {made.getMessage()}\n")
        return made

    return record


def _printed_anyway(name: str, level: int) -> bool:
    """Whether the record will also be printed through one of our routers, and would be kept twice."""
    logger: logging.Logger | None = logging.getLogger(name)
    handlers = 0
    while logger is not None:
        for handler in logger.handlers:
            handlers += 1
            if type(getattr(handler, "stream", None)) is Router and level >= handler.level:
                return True
        logger = logger.parent if logger.propagate else None
    return not handlers and logging.lastResort is not None and level >= logging.lastResort.level
