"""Which deck does the session work with?  The live one, or a saved description that was loaded in its place."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import RecordsError, UnknownNameError
from ivoryos_jupyter.introspect import LiveDeck, OfflineDeck
from ivoryos_jupyter.schema import deck_from_json, fingerprint, to_json
from ivoryos_jupyter.session._choices import DeckChoices
from ivoryos_jupyter.whole_files import read_file, replace_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.introspect import Deck, Member, Operation
    from ivoryos_jupyter.records import DataFolder
    from ivoryos_jupyter.schema import DeckSchema, Instrument, LeftOut
    from ivoryos_jupyter.session._surroundings import Surroundings

_log = logging.getLogger(__name__)
_BESIDE = (".choices", ".panel", ".last")
"""How the names of files end that lie beside saved decks and are none."""


@dataclass(frozen=True, slots=True)
class DeckChanged:
    """The deck has other instruments or blocks than before."""

    fingerprint: str

    @property
    def key(self) -> str:
        """There is one deck."""
        return "deck"


class CurrentDeck:
    """Passes every question on to the deck in use, and remembers what was put on it by hand."""

    def __init__(self, surroundings: Surroundings, folder: DataFolder, publish: Callable[[DeckChanged], None]) -> None:
        """Begin with the live deck, still empty; `refresh` fills it."""
        self._surroundings = surroundings
        self._folder = folder
        self._publish = publish
        self._saved_fingerprint = ""
        self._untold = False
        self.live = LiveDeck(surroundings.deck_name)
        self.offline: OfflineDeck | None = None
        self.choices = DeckChoices(folder.pseudo_deck(surroundings.deck_name).with_suffix(".choices.json"))
        for name in self.choices.excluded:
            self.live.exclude(name)
        for name in self.choices.included:
            self.live.include(name)

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

    def thing_at(self, path: str) -> object:
        """Return what tells by identity whether two paths lead to one object; None where there is nothing."""
        return self.used.thing_at(path)

    def also_set(self, path: str, method: str) -> tuple[tuple[str, str], ...]:
        """Return path and recorded method of every other property that a call sets."""
        return self.used.also_set(path, method)

    def generation(self, name: str) -> int:
        """Return how often `name` has been bound to another object."""
        return self.used.generation(name)

    def member(self, path: str, member: str, operation: Operation) -> Member:
        """Return a member ready for `operation`; an offline deck raises `OfflineError`."""
        return self.used.member(path, member, operation)

    def refresh(self) -> bool:
        """Look at the notebook's names again; return whether the deck has changed."""
        self.look()
        changed, self._untold = self._untold, False
        if changed:
            self._save_description()
            self._publish(DeckChanged(self._saved_fingerprint))
        return changed

    def look(self) -> None:
        """Look at the notebook's names again, on any thread and without touching a disk; what has changed the next `refresh` tells."""
        self._untold = self.live.update(self._surroundings.names()) or self._untold

    def _save_description(self) -> None:
        """Write the pseudo deck, so that a workflow can be designed without the hardware."""
        schema = self.live.schema()
        mark = fingerprint(schema)
        if mark == self._saved_fingerprint or not (schema.instruments or schema.blocks):
            return
        path = self._folder.pseudo_deck(schema.name)
        try:
            replace_file(path, json.dumps(to_json(schema), ensure_ascii=False).encode("utf-8", "backslashreplace"), durable=False)
        except OSError as error:
            _log.warning("The deck's description could not be saved in %s: %s", path, error)
            return
        self._saved_fingerprint = mark

    def include(self, name: str, obj: object = None) -> None:
        """Put `name` on the deck whatever the rules say, and remember it.

        Parameters
        ----------
        name
            A name of the notebook.
        obj
            The object, when it lives under no name of the notebook; then it is not remembered.

        Raises
        ------
        UnknownNameError
            When the notebook has no such name.
        """
        self.refresh()
        self.live.include(name, obj)
        if obj is None:
            self.choices.include(name)
        self.refresh()

    def exclude(self, name: str) -> None:
        """Take `name` off the deck and remember it."""
        self.live.exclude(name)
        self.choices.exclude(name)
        self.refresh()

    def load_deck(self, which: str | Path) -> None:
        """Work with a saved description instead of live instruments.

        Parameters
        ----------
        which
            Name of a deck in ``ivoryos_data/pseudo_deck/``, or the path of such a file.

        Raises
        ------
        UnknownNameError
            When there is no such deck; the message lists those there are.
        RecordsError
            When the file cannot be read.
        """
        path = Path(which)
        if path.suffix != ".json":
            path = self._folder.pseudo_deck(str(which))
        try:
            schema = deck_from_json(json.loads(read_file(path)))
        except FileNotFoundError:
            known = ", ".join(sorted(one.stem for one in path.parent.glob("*.json") if not one.stem.endswith(_BESIDE))) or "none yet"
            raise UnknownNameError(f"There is no saved deck {str(which)!r}; there is: {known}.") from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            cure = "Load the deck once with its hardware to save it anew."
            raise RecordsError(f"The saved deck {path} cannot be read: {error}. {cure}") from error
        self.offline = OfflineDeck(schema)
        self._publish(DeckChanged(fingerprint(schema)))

    def unload_deck(self) -> None:
        """Work with the live instruments again."""
        self.offline = None
        self._publish(DeckChanged(self._saved_fingerprint))
