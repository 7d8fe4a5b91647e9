"""What is known of an interrupted run, and what has been decided about it so far?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import IvoryOSError, ResumeError
from ivoryos_jupyter.journal import Decision, DoneAhead, Outcome, Resumption
from ivoryos_jupyter.notebook.recovery._checking import check_of
from ivoryos_jupyter.notebook.recovery._derived import missing
from ivoryos_jupyter.notebook.recovery._judging import judge, other_instruments
from ivoryos_jupyter.notebook.recovery._returned import MISSING, names_of
from ivoryos_jupyter.runner import DoWait, Plan, chain_of, look
from ivoryos_jupyter.workflow import from_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from ivoryos_jupyter.journal import PastRun
    from ivoryos_jupyter.runner import InDoubt, Outlook, StepEffect
    from ivoryos_jupyter.session import Session


class Case:
    """One interrupted run, the runs it went on with, and the decisions, which can be changed until they are handed in."""

    def __init__(self, session: Session, run_id: int) -> None:
        """Read what was written down; raise `ResumeError` when the run was not interrupted or is decided about already."""
        self.session = session
        self.chain = chain_of(run_id, session.store.past)
        self.run: PastRun = self.chain[-1]
        """What was written down of it."""
        _refuse_decided(self.run)
        self._workflow = from_json(self.chain[0].request.workflow)
        self._decisions: dict[int, Decision] = {}
        self._given: dict[str, object] = {}
        self._ahead: tuple[DoneAhead, ...] = ()
        self._outlook: Outlook | None = None
        self.sure_of_the_end = False
        """Whether a person has said from where to go on although the record may end too early."""
        self.checked: object = MISSING
        """What the instrument said when it was asked last whether the step was done."""
        self.problem = ""
        """Why it cannot be gone on with from where it was; empty when it can."""
        self.in_doubt: InDoubt | None = None
        """The step that had begun and of which nobody knows whether it was done; None when there is none."""
        try:
            self.in_doubt = self.outlook.in_doubt
        except ResumeError as error:
            self.problem = str(error)

    def refuse_decided(self) -> None:
        """Raise `ResumeError` when somebody, perhaps in another notebook, has decided about it meanwhile."""
        _refuse_decided(self.session.store.past(self.run_id))

    def refuse_unfit(self) -> None:
        """Raise what keeps the decision about the step in doubt from being carried out on the deck as it is now."""
        if self.in_doubt is not None and self.decision is not None and not self.lost:
            judge(self.session, self.in_doubt, self.decision)

    @property
    def outlook(self) -> Outlook:
        """Where it would go on as things are decided now."""
        if self._outlook is None:
            self._outlook = look(self._workflow, self.chain, self.resumption("resume"), self.session.pipeline.clock.now_us())
        return self._outlook

    def resumption(self, mode: Literal["resume", "cleanup"]) -> Resumption:
        """Return the decisions, to be handed in."""
        operator, now = self.session.surroundings.operator, self.session.pipeline.clock.now_us()
        return Resumption(mode, dict(self._decisions), self._ahead, dict(self._given), operator, now)

    def decide(self, doubt: InDoubt, decision: Decision) -> None:
        """Keep a decision in place of an earlier one; raise `ResumeError` when nothing fits it."""
        before = self._decisions.get(doubt.step.row)
        self._decisions[doubt.step.row] = decision
        self._ahead, self._outlook = (), None
        try:
            self._outlook = self.outlook
        except ResumeError:
            self._decisions = {} if before is None else {doubt.step.row: before}
            self._outlook = None
            raise

    def give(self, name: str, value: object) -> None:
        """Keep a value given anew."""
        self._given[name] = value
        self._outlook = None

    @property
    def ahead(self) -> tuple[DoneAhead, ...]:
        """Steps after the end of the record that were done as well."""
        return self._ahead

    @ahead.setter
    def ahead(self, steps: tuple[DoneAhead, ...]) -> None:
        self._ahead, self._outlook = steps, None

    @property
    def run_id(self) -> int:
        """Id of the interrupted run."""
        return self.run.run_id

    @property
    def name(self) -> str:
        """Its name."""
        return self.run.request.name

    @property
    def waiting(self) -> str:
        """Name of the run that follows from it and waits in the queue; empty when there is none."""
        entries = self.session.runner.queue.entries
        return next((one.request.name for one in entries if one.request.derived_from == self.run_id), "")

    @property
    def decision(self) -> Decision | None:
        """What was decided about the step in doubt; None as long as nobody has."""
        return None if self.in_doubt is None else self._decisions.get(self.in_doubt.step.row)

    @property
    def undecided(self) -> bool:
        """Whether somebody has to decide about a step before the run can go on."""
        return self.in_doubt is not None and self.decision is None

    @property
    def needs_value(self) -> tuple[str, ...]:
        """The names that later steps give to what the step in doubt returned; ``done`` needs their values."""
        return () if self.in_doubt is None else tuple(name for name in names_of(self.in_doubt.doing) if name)

    @property
    def is_wait(self) -> bool:
        """Whether the step in doubt is a wait of a number of seconds."""
        doing = None if self.in_doubt is None else self.in_doubt.doing
        return isinstance(doing, DoWait) and not doing.until

    @property
    def can_check(self) -> bool:
        """Whether the instrument can be asked whether the step in doubt was done."""
        doubt = self.in_doubt
        try:
            return doubt is not None and check_of(self.session, doubt.doing, doubt.step) is not None
        except IvoryOSError:  # the deck lacks it now
            return False

    @property
    def lost(self) -> Mapping[str, str]:
        """Values that the rest of the run needs and that could not be kept in full: what each was, by name."""
        return {} if self.problem else {name: lost.what for name, lost in self.outlook.lost.items()}

    @property
    def coming(self) -> StepEffect | None:
        """The step that it would begin with; None when none is left or it cannot be said."""
        return None if self.problem else self.outlook.coming

    @property
    def iteration(self) -> int:
        """The first iteration that was not brought to its end; 1 when there is none."""
        left = missing(self.chain)
        return left[0] if left else 1

    @property
    def iterations(self) -> int:
        """How many iterations the run has."""
        return Plan.of(self.chain[0].request).iterations

    @property
    def other_instruments(self) -> str:
        """In what its instruments are others now than when it began; empty when they are not."""
        return other_instruments(self.session, self.run)

    @property
    def may_end_early(self) -> str:
        """Why the record may miss the last steps that were done; empty when it cannot, or when somebody has said where to go on."""
        return "" if self.sure_of_the_end else self.session.store.may_end_early(self.run)


def _refuse_decided(run: PastRun) -> None:
    if run.outcome is not Outcome.INTERRUPTED:
        how = run.outcome.value if run.outcome is not None else "still running"
        raise ResumeError(f"Run {run.run_id} {run.request.name!r} was not interrupted ({how}); ivoryos.rerun() repeats what is missing.")
    decided = next((event for event in run.events if event.kind == "decided"), None)
    if decided is not None:
        followed = decided.detail.get("run")
        then = f"; run {followed} goes on with it" if followed is not None else ""
        raise ResumeError(f"Somebody has decided about run {run.run_id} already ({decided.detail.get('choice')}){then}.")
