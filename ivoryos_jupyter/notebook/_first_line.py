"""What does loading the extension say?  One line: deck, data, database, limits, and what was left unfinished."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import SafetyFileError
from ivoryos_jupyter.notebook.recovery import direct_call_text, moment
from ivoryos_jupyter.rules import unfit_rules
from ivoryos_jupyter.schema import SETTER, unfit_limits

if TYPE_CHECKING:
    from ivoryos_jupyter.journal import StepIntent, UnfinishedRun
    from ivoryos_jupyter.session import Session


def first_line(session: Session) -> str:
    """Return how things stand, in one line; what needs a person follows on lines of its own."""
    parts = [
        f"IvoryOS · deck: {_deck(session)}",
        f"data: {_near(session, str(session.folder.path))}",
        f"database: {_database(session)}",
        _limits(session),
        _rules(session),
        "every instrument is guarded" if session.guard.always else "",
        _told(session),
    ]
    return "\n".join(filter(None, [" · ".join(filter(None, parts)), _other_ivoryos(), *_left(session)]))


def _deck(session: Session) -> str:
    names = session.deck.names
    if not names:
        return "no instruments yet (define one in a cell)"
    shown = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")  # noqa: PLR2004 - what fits in the line
    return shown + (f" ({len(session.deck.left_out)} names left out: %ivoryos deck)" if session.deck.left_out else "")


def _near(session: Session, path: str) -> str:
    """Return a path as seen from the notebook, where it is shorter."""
    return _shorter(path, session.surroundings.folder)


def _database(session: Session) -> str:
    return _shorter(session.store.where, session.folder.path)


def _shorter(path: str, folder: Path) -> str:
    """Return `path`, or how it reads from `folder` where that is shorter."""
    try:
        return min(path, os.path.relpath(path, folder) if Path(path).is_absolute() else path, key=len)
    except ValueError:  # on another drive of Windows
        return path


def _limits(session: Session) -> str:
    try:
        limits = session.limits.current()
    except SafetyFileError as error:
        return f"WARNING: every call is refused, {error}"
    number = len(limits.entries)
    if not number:
        return "WARNING: no limits set"
    unfit = unfit_limits(limits, session.deck.schema())
    warning = f", WARNING: {len(unfit)} fit nothing ({'; '.join(one.message for one in unfit)})" if unfit else ""
    return f"{_counted(number, 'limit')}{warning}"


def _rules(session: Session) -> str:
    """Return how many interlocks and budgets there are; nothing when there are none."""
    try:
        rules = session.rules.file.current()
    except SafetyFileError as error:
        return f"WARNING: every call is refused, {error}"
    counts = ((len(rules.interlocks), "interlock"), (len(rules.budgets), "budget"))
    said = " · ".join(_counted(number, word) for number, word in counts if number)
    unfit = unfit_rules(rules, session.deck.schema())
    whys = "; ".join(f"{one.field}: {one.message}" for one in unfit)
    return f"{said}, WARNING: what these guard is refused or not guarded on this deck ({whys})" if unfit else said


def _counted(number: int, word: str, words: str = "") -> str:
    return f"{number} {word if number == 1 else words or f'{word}s'}"


def _told(session: Session) -> str:
    """Return who is told when nobody is there; empty where nobody is."""
    notifications = session.notifications
    if notifications.problem:
        return f"WARNING: {notifications.problem}"
    return f"told: {', '.join(one.name for one in notifications)}" if len(notifications) else ""


def _other_ivoryos() -> str:
    """Say so when ``import ivoryos`` would give the real IvoryOS, which wins as a package over our module of that name."""
    found = importlib.util.find_spec("ivoryos") if "ivoryos" not in sys.modules else sys.modules["ivoryos"].__spec__
    if found is None or not found.submodule_search_locations or found.name == "ivoryos_jupyter":
        return ""
    return "IvoryOS itself is installed here and has the name `ivoryos`: write `import ivoryos_jupyter as ivoryos`."


def _left(session: Session) -> list[str]:
    lines = []
    for run in session.unfinished:
        doubt = ", ".join(dict.fromkeys(filter(None, (_in_doubt(intent) for _, intent in run.in_doubt))))
        lines.append(
            f"Run {run.run_id} {run.request.name!r}{_from_where(session, run)} was interrupted"
            + (f"; in doubt: {doubt}." if doubt else ".")
            + f" Decide with ivoryos.recover({run.run_id})."
        )
    lines += [
        f"{direct_call_text(call)}, begun {moment(call.started_us)}, was under way when its kernel died; nobody knows whether it was done."
        for call in session.calls_left
    ]
    waiting = session.runner.queue.entries
    if waiting:
        names = ", ".join(repr(entry.request.name) for entry in waiting)
        held, cure = (", on hold", " Release with ivoryos.queue.release().") if session.runner.queue.on_hold else ("", "")
        lines.append(f"{len(waiting)} in the queue{held}: {names}.{cure}")
    left = session.left_waiting
    short = [PurePath(path).name for path in left]
    for path, runs in left.items():
        notebook = PurePath(path).name if short.count(PurePath(path).name) == 1 else path
        wait = "waits" if len(runs) == 1 else "wait"
        lines.append(
            f"{len(runs)} {wait} in the queue of {notebook}, whose kernel is gone: {', '.join(map(repr, runs))}. Load the extension there, "
            f"or let {'it' if len(runs) == 1 else 'them'} wait here: ivoryos.queue.take_up({notebook!r})."
        )
    return lines + _not_restored(session)


def _from_where(session: Session, run: UnfinishedRun) -> str:
    """Return which other notebook a run was submitted from; nothing for this one."""
    notebook = run.request.notebook
    return f" of {PurePath(notebook).name}" if notebook and notebook != session.surroundings.notebook else ""


def _in_doubt(intent: StepIntent) -> str:
    """Return a step that somebody has to decide about; empty for a question, which is asked again."""
    if intent.instrument:
        return f"{intent.instrument}.{intent.method_name.removesuffix(SETTER)}"
    return intent.method_name if intent.method_name == "wait" else ""


def _not_restored(session: Session) -> list[str]:
    """Return what was guarded and watched in the last session, and is not now: neither comes back by itself."""
    last, lines = session.last, []
    if last.guarded and not session.guard.always:
        names = ", ".join(one.name for one in last.guarded)
        lines.append(f"Guarded in the last session, and not restored: {names}. Again: {'; '.join(last.guard_lines)}")
    if last.watched:
        count, labels = _counted(len(last.watched), "watch", "watches"), ", ".join(one.target for one in last.watched)
        were = "was" if len(last.watched) == 1 else "were"
        how = last.watched[0].line if len(last.watched) == 1 else "see ivoryos.watches"
        lines.append(f"{count} {were} on in the last session, and not restored: {labels}. Again: {how}")
    return lines
