"""Who wires everyone together?  One session per kernel; it owns the deck, the records, the runner and the desk."""

from __future__ import annotations

import atexit
import json
import logging
import secrets
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ivoryos_jupyter.desk import Desk
from ivoryos_jupyter.errors import ConversionError, NotLoadedError, RecordsError, UnknownNameError
from ivoryos_jupyter.introspect import BLOCKS, LiveDeck, OfflineDeck
from ivoryos_jupyter.records import DataFolder, open_store
from ivoryos_jupyter.relay import Relay
from ivoryos_jupyter.runner import Call, Pipeline, Runner, ThreadExecutor
from ivoryos_jupyter.schema import LimitsFile, deck_from_json, fingerprint, to_json
from ivoryos_jupyter.session._choices import DeckChoices
from ivoryos_jupyter.session._current_deck import CurrentDeck
from ivoryos_jupyter.workflow import bind_arguments, from_json, target_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ivoryos_jupyter.errors import Problem
    from ivoryos_jupyter.journal import UnfinishedRun
    from ivoryos_jupyter.records import History, Library
    from ivoryos_jupyter.runner import CallHandle
    from ivoryos_jupyter.session._surroundings import Surroundings
    from ivoryos_jupyter.workflow import Workflow

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeckChanged:
    """The deck has other instruments or blocks than before."""

    fingerprint: str

    @property
    def key(self) -> str:
        """There is one deck."""
        return "deck"


class Session:
    """Everything a notebook works with, wired."""

    def __init__(self, surroundings: Surroundings, *, folder: DataFolder | None = None) -> None:
        """Open the data folder and the records, and describe the deck.

        Parameters
        ----------
        surroundings
            The notebook: its names, folder, loop and operator.
        folder
            The data folder; found from the notebook's folder upwards, or made, when None.

        Raises
        ------
        RecordsError
            When the data folder or the database cannot be opened; nothing is left half open.
        """
        self.surroundings = surroundings
        self.token = secrets.token_hex(16)
        self.folder = folder or DataFolder.find(surroundings.folder)
        self.store = open_store(self.folder)
        self.store.files.render = self._python_of
        self.limits = LimitsFile(self.folder.safety)
        description = self.folder.pseudo_deck(surroundings.deck_name)
        self.choices = DeckChoices(description.with_suffix(".choices.json"))
        self.deck = CurrentDeck(LiveDeck(surroundings.deck_name))
        self.relay = Relay()
        self.desk = Desk()
        self.views: dict[type, Callable[[Any], Mapping[str, object]]] = {}
        """Draws an object of a class as a MIME bundle; filled by the faces."""
        self.open_builder: Callable[[Workflow], tuple[object, Callable[[], Workflow]]] | None = None
        """Shows a workflow in a builder; returns the widget and what the workflow is by then. Filled by the faces."""
        self.executor = ThreadExecutor(surroundings.loop)
        self.pipeline = Pipeline(self.deck, self.limits, self.store, self.executor, self.relay.publish)
        self.runner = Runner(self.pipeline, self.store, self.relay.publish)
        self.unfinished: tuple[UnfinishedRun, ...] = tuple(self.runner.restore())
        self._saved_fingerprint = ""
        self._choose()
        self.refresh()
        atexit.register(self.close)

    @cached_property
    def history(self) -> History:
        """What happened, as tables; pandas is imported when the first one is asked for."""
        from ivoryos_jupyter.records import History  # noqa: PLC0415 - pandas takes a second to import

        return History(self.store)

    @cached_property
    def library(self) -> Library:
        """The saved workflows."""
        from ivoryos_jupyter.records import Library  # noqa: PLC0415 - not every session opens it

        return Library(self.store, self.surroundings.notebook)

    def _python_of(self, workflow: str) -> str:
        """Return the Python of a workflow given as JSON, for the files of a run."""
        from ivoryos_jupyter.codegen import render  # noqa: PLC0415 - not before a run has ended

        return render(from_json(workflow), self.deck.schema())

    def name_of(self, thing: object) -> str:
        """Return the path under which a live object is on the deck; empty when it is not."""
        deck = self.deck.live
        for path in (*deck.names, *(one.name for one in deck.schema().instruments)):
            if deck.resolve(path) is thing:
                return path
        return ""

    def call(
        self,
        target: str | Callable[..., object],
        args: Sequence[object],
        named: Mapping[str, object],
        *,
        wait_in_line: bool = False,
        timeout_s: float | None = None,
    ) -> CallHandle[object]:
        """Call a method of an instrument, or a building block, through the pipeline; see `ivoryos_jupyter.call`."""
        path, member = target_of(target, self.name_of)
        method = self.deck.member(path or BLOCKS, member, "call").method
        problems: list[Problem] = []
        arguments = bind_arguments(args, named, method.parameters, problems)
        if problems:
            raise ConversionError(problems, f"{path}.{member} cannot be called like this.")
        call = Call(path or BLOCKS, member, "call", arguments, origin="python", operator=self.surroundings.operator, timeout_s=timeout_s)
        return self.pipeline.submit(call, wait_in_line=wait_in_line)

    def _choose(self) -> None:
        for name in self.choices.excluded:
            self.deck.live.exclude(name)
        for name in self.choices.included:
            self.deck.live.include(name)

    def refresh(self) -> bool:
        """Look at the notebook's names again; return whether the deck has changed."""
        changed = self.deck.live.update(self.surroundings.names())
        if changed:
            self._save_description()
            self.relay.publish(DeckChanged(self._saved_fingerprint))
        return changed

    def _save_description(self) -> None:
        """Write the pseudo deck, so that a workflow can be designed without the hardware."""
        schema = self.deck.live.schema()
        mark = fingerprint(schema)
        if mark == self._saved_fingerprint or not (schema.instruments or schema.blocks):
            return
        path = self.folder.pseudo_deck(schema.name)
        fresh = path.with_suffix(".new")
        try:
            fresh.write_text(json.dumps(to_json(schema), ensure_ascii=False), encoding="utf-8")
            fresh.replace(path)
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
        self.deck.live.include(name, obj)
        if obj is None:
            self.choices.include(name)
        self.refresh()

    def exclude(self, name: str) -> None:
        """Take `name` off the deck and remember it."""
        self.deck.live.exclude(name)
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
            path = self.folder.pseudo_deck(str(which))
        try:
            schema = deck_from_json(json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            known = ", ".join(sorted(one.stem for one in path.parent.glob("*.json") if not one.stem.endswith(".choices"))) or "none yet"
            raise UnknownNameError(f"There is no saved deck {str(which)!r}; there is: {known}.") from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            cure = "Load the deck once with its hardware to save it anew."
            raise RecordsError(f"The saved deck {path} cannot be read: {error}. {cure}") from error
        self.deck.offline = OfflineDeck(schema)
        self.relay.publish(DeckChanged(fingerprint(schema)))

    def unload_deck(self) -> None:
        """Work with the live instruments again."""
        self.deck.offline = None
        self.relay.publish(DeckChanged(self._saved_fingerprint))

    def close(self) -> None:
        """End the runner, the desk and the relay, and close the records; may be called twice."""
        atexit.unregister(self.close)
        self.desk.close()
        self.runner.close()
        self.pipeline.close()
        self.executor.close()
        self.relay.close()
        self.store.close()


_current: Session | None = None


def current_session() -> Session:
    """Return the session of this kernel.

    Raises
    ------
    NotLoadedError
        When there is none yet.
    """
    if _current is None:
        raise NotLoadedError("IvoryOS is not loaded in this notebook; run %load_ext ivoryos first.")
    return _current


def replace_session(session: Session | None) -> Session | None:
    """Make `session` the current one and return the one before, which the caller closes."""
    global _current  # one kernel has one current session, and it can be replaced
    before, _current = _current, session
    return before
