"""Where do all faces hand in what a person wants?  One counter, whichever way the request came.

A view's request arrives on the kernel's control channel or on its widget's own comm; both hand it in here. A handler runs on a
thread of the desk's own, so that neither Jupyter's control thread nor a cell waits for it; handlers that only set events are registered
as `immediate` and run at once on the calling thread. There are two such threads: what a person presses at an instrument, or answers a
run, does not wait behind what asks the records, for their database may be out of reach.
"""

from __future__ import annotations

import difflib
import logging
import queue
import threading
from collections.abc import Callable, Mapping
from typing import Literal, TypedDict

from ivoryos_jupyter.errors import CommandError, IvoryOSError, ProblemsError, UnknownNameError

__all__ = ["Desk", "Failure", "Handler", "Pace", "ProblemRow", "Refused", "Reply", "Request", "Settled"]

_log = logging.getLogger(__name__)
_CLOSED = "This session was closed. Load the extension again with %load_ext ivoryos."

Handler = Callable[[Mapping[str, object]], object]
"""Takes the parameters of a request, returns its result as plain JSON values, or raises."""


class Request(TypedDict):
    """A view asks for something."""

    id: str
    """Chosen by the view; the reply bears it."""
    method: str
    """Name of the handler, such as ``run.pause``."""
    params: Mapping[str, object]


class ProblemRow(TypedDict):
    """One thing that is wrong with one field."""

    field: str
    message: str
    value: str


class Failure(TypedDict):
    """Why a request was refused."""

    message: str
    problems: list[ProblemRow]


class Settled(TypedDict):
    """The answer to a request that was done."""

    id: str
    ok: Literal[True]
    result: object


class Refused(TypedDict):
    """The answer to a request that was refused, or failed."""

    id: str
    ok: Literal[False]
    error: Failure


Reply = Settled | Refused
_Answer = Callable[[Reply], None]
Pace = Literal["at once", "at hand", "in turn"]


class Desk:
    """Takes requests, runs their handlers, answers each exactly once."""

    def __init__(self) -> None:
        """Make a desk; each of its threads starts with the first request that needs it."""
        self._handlers: dict[str, tuple[Handler, Pace]] = {}
        self._lines = {"in turn": _Line("ivoryos-desk", self._serve), "at hand": _Line("ivoryos-desk-at-hand", self._serve)}
        self._lock = threading.Lock()
        self._closed = False

    def register(self, name: str, handler: Handler, *, immediate: bool = False, at_hand: bool = False) -> None:
        """Let `handler` answer the requests called `name`; a later one takes its place.

        An `immediate` handler runs on the thread that hands in, which may be Jupyter's control thread: it only sets events. One `at_hand`
        does not wait for a database, and has nobody before it who does.
        """
        self._handlers[name] = (handler, "at once" if immediate else "at hand" if at_hand else "in turn")

    def hand_in(self, request: object, reply: _Answer) -> None:
        """Take a request in; `reply` is called once with the answer, on this thread or on the desk's."""
        try:
            checked = _checked(request)
            handler, pace = self._find(checked["method"])
        except IvoryOSError as error:
            _answer(reply, _refused(_id_of(request), error))
            return
        if pace == "at once":
            _answer(reply, _done(checked, handler))
        else:
            self._line_up(self._lines[pace], checked, reply)

    def close(self) -> None:
        """Finish the requests under way, refuse what waits and what comes later, end the threads."""
        with self._lock:
            self._closed = True
        for line in self._lines.values():
            line.close()

    def _find(self, method: str) -> tuple[Handler, Pace]:
        if self._closed:
            raise CommandError(_CLOSED)
        try:
            return self._handlers[method]
        except KeyError:
            close = difflib.get_close_matches(method, list(self._handlers), n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            raise UnknownNameError(f"This session knows no request called {method!r}.{hint}") from None

    def _line_up(self, line: _Line, request: Request, reply: _Answer) -> None:
        with self._lock:
            if not self._closed:
                line.put(request, reply)
                return
        _answer(reply, _refused(request["id"], CommandError(_CLOSED)))

    def _serve(self, request: Request, reply: _Answer) -> None:
        try:
            handler, _ = self._find(request["method"])
        except IvoryOSError as error:
            _answer(reply, _refused(request["id"], error))
        else:
            _answer(reply, _done(request, handler))


class _Line:
    """Requests that are served one after the other, on one thread."""

    def __init__(self, name: str, serve: Callable[[Request, _Answer], None]) -> None:
        self._name = name
        self._answer = serve
        self._waiting: queue.SimpleQueue[tuple[Request, _Answer] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def put(self, request: Request, reply: _Answer) -> None:
        """Serve a request after those before it; by one caller at a time, and none after `close`."""
        self._waiting.put((request, reply))
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name=self._name, daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Serve what waits, then end the thread."""
        thread = self._thread
        if thread is not None:
            self._waiting.put(None)
            if thread is not threading.current_thread():
                thread.join()

    def _serve(self) -> None:
        while (item := self._waiting.get()) is not None:
            self._answer(*item)


def _checked(request: object) -> Request:
    if isinstance(request, Mapping):
        number, method, params = request.get("id"), request.get("method"), request.get("params", {})
        if isinstance(number, str) and isinstance(method, str) and isinstance(params, Mapping):
            return {"id": number, "method": method, "params": params}
    raise CommandError("A request has an id and a method, both text, and params with names.")


def _id_of(request: object) -> str:
    number = request.get("id") if isinstance(request, Mapping) else None
    return number if isinstance(number, str) else ""


def _done(request: Request, handler: Handler) -> Reply:
    try:
        return {"id": request["id"], "ok": True, "result": handler(request["params"])}
    except IvoryOSError as error:
        return _refused(request["id"], error)
    except BaseException as error:  # noqa: BLE001 - drivers raise what they like; the desk outlives it and the view hears of it
        _log.exception("The request %s failed.", request["method"])
        return _refused(request["id"], error)


def _refused(number: str, error: BaseException) -> Refused:
    if isinstance(error, ProblemsError):
        problems: list[ProblemRow] = [{"field": p.field, "message": p.message, "value": p.value} for p in error.problems]
        return {"id": number, "ok": False, "error": {"message": error.headline or str(error), "problems": problems}}
    text = str(error) if isinstance(error, IvoryOSError) else f"{type(error).__name__}: {error}"
    return {"id": number, "ok": False, "error": {"message": text, "problems": []}}


def _answer(reply: _Answer, answer: Reply) -> None:
    try:
        reply(answer)
    except Exception:  # noqa: BLE001 - the line may be gone; the next answer may find it again
        _log.exception("The answer to request %s could not be sent.", answer["id"])
