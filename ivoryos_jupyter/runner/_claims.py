"""How does a run begin?  With what is known of its instruments, and holding them; when another kernel's run holds one, it asks first."""

from __future__ import annotations

import getpass
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import BegunElsewhereError, BusyError
from ivoryos_jupyter.introspect import identify
from ivoryos_jupyter.journal import Claim, Setting
from ivoryos_jupyter.runner._elsewhere import host, note_taken_over
from ivoryos_jupyter.runner._station import LeaveRun
from ivoryos_jupyter.runner._status import Question

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ivoryos_jupyter.journal import Holding, RunRequest
    from ivoryos_jupyter.runner._provenance import Provenance
    from ivoryos_jupyter.runner._station import Station


@lru_cache(maxsize=1)
def account() -> str:
    """Return the account this process runs under; empty where the system does not say."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def setting_of(things: Mapping[str, object], provenance: Provenance | None) -> Setting:
    """Return what is known of a run that uses `things`, by name, before it begins."""
    identities = {name: identify(thing) for name, thing in things.items()}
    claims = {one.thing(name, host()): name for name, one in identities.items()}
    return Setting(
        host(),
        account(),
        {name: one.known() for name, one in identities.items()},
        {} if provenance is None else provenance.known(),
        tuple(Claim(thing, name) for thing, name in claims.items()),
    )


def begin_run(station: Station, request: RunRequest, started_us: int, setting: Setting) -> int:
    """Begin a run in the records, asking as long as another kernel's run holds one of its instruments; return its id.

    Raises
    ------
    BusyError
        When a person decided not to take over, or stopped it.
    BegunElsewhereError
        When another kernel has begun it, while this one was cut off from the database.
    """
    recorder = station.recorder
    over: list[Holding] = []

    def write() -> int | BusyError | BegunElsewhereError:
        try:
            return recorder.begin_run(request, started_us, replace(setting, take_over=bool(over)))
        except (BusyError, BegunElsewhereError) as error:
            return error

    while True:
        begun = station.commit(write)
        if isinstance(begun, int):
            break
        if isinstance(begun, BegunElsewhereError):
            raise begun
        held = station.commit(lambda: _of(recorder.held_elsewhere(), setting))
        if held and _is_taken_over(station, held):
            over = held
    if over:
        station.run_id = begun
        station.note("took_over", {"instruments": [one.sentence for one in over]})
        note_taken_over(recorder, over, started_us, {"by": request.name, "host": setting.host, "operator": request.operator})
    return begun


def _of(held: Sequence[Holding], setting: Setting) -> list[Holding]:
    wanted = {claim.thing for claim in setting.claims}
    return [one for one in held if one.thing in wanted]


def _is_taken_over(station: Station, held: list[Holding]) -> bool:
    """Ask; return whether the instruments are taken over, False to look again."""
    told = "; ".join(f"{one.sentence}, since {_local(one.since_us)}" for one in held)
    message = f"{told}. Taking over does not stop that run: both would use the instrument."
    try:
        answer = station.ask(Question(station.next_question(), "held", message, ("retry", "take_over", "stop")))
    except LeaveRun as leaving:
        raise BusyError(told) from leaving
    return answer.choice == "take_over"


def _local(at_us: int) -> str:
    return datetime.fromtimestamp(at_us / 1_000_000).astimezone().strftime("%Y-%m-%d %H:%M")
