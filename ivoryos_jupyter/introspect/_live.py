"""What is in the notebook's deck now?  Kept current after each cell; cheap when nothing has changed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from threading import RLock
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import IvoryOSError, UnknownNameError
from ivoryos_jupyter.introspect._deck import BLOCKS, unknown
from ivoryos_jupyter.introspect._follow import follow_live, follow_static, follow_unread
from ivoryos_jupyter.introspect._members import Plan, plan_block, plan_member
from ivoryos_jupyter.introspect._namespace import Choice, Sorter
from ivoryos_jupyter.introspect._record import Record, describe_all, new_record
from ivoryos_jupyter.introspect._settings import Settings
from ivoryos_jupyter.introspect._signatures import read_callable
from ivoryos_jupyter.introspect._stand_in import original
from ivoryos_jupyter.schema import Block, DeckSchema, Instrument, LeftOut, parse_reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.introspect._deck import Member
    from ivoryos_jupyter.introspect._found import Operation


class LiveDeck:
    """The instruments that live in a namespace.

    All methods may be called from any thread.
    """

    def __init__(self, name: str = "deck") -> None:
        """Start empty; `update` fills it."""
        self._name = name
        self._lock = RLock()
        self._sorter = Sorter()
        self._namespace: Mapping[str, object] = {}
        self._choice = Choice()
        self._generations: dict[str, int] = {}
        self._records: dict[str, Record] = {}
        self._schema = DeckSchema(name)
        self._plans: dict[tuple[str, str, Operation], Plan] = {}
        self._things: dict[str, object] = {}
        self._settings = Settings(self._records)
        self._paths: dict[int, str] | None = None
        """Path by identity, of all that is described; None when it has to be made again."""

    @property
    def name(self) -> str:
        """Name of the deck."""
        return self._name

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the instruments, sub-instruments not counted."""
        with self._lock:
            return tuple(self._choice.instruments)

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Names that are no instruments, and why."""
        with self._lock:
            return self._choice.left_out

    @property
    def included(self) -> tuple[str, ...]:
        """Names that `include` decided on."""
        with self._lock:
            return tuple(self._sorter.included)

    @property
    def excluded(self) -> tuple[str, ...]:
        """Names that `exclude` decided on."""
        with self._lock:
            return tuple(sorted(self._sorter.excluded))

    def update(self, namespace: Mapping[str, object]) -> bool:
        """Look at `namespace` again and return whether an instrument or a building block has changed.

        Nothing in it is read beyond its class and what it holds.
        """
        with self._lock:
            self._namespace = namespace
            choice = self._sorter.sort(namespace, self._choice)
            bound_anew = self._count_generations(choice)
            same = not bound_anew and choice.same_as(self._choice)
            self._choice = choice
            if same and not any(record.is_stale() for record in self._records.values()):
                return False
            return self._rebuild() or bound_anew

    def _count_generations(self, choice: Choice) -> bool:
        """Count the names that are bound to another object than before."""
        before = self._choice.instruments
        fresh = [name for name, obj in choice.instruments.items() if name not in before or before[name] is not obj]
        for name in fresh:
            self._generations[name] = self._generations.get(name, 0) + 1
        return bool(fresh)

    def _rebuild(self) -> bool:
        """Describe everything again, from what is known of the classes, and return whether anything differs."""
        self._plans.clear()
        self._things = {}
        self._paths = None
        self._records = describe_all(self._choice.instruments)
        self._settings = Settings(self._records)
        blocks = tuple(
            Block(name, category, read_callable(name, function, bound=False).method)
            for name, (function, category) in self._choice.blocks.items()
        )
        instruments = tuple(record.description.instrument for record in self._records.values())
        before = self._schema
        if blocks == before.blocks and instruments == before.instruments:
            return False
        self._schema = DeckSchema(self._name, instruments, blocks, self._choice.left_out)
        return blocks != before.blocks or list(map(_offered, instruments)) != list(map(_offered, before.instruments))

    def include(self, name: str, obj: object = None) -> None:
        """Count `name` as an instrument whatever the rules say; `obj` gives it an object that is in no namespace.

        Raises
        ------
        UnknownNameError
            If the namespace has been seen and has no such name.
        """
        with self._lock:
            if obj is None and self._namespace and name not in self._namespace:
                raise unknown("name", name, (one for one in self._namespace if not one.startswith("_")))
            self._sorter.include(name, obj)
            self.update(self._namespace)

    def exclude(self, name: str) -> None:
        """Count `name` as no instrument whatever the rules say."""
        with self._lock:
            self._sorter.exclude(name)
            self.update(self._namespace)

    def schema(self) -> DeckSchema:
        """Return the description of the whole deck; the same object as long as nothing changes."""
        with self._lock:
            if self._schema.left_out is not self._choice.left_out:
                self._schema = DeckSchema(self._name, self._schema.instruments, self._schema.blocks, self._choice.left_out)
            return self._schema

    def instrument(self, path: str) -> Instrument:
        """Return the description of the instrument at `path`; a sub-instrument is described when it is first asked for.

        Raises
        ------
        UnknownNameError
            If there is none.
        """
        with self._lock:
            return self._record(path).description.instrument

    def _record(self, path: str) -> Record:
        found = self._records.get(path)
        if found is not None:
            return found
        reference = parse_reference(path)
        text = reference.text
        if text not in self._records:
            top = self._top(reference.name)
            self._records[text] = new_record(follow_static(top, reference, self._records), text)
            self._paths = None
            self._settings = Settings(self._records)
            self._schema = DeckSchema(
                self._name,
                tuple(one.description.instrument for one in self._records.values()),
                self._schema.blocks,
                self._choice.left_out,
            )
        return self._records[text]

    def _top(self, name: str) -> object:
        name = self._choice.aliases.get(name, name)
        if name not in self._choice.instruments:
            raise self._unknown_name(name)
        return self._choice.instruments[name]

    def _unknown_name(self, name: str) -> UnknownNameError:
        reason = next((one.reason for one in self._choice.left_out if one.name == name), "")
        if reason:
            return UnknownNameError(f"{name!r} is not in the deck: {reason}; include({name!r}) puts it in")
        return unknown("instrument", name, self._choice.instruments)

    def resolve(self, path: str) -> object:
        """Return the live object at `path`, following attributes and indexes as Python does.

        Raises
        ------
        UnknownNameError
            If a part of it does not exist.
        """
        with self._lock:
            if path in self._choice.instruments:
                return self._choice.instruments[path]
            reference = parse_reference(path)
            top = self._top(reference.name)
        return follow_live(top, reference)

    def thing_at(self, path: str) -> object:
        """Return the object at `path`, followed once where no description tells, but through no property; None where there is none."""
        things = self._things  # another one once the deck has changed
        if path not in self._choice.instruments and path not in things:
            things[path] = self._follow(path)  # without the lock: a driver may take its time, and nobody else must wait for it
        return self._choice.instruments.get(path, things.get(path))

    def _follow(self, path: str) -> object:
        with suppress(Exception):  # a driver that fails when it is asked for a part has none to call either
            reference = parse_reference(path)
            with self._lock:
                top = self._top(reference.name)
                with suppress(IvoryOSError):
                    return follow_static(top, reference, self._records)
            return original(follow_unread(top, reference))
        return None

    def also_set(self, path: str, method: str) -> tuple[tuple[str, str], ...]:
        """Return path and recorded method of every other property that a call sets."""
        return self._settings.others(path, method)

    def path_of(self, thing: object) -> str:
        """Return the path under which `thing`, or what it stands for, is described; empty when it is not.

        Nothing is read and nothing is followed, so that it may be asked at every call.
        """
        thing = original(thing)
        paths = self._paths
        if paths is None:
            with self._lock:
                paths = self._paths = {id(record.obj): path for path, record in reversed(self._records.items())}
        path = paths.get(id(thing), "")
        found = self._records.get(path)
        return path if found is not None and found.obj is thing else ""

    def signals(self, path: str) -> frozenset[str]:
        """Return the properties at `path` behind which the driver keeps an object that is itself got and set.

        In Python one writes ``source.voltage(5)`` and ``motor.readback.get()`` for them, where the deck has one property.
        """
        with self._lock:
            record = self._record(path)
        adapter = record.description.adapter
        if adapter is None or not adapter.keeps_signals:
            return frozenset()
        properties = record.description.instrument.properties
        return frozenset(one.name for one in properties if adapter.bind(record.obj, one.name, "get" if one.readable else "set") is not None)

    def generation(self, name: str) -> int:
        """Return how often `name` has been bound to another object; 0 when it never was an instrument."""
        with self._lock:
            return self._generations.get(self._choice.aliases.get(name, name), 0)

    def member(self, path: str, member: str, operation: Operation) -> Member:
        """Return the member `member` of the instrument at `path`, ready for `operation`.

        Building blocks are members of ``blocks``.

        Raises
        ------
        UnknownNameError
            If there is no such instrument or member, or the member does not do this.
        """
        key = (path, member, operation)
        if path == BLOCKS:
            with self._lock:
                if path not in self._choice.instruments:
                    return self._block(key)
        owner = self.resolve(path)
        with self._lock:
            plan = self._plans.get(key)
            if plan is None or plan.owner is not owner:
                plan = self._plans[key] = plan_member(self._described(path, owner), owner, key)
        return plan.member()

    def _block(self, key: tuple[str, str, Operation]) -> Member:
        _, name, _ = key
        if name not in self._choice.blocks:
            raise unknown("building block", name, self._choice.blocks)
        plan = self._plans.get(key)
        if plan is None:
            plan = self._plans[key] = plan_block(name, self._choice.blocks[name][0], key)
        return plan.member()

    def _described(self, path: str, owner: object) -> Record:
        """Return the record of `owner`, also when it is reached by a way that only a live look can follow."""
        try:
            record = self._record(path)
        except IvoryOSError:
            return new_record(owner, path)
        return record if record.obj is owner else new_record(owner, path)


def _offered(one: Instrument) -> Instrument:
    """Return `one` without what it does not offer: a new private attribute is no change of the deck."""
    return replace(one, left_out=())
