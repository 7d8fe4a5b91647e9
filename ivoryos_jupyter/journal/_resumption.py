"""How does a run go on with an interrupted one?  What a person decided, as data that waits in the queue with the request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, cast

from ivoryos_jupyter.schema import decode, encode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.schema import Plain

Choice = Literal["done", "not_done", "rest"]
_MOST_ITEMS = 200_000

_NOT_DONE = "in doubt, decided not done"
DECIDED: Mapping[str, str] = {"done": "in doubt, decided done", "not_done": _NOT_DONE, "rest": _NOT_DONE}
"""Status of the row of a step in doubt once the decision about it is written."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person says of one step in doubt."""

    choice: Choice
    """``done``; ``not_done``: it is done again; ``rest``, of a wait: what is left of it is waited."""
    value: object = None
    """What the call returned, of a step that is done."""
    arguments: Mapping[str, object] = field(default_factory=dict)
    """Values to use in place of those it had, of a step that is done again."""


@dataclass(frozen=True, slots=True)
class DoneAhead:
    """A step after the end of the record that was done as well, says a person."""

    step_id: str
    path: str
    sample: int
    value: object = None


@dataclass(frozen=True, slots=True)
class Resumption:
    """What the run that is derived from an interrupted one does about it."""

    mode: Literal["resume", "cleanup"]
    """Go on where it was, or do nothing but its cleanup."""
    decisions: Mapping[int, Decision] = field(default_factory=dict)
    """By the row of the step in doubt."""
    ahead: tuple[DoneAhead, ...] = ()
    given: Mapping[str, object] = field(default_factory=dict)
    """Values given anew for those that could not be brought back."""
    operator: str = ""
    """Who decided."""
    decided_us: int = 0

    def plain(self) -> dict[str, Plain]:
        """Return it as plain data, from which `of` makes it again."""
        return {
            "mode": self.mode,
            "decisions": {
                str(row): {
                    "choice": one.choice,
                    "value": _kept(one.value),
                    "arguments": {name: _kept(v) for name, v in one.arguments.items()},
                }
                for row, one in self.decisions.items()
            },
            "ahead": [{"step": one.step_id, "path": one.path, "sample": one.sample, "value": _kept(one.value)} for one in self.ahead],
            "given": {name: _kept(value) for name, value in self.given.items()},
            "operator": self.operator,
            "decided_us": self.decided_us,
        }

    @classmethod
    def of(cls, plain: Mapping[str, Plain]) -> Resumption:
        """Return what `plain` made of it."""
        decisions = cast("Mapping[str, Mapping[str, Plain]]", plain.get("decisions", {}))
        ahead = cast("list[Mapping[str, Plain]]", plain.get("ahead", []))
        given = cast("Mapping[str, Plain]", plain.get("given", {}))
        return cls(
            cast("Literal['resume', 'cleanup']", plain["mode"]),
            {int(row): _decision(one) for row, one in decisions.items()},
            tuple(DoneAhead(str(one["step"]), str(one["path"]), cast("int", one["sample"]), decode(one["value"])) for one in ahead),
            {name: decode(value) for name, value in given.items()},
            str(plain.get("operator", "")),
            cast("int", plain.get("decided_us", 0)),
        )


def _decision(plain: Mapping[str, Plain]) -> Decision:
    arguments = cast("Mapping[str, Plain]", plain.get("arguments", {}))
    return Decision(cast("Choice", plain["choice"]), decode(plain.get("value")), {name: decode(value) for name, value in arguments.items()})


def _kept(value: object) -> Plain:
    return encode(value, most_items=_MOST_ITEMS)
