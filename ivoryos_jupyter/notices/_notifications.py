"""Who is told, of what, and what came of it?"""

from __future__ import annotations

import itertools
import logging
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import IvoryOSError, UnknownNameError
from ivoryos_jupyter.journal import RunEvent
from ivoryos_jupyter.notices._entry import Notification
from ivoryos_jupyter.notices._ledger import Ledger
from ivoryos_jupyter.notices._notice import Notice
from ivoryos_jupyter.notices._occasions import Closed, Occasion, Occasions, left_band, made_safe
from ivoryos_jupyter.notices._options import Wish, wish
from ivoryos_jupyter.notices._shelf import Remembered, Shelf
from ivoryos_jupyter.notices._table import Line, as_html, as_text
from ivoryos_jupyter.notices._teller import Teller, Telling
from ivoryos_jupyter.notices._url import UrlHandler
from ivoryos_jupyter.notices._watchman import Watchman
from ivoryos_jupyter.runner import Clerk, MadeSafe, RunChanged, WatchTripped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ivoryos_jupyter.notices._surroundings import Around
    from ivoryos_jupyter.notices._teller import Handler
    from ivoryos_jupyter.schema import Plain

_log = logging.getLogger(__name__)
DEADLINE_S = 30.0
_TEST = "A test of IvoryOS's notifications"


@dataclass(frozen=True, slots=True)
class NotificationsChanged:
    """Somebody was told, or others are to be told."""

    @property
    def key(self) -> str:
        """There is one list."""
        return "notifications"


class Notifications:
    """The list of those who are told."""

    def __init__(self, around: Around) -> None:
        """Begin with the addresses that are remembered."""
        self._around = around
        self._shelf = Shelf(around.file)
        self._lock = threading.RLock()
        self._entries: dict[str, Notification] = {}
        self._ledger = Ledger()
        self._open: set[str] = set()
        self._occasions: Occasions | None = None
        self._watchman: Watchman | None = None
        self._clerk = Clerk("ivoryos-notices")
        self.problem = ""
        """Why those who are remembered are not told; empty when they are."""
        self._recall()

    def _recall(self) -> None:
        try:
            for one in self._shelf.read():
                self._put(Wish(UrlHandler(one.url), one.name, one.on, one.after_s, one.every_s, DEADLINE_S, remember=True), one.name)
        except IvoryOSError as error:
            self.problem = str(error)
            _log.warning("%s", error)

    # The list

    def add(
        self,
        handler: Handler | str,
        on: str | Iterable[str] = ("wait", "error", "end"),
        after_s: float = 0.0,
        *,
        every_s: float | None = None,
        name: str = "",
        deadline_s: float = DEADLINE_S,
        remember: bool = False,
    ) -> Notification:
        """Tell `handler`; see `ivoryos_jupyter.notify`."""
        wished = wish(handler, on, after_s, every_s, name=name, deadline_s=deadline_s, remember=remember)
        with self._lock:
            known = next((one.name for one in self._entries.values() if one.wish.same_as(wished) and name in {"", one.name}), "")
            chosen = known or name.strip() or self._free(wished.name)
            if wished.remember:
                self._shelf.keep(Remembered(chosen, wished.url, wished.on, wished.after_s, wished.every_s))
            entry = self._put(wished, chosen)
        self._around.publish(NotificationsChanged())
        return entry

    def _free(self, name: str) -> str:
        names = itertools.chain((name,), (f"{name} ({number})" for number in itertools.count(2)))
        return next(one for one in names if one not in self._entries)

    def _put(self, wished: Wish, name: str) -> Notification:
        before = self._entries.pop(name, None)
        if before is not None:
            before.teller.close(0.0)
        teller = Teller(name, wished.handler, wished.deadline_s, self._around.now_us, self._later, self._came_of)
        entry = self._entries[name] = Notification(wished, name, teller, self.remove, self.test)
        if self._occasions is None:
            self._occasions = Occasions(self._around.place, self._around.runs())
            self._around.subscribe(self.hear)
        self._name_addresses()
        return entry

    def remove(self, name: str) -> None:
        """Tell `name` nothing from now on, and forget it where it was remembered; the others are told as before.

        Raises
        ------
        UnknownNameError
            When nobody is called so.
        """
        with self._lock:
            entry = self[name]
            del self._entries[name]
            if entry.wish.remember:
                self._shelf.forget(name)
            self._name_addresses()
        entry.teller.close(0.0)
        self._around.publish(NotificationsChanged())

    def _name_addresses(self) -> None:
        """Let the watchdog know whom to tell of the kernel's death; there is none as long as nobody wants that."""
        addresses = {one.name: one.wish.url for one in self._entries.values() if "died" in one.wish.on}
        if self._watchman is None and addresses:
            self._watchman = Watchman(self._around.fixed())
            for status in self._around.runs():
                self._watchman.hear(RunChanged(status))
        if self._watchman is not None:
            self._watchman.name(addresses)

    def __iter__(self) -> Iterator[Notification]:
        """Go through those who are told."""
        return iter(tuple(self._entries.values()))

    def __len__(self) -> int:
        """Return how many are told."""
        return len(self._entries)

    def __getitem__(self, name: str) -> Notification:
        """Return one of them by name.

        Raises
        ------
        UnknownNameError
            When nobody is called so.
        """
        entry = self._entries.get(name)
        if entry is None:
            known = ", ".join(map(repr, self._entries)) or "nobody"
            raise UnknownNameError(f"Nobody called {name!r} is told; there is: {known}.")
        return entry

    # Telling

    def hear(self, event: object) -> None:
        """Take in what happens; runs on the relay's thread and waits for nobody."""
        if self._watchman is not None:
            self._watchman.hear(event)
        if isinstance(event, MadeSafe) and event.ended:
            self.tell(made_safe(event, self._around.place))
        elif isinstance(event, WatchTripped):
            self.tell(left_band(event, self._around.place))
        elif isinstance(event, RunChanged) and self._occasions is not None:
            for news in self._occasions.hear(event.status):
                if isinstance(news, Closed):
                    self._close_question(news.question)
                else:
                    self.tell(news)

    def tell(self, occasion: Occasion) -> None:
        """Tell everybody who wants to know, now or later; returns at once."""
        question = occasion.notice.question_id
        with self._lock:
            if question:
                self._open.add(question)
            for entry in self._entries.values():
                kind = next((one for one in occasion.kinds if one in entry.wish.on), None)
                if kind is None or (entry.wish.after_s and not question):
                    continue
                notice = replace(occasion.notice, kind=kind)
                delay = max(entry.wish.after_s, occasion.patience_s)
                if delay:
                    self._tell_later(entry, notice, delay)
                else:
                    self._tell_now(entry, notice)

    def _tell_later(self, entry: Notification, notice: Notice, delay: float) -> None:
        number = self._ledger.next_number()
        due_us = self._around.now_us() + round(delay * 1e6)
        self._keep(Telling(entry.name, notice, "later", due_us, number))
        self._later(delay, lambda: self._due(entry, notice, number))

    def _due(self, entry: Notification, notice: Notice, number: int) -> None:
        """Tell what is still asked."""
        with self._lock:
            self._ledger.drop(number)
            if notice.question_id in self._open and self._entries.get(entry.name) is entry:
                self._tell_now(entry, notice)

    def _tell_now(self, entry: Notification, notice: Notice) -> None:
        entry.teller.tell(notice, self._ledger.next_number())
        every = entry.wish.every_s
        if every is not None and notice.question_id:
            before, title = notice.told_before, notice.title
            again = replace(notice, told_before=before + 1, title=title if before else f"Still open: {title}")
            self._tell_later(entry, again, every)

    def _close_question(self, question: str) -> None:
        with self._lock:
            self._open.discard(question)
            self._ledger.drop_later(question)

    def _later(self, seconds: float, errand: Callable[[], None]) -> None:
        self._clerk.put(lambda: self._clerk.later(seconds, errand))

    def _came_of(self, telling: Telling) -> None:
        """Hear from a teller what came of a notice."""
        self._keep(telling)
        if telling.state == "failed":
            _log.warning("%s was not told %r: %s", telling.who, telling.notice.title, telling.problem)
        if telling.state != "telling":
            self._clerk.put(lambda: self._record(telling))

    def _keep(self, telling: Telling) -> None:
        self._ledger.keep(telling)
        self._around.publish(NotificationsChanged())

    def _record(self, telling: Telling) -> None:
        notice = telling.notice
        detail: dict[str, Plain] = {
            "who": telling.who,
            "about": notice.kind,
            "title": notice.title,
            "ok": telling.state == "told",
            "problem": telling.problem,
        }
        try:
            self._around.record(RunEvent(notice.run_id, "notified", telling.at_us, detail))
        except Exception as error:  # noqa: BLE001 - the records are out of reach; the notice was sent all the same
            _log.warning("What came of the notice %r could not be recorded: %s", notice.title, error)

    # Asking

    def test(self, name: str | None = None) -> Notifications:
        """Send a notice that says that it is a test, to `name` or to everybody; wait for what comes of it, and return the list."""
        entries = list(self) if name is None else [self[name]]
        place = self._around.place
        text = f"This is a test from the notebook {place.notebook or '(without a name)'} on {place.host}. Nothing happened."
        numbers = {self._ledger.next_number(): one for one in entries}
        for number, entry in numbers.items():
            entry.teller.tell(Notice("test", _TEST, text, self._around.now_us(), host=place.host, notebook=place.notebook), number)
        self._ledger.settled(numbers, max((one.wish.deadline_s for one in entries), default=0.0) + 1)
        return self

    def about(self, question: str) -> tuple[Telling, ...]:
        """Return who was told of a question, and who will be."""
        return self._ledger.about(question)

    def last(self, name: str) -> Telling | None:
        """Return what came of the last notice to `name`."""
        return self._ledger.last(name)

    def _lines(self) -> list[Line]:
        return [Line(one.name, one.wish, self.last(one.name)) for one in self]

    def __repr__(self) -> str:
        """Return the list as text."""
        return as_text(self._lines(), self.problem)

    def _repr_html_(self) -> str:
        return as_html(self._lines(), self.problem)

    def close(self, timeout: float = 5.0) -> None:
        """Send what waits, at most for `timeout` seconds, and end."""
        for entry in self:
            entry.teller.close(timeout)
        self._clerk.close()
        if self._watchman is not None:
            self._watchman.close()
