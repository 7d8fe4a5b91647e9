"""What does the run dialog show of a rehearsal?  Words for people, and the ids of the steps they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from ivoryos_jupyter.notebook import amount_in_words, left_in_words, method_in_words, time_in_words, total_time_in_words
from ivoryos_jupyter.runner.rehearsal import ASSUMPTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ivoryos_jupyter.notebook import Rehearsal
    from ivoryos_jupyter.runner.rehearsal import FaultResult, Issue, Rehearsed
    from ivoryos_jupyter.widgets.builders._open import OpenWorkflow
    from ivoryos_jupyter.widgets.builders._workshop import Submission, Workshop
    from ivoryos_jupyter.workflow import Workflow

    Params = Mapping[str, object]

MOST = 100
"""How many rows of a list travel; the rest is counted."""


class AboutStep(TypedDict):
    """Something about one step."""

    step: str
    said: str
    """The step as a sentence."""
    text: str
    sure: bool
    """Whether it does not depend on what was assumed."""


class TotalJson(TypedDict):
    """What one method does in the whole run."""

    instrument: str
    method: str
    calls: int
    time: str
    amounts: str


class Said(TypedDict):
    """Two texts: a question and its answer, or what was assumed and what for."""

    about: str
    text: str


class FaultJson(TypedDict):
    """What one fault did."""

    step: str
    said: str
    fault: str
    did: str
    cleanup: str
    left: str
    safe: bool


class RehearsalJson(TypedDict):
    """A rehearsal."""

    verdict: str
    """What was found: ``No problem found, but 2 durations were assumed``."""
    standing: str
    """``good``, ``assumed`` or ``bad``."""
    headline: str
    time: str
    ok: bool
    totals: list[TotalJson]
    problems: list[AboutStep]
    more_problems: int
    never: list[AboutStep]
    questions: list[Said]
    assumed: list[Said]
    """What is not known."""
    known: int
    """How many statements rest on records, or on what was given."""
    faults: list[FaultJson]


class RehearsalDesk:
    """Answers the request to rehearse what the run dialog asks for."""

    def __init__(
        self, shop: Workshop, opened: Callable[[Params], OpenWorkflow], submission: Callable[[Workflow, Params], Submission]
    ) -> None:
        """Use `shop`; `opened` finds the open workflow of a request, `submission` reads the dialog."""
        self._shop = shop
        self._opened = opened
        self._submission = submission

    def register(self) -> None:
        """Let the desk know the request that is answered here."""
        self._shop.desk.register("builder.rehearse", self.rehearse)

    def rehearse(self, params: Params) -> RehearsalJson:
        """Rehearse the run; nothing is called."""
        workflow = self._opened(params).workflow
        return rehearsal_json(self._shop.rehearse(self._submission(workflow, params), bool(params.get("faults"))))


def rehearsal_json(rehearsal: Rehearsal) -> RehearsalJson:
    """Return a rehearsal for the view."""
    one = rehearsal.rehearsed
    words = rehearsal.words
    assumed = [Said(about=said.about, text=said.taken) for said in one.assumptions if said.basis in ASSUMPTIONS]
    return {
        "verdict": rehearsal.verdict.capitalize(),
        "standing": rehearsal.standing,
        "headline": rehearsal.headline,
        "time": time_in_words(one.duration),
        "ok": rehearsal.ok,
        "totals": _totals(one),
        "problems": [_problem(issue, words.step(issue.step_id)) for issue in one.issues[:MOST]],
        "more_problems": max(0, len(one.issues) - MOST),
        "never": [
            {"step": part.step_id, "said": words.step(part.step_id), "text": words.slot(part.slot), "sure": False}
            for part in one.never[:MOST]
        ],
        "questions": [{"about": asked.message, "text": asked.answer} for asked in one.asked[:MOST]],
        "assumed": assumed[:MOST],
        "known": len(one.assumptions) - len(assumed),
        "faults": [_fault(fault, words.step(fault.step_id)) for fault in one.faults],
    }


def _totals(one: Rehearsed) -> list[TotalJson]:
    amounts: dict[tuple[str, str], list[str]] = {}
    for amount in one.amounts:
        amounts.setdefault((amount.instrument, amount.method), []).append(amount_in_words(amount))
    return [
        {
            "instrument": total.instrument,
            "method": method_in_words(total.method),
            "calls": total.calls,
            "time": total_time_in_words(total, one),
            "amounts": "; ".join(amounts.get((total.instrument, total.method), [])),
        }
        for total in one.totals
    ]


def _problem(issue: Issue, said: str) -> AboutStep:
    where = f"{issue.phase} {issue.iteration}" if issue.phase == "script" else issue.phase
    times = f", {issue.times} times" if issue.times > 1 else ""
    why = ", because a step before it failed" if issue.follows else ""
    return {"step": issue.step_id, "said": said, "text": f"{issue.message} (first in {where}{times}{why})", "sure": not issue.assumed}


def _fault(fault: FaultResult, said: str) -> FaultJson:
    return {
        "step": fault.step_id,
        "said": said,
        "fault": fault.fault,
        "did": fault.did,
        "cleanup": fault.cleanup,
        "left": left_in_words(fault),
        "safe": fault.safe,
    }
