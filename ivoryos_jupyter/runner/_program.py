"""Which phases does a run go through, with which samples?  Prep once, script per batch of rows, cleanup once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivoryos_jupyter.runner._effects import BeginPhase, EndPhase
from ivoryos_jupyter.runner._interpreter import Interpreter
from ivoryos_jupyter.workflow import nested_versions, step_index

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Literal

    from ivoryos_jupyter.journal import RunRequest
    from ivoryos_jupyter.runner._effects import Effect, Reply
    from ivoryos_jupyter.runner._frames import Context
    from ivoryos_jupyter.schema import Plain
    from ivoryos_jupyter.workflow import Step, Workflow


@dataclass(frozen=True, slots=True)
class Plan:
    """With which values the script is repeated."""

    rows: tuple[Mapping[str, Plain], ...]
    """One per sample."""
    batch_size: int = 1
    sample_column: str | None = None

    @classmethod
    def of(cls, request: RunRequest) -> Plan:
        """Return the plan of a request: its rows, or as many empty ones as it repeats."""
        rows: tuple[Mapping[str, Plain], ...] = ({},) * request.repeat if request.rows is None else tuple(request.rows)
        return cls(rows, max(1, request.batch_size), request.sample_column)

    @property
    def iterations(self) -> int:
        """How often the script runs."""
        return -(-len(self.rows) // self.batch_size)

    def leg(self, iteration: int) -> BeginPhase:
        """Return the beginning of the script's iteration `iteration`, from 1."""
        rows = self.rows[(iteration - 1) * self.batch_size : iteration * self.batch_size]
        column = self.sample_column
        samples = tuple(str(row.get(column, "")) for row in rows) if column else ()
        return BeginPhase("script", iteration, rows if any(rows) else (), samples)


class Program:
    """The same machine as `Interpreter`, over all phases.

    What prep saves is visible in script and cleanup; iterations do not see each other.
    """

    def __init__(self, workflow: Workflow, plan: Plan) -> None:
        """Stand before prep."""
        self._workflow = workflow
        self.plan = plan
        self._numbers = step_index(workflow)
        self._nested = nested_versions(workflow)
        self._saved: Context = {}
        self._leg = BeginPhase("prep", 1)
        self._inside: Interpreter | None = None
        self._pending: Effect | None = None
        self._over = False
        self._rows_left = True
        self._wants_cleanup = True

    @property
    def inside(self) -> bool:
        """Whether a phase is under way."""
        return self._inside is not None

    @property
    def phase(self) -> str:
        """``prep``, ``script`` or ``cleanup``."""
        return self._leg.phase

    @property
    def cursor(self) -> dict[str, Plain]:
        """Where it is, as plain data."""
        frames: list[Plain] = [*self._inside.cursor] if self._inside is not None else []
        return {"phase": self._leg.phase, "iteration": self._leg.iteration, "frames": frames}

    def next(self) -> Effect | None:
        """Return what to do now, the same until it is fed; None when the run is over."""
        if self._pending is None and not self._over:
            self._pending = self._leg if self._inside is None else self._inside.next() or self._end("done")
        return self._pending

    def feed(self, reply: Reply) -> None:
        """Take what came of the effect that `next` returned."""
        effect, self._pending = self._pending, None
        if isinstance(effect, BeginPhase):
            self._inside = self._interpreter()
        elif isinstance(effect, EndPhase):
            self._after(effect)
        elif self._inside is not None:
            self._inside.feed(reply)

    def _interpreter(self) -> Interpreter:
        leg = self._leg
        rows = self._rows_of(leg) if leg.phase == "script" else ({},)
        contexts: list[Context] = [{**self._saved, **row} for row in rows]
        steps = getattr(self._workflow, leg.phase)
        return Interpreter(steps, contexts, self._numbers, self._nested)

    def _rows_of(self, leg: BeginPhase) -> tuple[Mapping[str, Plain], ...]:
        size = self.plan.batch_size
        return self.plan.rows[(leg.iteration - 1) * size : leg.iteration * size]

    def _end(self, status: Literal["done", "stopped", "failed"], error: str | None = None) -> EndPhase:
        contexts = self._inside.contexts if self._inside is not None else []
        return EndPhase(self._leg.phase, status, [dict(context) for context in contexts], error)

    def _after(self, ended: EndPhase) -> None:
        """Choose the phase that follows."""
        self._inside = None
        if ended.phase == "prep" and ended.outputs:
            self._saved = dict(ended.outputs[0])
        done = self._leg.iteration if ended.phase == "script" else 0
        if ended.phase == "cleanup" or (not self._rows_left and not self._wants_cleanup):
            self._over = True
        elif self._rows_left and done < self.plan.iterations:
            self._leg = self.plan.leg(done + 1)
        elif self._wants_cleanup:
            self._leg = BeginPhase("cleanup", 1)
        else:
            self._over = True

    def no_more_rows(self) -> bool:
        """Begin no row after the one under way; return whether that leaves any out, the first time it is said."""
        left_out = self._rows_left and self._done_rows() < self.plan.iterations
        self._rows_left = False
        if self._inside is None and self._leg.phase == "script":  # the next row was about to begin
            self._pending = None
            self._skip_leg()
        return left_out

    def _done_rows(self) -> int:
        """Rows that are done or under way."""
        if self._leg.phase == "prep":
            return 0
        return self._leg.iteration - (1 if self._inside is None else 0)

    def want_cleanup(self, *, wanted: bool) -> None:
        """Say whether cleanup follows."""
        self._wants_cleanup = wanted

    def leave(self, status: Literal["stopped", "failed"], error: str | None = None) -> None:
        """Leave the phase under way as it is; cleanup follows where it is wanted."""
        self._rows_left = False
        if self._inside is not None:
            self._pending = self._end(status, error)
        else:  # between two phases: what was about to begin does not
            self._pending = None
            self._skip_leg()

    def go_to_cleanup(self) -> None:
        """Stand before cleanup, wherever it was; what prep has saved so far is visible there."""
        if self._inside is not None and self._leg.phase == "prep":
            self._saved = dict(self._inside.contexts[0])
        self._inside = self._pending = None
        self._over = self._rows_left = False
        self._wants_cleanup = True
        self._leg = BeginPhase("cleanup", 1)

    def save(self, saved: Context) -> None:
        """Let cleanup see these values; for a program of which nothing else is known."""
        self._saved = dict(saved)

    @property
    def ahead(self) -> tuple[Interpreter | None, Context, tuple[Sequence[Step], ...]]:
        """What is left: the inside of the phase under way, what prep has saved, and the steps of each phase that may follow."""
        phase, workflow = self._leg.phase, self._workflow
        rows = self._rows_left and (phase == "prep" or self._leg.iteration < self.plan.iterations or self._inside is None)
        follow = [workflow.script] if rows and phase != "cleanup" else []
        if self._wants_cleanup and (phase != "cleanup" or self._inside is None):
            follow.append(workflow.cleanup)
        saved = self._inside.contexts[0] if self._inside is not None and phase == "prep" else self._saved
        return self._inside, saved, () if self._over else tuple(follow)

    def _skip_leg(self) -> None:
        if self._wants_cleanup:
            self._leg = BeginPhase("cleanup", 1)
        else:
            self._over = True
