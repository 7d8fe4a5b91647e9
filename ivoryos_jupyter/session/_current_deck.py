"""Which deck does the session work with?  The live one, or a saved description that was loaded in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ivoryos_jupyter.introspect import Deck, LiveDeck, Member, OfflineDeck, Operation
    from ivoryos_jupyter.schema import DeckSchema, Instrument, LeftOut


class CurrentDeck:
    """Passes every question on to the deck in use."""

    def __init__(self, live: LiveDeck) -> None:
        """Begin with the live deck."""
        self.live = live
        self.offline: OfflineDeck | None = None

    @property
    def used(self) -> Deck:
        """The deck in use."""
        return self.live if self.offline is None else self.offline

    @property
    def name(self) -> str:
        """Name of the deck."""
        return self.used.name

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the instruments, sub-instruments not counted."""
        return self.used.names

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Names that are no instruments, and why."""
        return self.used.left_out

    def schema(self) -> DeckSchema:
        """Return the description of the whole deck."""
        return self.used.schema()

    def instrument(self, path: str) -> Instrument:
        """Return the description of the instrument at `path`, or raise `UnknownNameError`."""
        return self.used.instrument(path)

    def resolve(self, path: str) -> object:
        """Return the live object at `path`; an offline deck raises `OfflineError`."""
        return self.used.resolve(path)

    def generation(self, name: str) -> int:
        """Return how often `name` has been bound to another object."""
        return self.used.generation(name)

    def member(self, path: str, member: str, operation: Operation) -> Member:
        """Return a member ready for `operation`; an offline deck raises `OfflineError`."""
        return self.used.member(path, member, operation)
