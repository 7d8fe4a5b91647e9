"""Which instruments are guarded?  Those one says, or all; the names of the notebook then stand for their stand-ins."""

from __future__ import annotations

import json
import logging
import re
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import CommandError, SafetyFileError, UnknownNameError
from ivoryos_jupyter.guarding._around import ways_around
from ivoryos_jupyter.guarding._calls import Calls
from ivoryos_jupyter.guarding._keeper import Keeper
from ivoryos_jupyter.introspect import is_stand_in, original
from ivoryos_jupyter.whole_files import read_file, replace_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ivoryos_jupyter.guarding._stand_in import Guarded
    from ivoryos_jupyter.introspect import LiveDeck
    from ivoryos_jupyter.runner import Pipeline, ThreadExecutor

_log = logging.getLogger(__name__)
_HISTORY = re.compile(r"_{1,3}|_\d+")
"""IPython's names of earlier results; it would take a change of them for a person's own."""


class Guard:
    """Makes the pipeline hold for what one writes in a cell.

    Parameters
    ----------
    live
        The instruments of the notebook.
    pipeline, executor
        Where calls go.
    names
        Gives the names of the notebook.
    bind
        Puts a name into the notebook; without it a guarded object is only what `guard` returns.
    remembered
        The file that keeps whether all instruments are guarded.
    operator
        Who works here.
    """

    def __init__(
        self,
        live: LiveDeck,
        pipeline: Pipeline,
        executor: ThreadExecutor,
        names: Callable[[], Mapping[str, object]],
        bind: Callable[[str, object], None] | None,
        remembered: Path,
        operator: str = "",
    ) -> None:
        """Guard nothing yet, unless all instruments are to be guarded."""
        self._live = live
        self._names = names
        self._bind = bind
        self._remembered = remembered
        self._keeper = Keeper(live, Calls(live, live.path_of, pipeline, executor, operator))
        self._let_be: dict[int, object] = {}
        self._known: tuple[str, ...] = ()
        self._always = _read(remembered)

    @property
    def always(self) -> bool:
        """Whether every instrument is guarded as soon as it is on the deck."""
        return self._always

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the guarded instruments."""
        return tuple(name for name in self._live.names if id(self._live.resolve(name)) in self._keeper.chosen)

    @property
    def waits(self) -> dict[str, bool]:
        """Whether calls of a guarded instrument wait in line, by its name."""
        if not self._keeper.chosen:
            return {}
        return {name: id(self._live.resolve(name)) in self._keeper.in_line for name in self.names}

    def lost(self) -> tuple[str, ...]:
        """Return the names that were guarded when this was asked last, and stand for another object now, which is not."""
        if not self._known and not self._keeper.chosen:
            return ()
        now, on_deck = self.names, self._live.names
        gone = tuple(name for name in self._known if name not in now and name in on_deck)
        self._known = now
        return gone

    @property
    def ways_around(self) -> tuple[str, ...]:
        """Where the notebook still holds a guarded instrument itself, in words."""
        return ways_around({name: self._live.resolve(name) for name in self.names}, self._names())

    def stand_in(self, which: object) -> Guarded:
        """Return what stands for a guarded instrument, given by its name or the object.

        Raises
        ------
        UnknownNameError
            When it is not guarded.
        """
        obj = self._object(which)
        found = self._keeper.chosen.get(id(obj))
        if found is None:
            raise UnknownNameError(f"{self._called(which)} is not guarded; ivoryos.guard({self._live.path_of(obj) or '…'}) guards it.")
        return found

    def guard(self, *which: object, wait_in_line: bool = False) -> tuple[Guarded, ...]:
        """Guard instruments, given by name or as objects, and bind the names of the notebook to their stand-ins.

        Parameters
        ----------
        which
            Instruments of the deck; all of them when none is given.
        wait_in_line
            Whether a call waits for its turn when the instrument is busy, instead of being refused.

        Raises
        ------
        UnknownNameError
            When one of them is not on the deck; then none is guarded.
        """
        objects = [self._object(one) for one in which or self._live.names]
        made = tuple(self._choose(obj, wait_in_line=wait_in_line) for obj in objects)
        self._rebind()
        return made

    def _choose(self, obj: object, *, wait_in_line: bool) -> Guarded:
        self._let_be.pop(id(obj), None)
        (self._keeper.in_line.add if wait_in_line else self._keeper.in_line.discard)(id(obj))
        found = self._keeper.chosen[id(obj)] = self._keeper.stand_in(obj, self._live.path_of(obj))
        return found

    def unguard(self, *which: object) -> None:
        """Let instruments be called directly again, all when none is given; the names of the notebook stand for them again."""
        if not which:
            self.guard_always(always=False)
        objects = [self._object(one) for one in which or self.names]
        for obj in objects:
            self._keeper.chosen.pop(id(obj), None)
            self._keeper.in_line.discard(id(obj))
            if self._always:
                self._let_be[id(obj)] = obj
        self._known = self.names
        freed = {id(obj) for obj in objects}
        for name, value in list(self._names().items()):
            if is_stand_in(value) and id(original(value)) in freed:
                self._put(name, original(value))

    def guard_always(self, *, always: bool) -> None:
        """Guard every instrument as soon as it is on the deck, or no longer; remembered beside the data.

        Raises
        ------
        SafetyFileError
            When that cannot be remembered; nothing is changed then.
        """
        if always or self._remembered.exists():
            self._remember(always=always)
        self._always = always
        self.refresh(changed=False)

    def _remember(self, *, always: bool) -> None:
        try:
            replace_file(self._remembered, (json.dumps({"always": always}) + "\n").encode(), durable=False)
        except OSError as error:
            cure = "whether every instrument is guarded stays as it was; check the disk and who may write there"
            raise SafetyFileError(f"{self._remembered} cannot be written ({error}), so {cure}.") from error

    def refresh(self, *, changed: bool) -> None:
        """Follow the deck after a cell: guard what is new, and look at what has changed."""
        if changed:
            self._keeper.refresh()
        new = self._guard_the_new() if self._always else []
        if new or self._keeper.chosen:
            self._rebind()

    def _guard_the_new(self) -> list[Guarded]:
        """Return stand-ins of what is not guarded yet; they live as long as a name stands for them."""
        made: list[Guarded] = []
        there = {id(self._live.resolve(name)): name for name in self._live.names}
        self._let_be = {key: obj for key, obj in self._let_be.items() if key in there}
        for key, name in there.items():
            if key not in self._keeper.chosen and key not in self._let_be:
                try:
                    made.append(self._choose(self._live.resolve(name), wait_in_line=False))
                except Exception as error:  # noqa: BLE001 - an odd instrument must not cost the others; it is named
                    _log.warning("%s could not be guarded: %s", name, error)
        return made

    def _rebind(self) -> None:
        """Let every name of the notebook that stands for a guarded object stand for its stand-in."""
        for name, value in list(self._names().items()):
            found = self._keeper.chosen.get(id(value))
            if found is not None and original(found) is value and not _HISTORY.fullmatch(name):
                self._put(name, found)

    def _put(self, name: str, value: object) -> None:
        if self._bind is not None:
            self._bind(name, value)

    def _object(self, which: object) -> object:
        if isinstance(which, str):
            return original(self._live.resolve(which))
        if not self._live.path_of(which):
            raise UnknownNameError(
                f"This {type(original(which)).__name__} is not on the deck. Give it a name in the notebook, or say ivoryos.include(name)."
            )
        path = self._live.path_of(which)
        if "." in path or "[" in path:
            root = path.partition(".")[0].partition("[")[0]
            raise CommandError(f"{path} is a part of {root}: guard({root}) guards it too.")
        return original(which)

    def _called(self, which: object) -> str:
        return which if isinstance(which, str) else self._live.path_of(which) or f"This {type(which).__name__}"


def _read(path: Path) -> bool:
    """Return whether all instruments are to be guarded; what cannot be read means that they are, and is named in the log."""
    try:
        return json.loads(read_file(path))["always"] is True
    except FileNotFoundError:
        return False
    except (OSError, ValueError, KeyError, TypeError) as error:
        _log.warning("%s cannot be read (%s); every instrument is guarded until ivoryos.guard(always=False) is said.", path, error)
        return True
