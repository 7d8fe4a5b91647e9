"""Who wires everyone together?  One session per kernel; it owns the deck, the records, the runner and the desk."""

from __future__ import annotations

import atexit
import platform
import secrets
import threading
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ivoryos_jupyter.desk import Desk
from ivoryos_jupyter.errors import ConversionError, NotLoadedError, UnknownNameError
from ivoryos_jupyter.guarding import Guard, override_now, unwrapped
from ivoryos_jupyter.introspect import BLOCKS, original
from ivoryos_jupyter.notices import Around, Notifications, Place
from ivoryos_jupyter.records import DataFolder, open_store
from ivoryos_jupyter.relay import Relay
from ivoryos_jupyter.rules import RulesFile
from ivoryos_jupyter.runner import Call, Pipeline, RuleBook, Runner, ThreadExecutor, Watches
from ivoryos_jupyter.schema import LimitsFile
from ivoryos_jupyter.session._blocking_cell import interrupt_cell
from ivoryos_jupyter.session._current_deck import CurrentDeck
from ivoryos_jupyter.session._last_session import LastSession
from ivoryos_jupyter.session._provenance import CodeVersions
from ivoryos_jupyter.session._safe_states import SafeStates
from ivoryos_jupyter.session._usual import usual_duration
from ivoryos_jupyter.workflow import bind_arguments, from_json, target_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ivoryos_jupyter.errors import Problem
    from ivoryos_jupyter.introspect import Operation
    from ivoryos_jupyter.journal import CallIntent, UnfinishedRun
    from ivoryos_jupyter.records import History, Library
    from ivoryos_jupyter.runner import CallHandle, WatchTripped
    from ivoryos_jupyter.session._surroundings import Surroundings
    from ivoryos_jupyter.workflow import Workflow

T = TypeVar("T")


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
        self.relay = Relay()
        self.deck = CurrentDeck(surroundings, self.folder, self.relay.publish)
        self.limits.deck = self.deck.schema
        self.desk = Desk()
        self.views: dict[type, Callable[[Any], Mapping[str, object]]] = {}
        """Draws an object of a class as a MIME bundle; filled by the faces."""
        self.open_builder: Callable[[Workflow], tuple[object, Callable[[], Workflow]]] | None = None
        """Shows a workflow in a builder; returns the widget and what the workflow is by then. Filled by the faces."""
        self._ones: dict[Callable[[Session], object], object] = {}
        self._making = threading.RLock()
        self.executor = ThreadExecutor(surroundings.loop)
        self.pipeline = Pipeline(self.deck, self.limits, self.store, self.executor, self.relay.publish)
        self.pipeline.gates.live = self.deck.live
        self.rules = RuleBook(RulesFile(self.folder.rules), self.pipeline)
        self.pipeline.gates.rules = self.rules
        self.versions = CodeVersions(surroundings.folder, self._keep_versions)
        self.pipeline.provenance = self.versions
        self.runner = Runner(self.pipeline, self.store, self.relay.publish)
        self.store.when_cut_off(self.runner.was_cut_off)
        self.guard = Guard(
            self.deck.live, self.pipeline, self.executor, surroundings.names, surroundings.bind, self.folder.guard, surroundings.operator
        )
        self.watches = Watches(self.pipeline, lambda: self.runner.active, self._watch_actions())
        self.safe_states = SafeStates(self.folder.safe_states, self.deck.live, surroundings.names, self.deck.look)
        self.last = LastSession(self.folder.pseudo_deck(surroundings.deck_name).with_suffix(".last.json"))
        self._wire_safety()
        self.notifications = self._notifications()
        self._left: tuple[UnfinishedRun, ...] = tuple(self.runner.restore(surroundings.notebook))
        self.calls_left: tuple[CallIntent, ...] = tuple(self.store.calls_left())
        """Direct calls that were under way when their kernel died."""
        self.refresh()
        atexit.register(self.close)

    @property
    def unfinished(self) -> tuple[UnfinishedRun, ...]:
        """The runs that had been interrupted when the session began, as far as nobody has decided about them since."""
        undecided = {one.run_id for one in self.store.interrupted()} if self._left else set()
        return tuple(one for one in self._left if one.run_id in undecided)

    @property
    def left_waiting(self) -> Mapping[str, Sequence[str]]:
        """Names of runs that wait in the queues of other notebooks whose kernels are gone, by notebook."""
        return self.store.left_waiting()

    @cached_property
    def history(self) -> History:
        """What happened, as tables; pandas is imported when the first one is asked for."""
        from ivoryos_jupyter.records import History  # noqa: PLC0415 - pandas takes a second to import

        return History(self.store)

    @cached_property
    def library(self) -> Library:
        """The saved workflows."""
        from ivoryos_jupyter.records import Library  # noqa: PLC0415 - not every session opens it

        return Library(self.store, self.surroundings.notebook, self.deck.schema)

    def one(self, make: Callable[[Session], T]) -> T:
        """Return the one object that `make` makes of this session; made when first asked for, by whichever thread."""
        with self._making:
            if make not in self._ones:
                self._ones[make] = make(self)
            return cast("T", self._ones[make])

    def _watch_actions(self) -> Mapping[str, Callable[[WatchTripped], object]]:
        """Return what a watch can be told to do by a word."""
        runner = self.runner
        return {
            "pause": lambda trip: runner.pause(trip.run_key, f"{trip.label}: {trip.reason}") if trip.run_key else None,
            "make safe": lambda _: runner.make_safe(),
        }

    def _wire_safety(self) -> None:
        """Say what makes safe, who is there, and how long calls usually take."""
        safety = self.runner.safety
        safety.plan = self.safe_states.plan_now
        safety.interrupt = interrupt_cell
        safety.operator = self.surroundings.operator
        self.pipeline.usual = lambda path, member: usual_duration(self.store, path, member)

    def _notifications(self) -> Notifications:
        """Return those who are told when nobody is there."""
        around, clock = self.surroundings, self.pipeline.clock
        return Notifications(
            Around(
                Place(around.operator, platform.node(), around.notebook),
                self.folder.notify,
                self.folder.default_log,
                clock.now_us,
                lambda: self.runner.runs,
                self.relay.subscribe,
                self.relay.publish,
                self.store.note,
            )
        )

    def _keep_versions(self, run_id: int, versions: Mapping[str, str]) -> None:
        """Keep with a run what its code is made of, as soon as the records can be written."""
        self.pipeline.keep(lambda: self.store.describe_run(run_id, versions))

    def _python_of(self, workflow: str) -> str:
        """Return the Python of a workflow given as JSON, for the files of a run."""
        from ivoryos_jupyter.codegen import render  # noqa: PLC0415 - not before a run has ended

        return render(from_json(workflow), self.deck.schema())

    def name_of(self, thing: object) -> str:
        """Return the path under which a live object is on the deck; empty when it is not."""
        deck, thing = self.deck.live, original(thing)
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
        operation: Operation = "call",
        wait_in_line: bool = False,
        timeout_s: float | None = None,
        take_over: bool = False,
    ) -> CallHandle[object]:
        """Call a method of an instrument, or a building block, or read or set a property; see `ivoryos_jupyter.call`."""
        path, member = target_of(target, self.name_of)
        if not path and not isinstance(target, str) and all(member != one.name for one in self.deck.schema().blocks):
            cure = 'write the method as text, such as "pump.dispense"'
            raise UnknownNameError(f"{member} is neither a method of an instrument of this deck nor a building block; {cure}.")
        method = self.deck.member(path or BLOCKS, member, operation).method
        problems: list[Problem] = []
        plain_args, plain_named = tuple(map(unwrapped, args)), {name: unwrapped(value) for name, value in named.items()}
        arguments = bind_arguments(plain_args, plain_named, method.parameters, problems)
        if problems:
            raise ConversionError(problems, f"{path}.{member} cannot be called like this.")
        said = override_now()
        call = Call(
            path or BLOCKS,
            member,
            operation,
            arguments,
            origin="python",
            operator=self.surroundings.operator,
            timeout_s=timeout_s,
            take_over=take_over or said.take_over,
            override=said.reason,
        )
        return self.pipeline.submit(call, wait_in_line=wait_in_line)

    def held_elsewhere(self, name: str) -> bool:
        """Whether the run of another notebook holds the instrument `name`."""
        return self.pipeline.elsewhere.holder(name, self.deck.resolve(name)) is not None

    def refresh(self) -> bool:
        """Look at the notebook's names again; return whether the deck has changed."""
        changed = self.deck.refresh()
        self.guard.refresh(changed=changed)
        self.last.keep(self.guard.waits, self.watches)
        return changed

    def close(self) -> None:
        """End the runner, the desk and the relay, and close the records; may be called twice."""
        atexit.unregister(self.close)
        self.last.keep(self.guard.waits, self.watches)
        self.last.end()
        self.desk.close()
        self.watches.close()
        self.runner.close()
        self.versions.close()
        self.pipeline.close()
        self.executor.close()
        self.relay.close()
        self.notifications.close()
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
