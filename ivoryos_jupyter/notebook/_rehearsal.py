"""What does a scientist hold after a rehearsal?  Its time, its calls, its totals and its problems, as text, HTML and tables."""

from __future__ import annotations

import time
from datetime import datetime, timezone
from functools import cached_property
from typing import TYPE_CHECKING

from ivoryos_jupyter.notebook import _rehearsal_tables as tables
from ivoryos_jupyter.notebook._rehearsal_html import rehearsal_html
from ivoryos_jupyter.notebook._rehearsal_words import counted, standing_of, time_in_words, totals_in_words, verdict_in_words
from ivoryos_jupyter.notebook._spans import clock_time
from ivoryos_jupyter.runner.rehearsal import ASSUMPTIONS

if TYPE_CHECKING:
    import pandas as pd

    from ivoryos_jupyter.notebook._rehearsal_words import Standing
    from ivoryos_jupyter.runner.rehearsal import Rehearsed, Spread
    from ivoryos_jupyter.schema import DeckSchema
    from ivoryos_jupyter.workflow import Workflow

_SHOWN = 5


class Rehearsal:
    """A run that was rehearsed: nothing was called, nothing was recorded."""

    def __init__(self, rehearsed: Rehearsed, workflow: Workflow, schema: DeckSchema) -> None:
        """Show `rehearsed`."""
        self.rehearsed = rehearsed
        self.words = tables.Words(workflow, schema)

    @property
    def name(self) -> str:
        """Name of the run."""
        return self.rehearsed.name

    @property
    def duration(self) -> Spread:
        """How long it would take, in s: ``p10``, ``p50``, ``p90``, and over how many ``rehearsals``."""
        return self.rehearsed.duration

    @property
    def begins(self) -> datetime:
        """When it would begin."""
        return datetime.fromtimestamp(self.rehearsed.started_us / 1e6, tz=timezone.utc).astimezone()

    @property
    def ends(self) -> datetime:
        """When it would end, in the middle case."""
        return datetime.fromtimestamp(self.rehearsed.started_us / 1e6 + self.duration.p50, tz=timezone.utc).astimezone()

    @property
    def ok(self) -> bool:
        """Whether no problem came up."""
        return not self.rehearsed.issues and not self.rehearsed.cut_short

    @cached_property
    def calls(self) -> pd.DataFrame:
        """The calls it would make, one row each; those that would be refused among them."""
        return tables.lines_table(one for one in self.rehearsed.lines if one.instrument)

    @cached_property
    def steps(self) -> pd.DataFrame:
        """All steps, waits and questions among them."""
        return tables.lines_table(self.rehearsed.lines)

    @cached_property
    def totals(self) -> pd.DataFrame:
        """Calls, seconds and the sums of amounts, by instrument and method."""
        return tables.totals_table(self.rehearsed)

    @cached_property
    def problems(self) -> pd.DataFrame:
        """What would go wrong; ``assumed`` where that needs an assumed value, ``follows`` where it comes of another problem."""
        return tables.problems_table(self.rehearsed, self.words)

    @cached_property
    def loops(self) -> pd.DataFrame:
        """Loops that would not end."""
        return tables.loops_table(self.rehearsed, self.words)

    @cached_property
    def never_taken(self) -> pd.DataFrame:
        """Branches and bodies of loops that no rehearsal came to."""
        return tables.never_table(self.rehearsed, self.words)

    @cached_property
    def questions(self) -> pd.DataFrame:
        """What a person would be asked, and what the rehearsal answered."""
        return tables.questions_table(self.rehearsed)

    @cached_property
    def assumed(self) -> pd.DataFrame:
        """What was taken for true, and from where; what is not known comes first."""
        return tables.assumed_table(self.rehearsed)

    @cached_property
    def faults(self) -> pd.DataFrame:
        """What each fault did, after ``rehearse(faults=True)``."""
        return tables.faults_table(self.rehearsed.faults, self.words)

    @property
    def standing(self) -> Standing:
        """``good``, ``assumed`` when it found no problem on what was assumed, or ``bad``."""
        return standing_of(self.rehearsed)

    @property
    def verdict(self) -> str:
        """What was found, and how much of it rests on assumptions: ``no problem found, but 2 durations were assumed``."""
        return verdict_in_words(self.rehearsed)

    @property
    def headline(self) -> str:
        """How it ends, how long it takes, and when it would be over."""
        rehearsed = self.rehearsed
        how = "cut short after too many steps" if rehearsed.cut_short else rehearsed.outcome
        if rehearsed.stops:
            how = f"would stop {rehearsed.stops:,} time{'s' if rehearsed.stops > 1 else ''} to ask about an error"
        begins = rehearsed.started_us / 1e6
        ends = clock_time(begins + self.duration.p50, time.time())
        takes = time_in_words(self.duration)
        return f"{how}; {takes} without these stops, ends {ends}" if rehearsed.stops else f"{how}, {takes}, ends {ends}"

    @property
    def counts(self) -> list[str]:
        """What came up, as short phrases."""
        rehearsed = self.rehearsed
        unsafe = sum(not one.safe for one in rehearsed.faults)
        numbers = (
            (sum(one.calls for one in rehearsed.totals), "call", "calls"),
            (len(rehearsed.issues), "problem", "problems"),
            (len(rehearsed.endless), "loop that would not end", "loops that would not end"),
            (len(rehearsed.never), "part never come to", "parts never come to"),
            (len(rehearsed.asked), "question to a person", "questions to a person"),
            (sum(one.basis in ASSUMPTIONS for one in rehearsed.assumptions), "assumption", "assumptions"),
        )
        said = [counted(number, one, many) for number, one, many in numbers if number or one == "problem"]
        return [*said, f"{unsafe} of {len(rehearsed.faults)} faults leave something without cleanup"] if rehearsed.faults else said

    def __repr__(self) -> str:
        """Return the essence as text."""
        rehearsed = self.rehearsed
        lines = [f"Rehearsal of {self.name!r}: {self.headline}", self.verdict, " · ".join(self.counts)]
        lines += [f"  problem: {self.words.step(one.step_id)}: {one.message}" for one in rehearsed.issues[:_SHOWN]]
        lines += [f"  {total}" for total in totals_in_words(rehearsed)]
        lines += ["Nothing was called and nothing was recorded. See .calls .totals .problems .assumed"]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return rehearsal_html(self)
