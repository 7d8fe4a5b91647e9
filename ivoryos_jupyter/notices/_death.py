"""Whom to tell that the kernel died, and what?  Runs in the watchdog's process, after the kernel's end."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import IvoryOSError
from ivoryos_jupyter.notices._notice import Notice, local, written
from ivoryos_jupyter.notices._url import UrlHandler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_AGAIN_S = (0.0, 15.0, 60.0, 300.0)
"""Seconds before each attempt: what ended the kernel may have taken the network down as well."""


def tell_of_death(told: Mapping[str, object], wait: Callable[[float], None]) -> None:
    """Tell everybody who was named; whoever cannot be reached is tried again, and given up in the end.

    Parameters
    ----------
    told
        What the kernel had said last: ``run``, ``addresses`` and ``log``.
    wait
        Lets seconds pass.
    """
    notice = death(told, round(time.time() * 1e6))
    left = dict(_addresses(told))
    problems: dict[str, str] = {}
    for seconds in _AGAIN_S:
        if not left:
            break
        wait(seconds)
        problems = {name: problem for name, url in left.items() if (problem := _send(url, notice))}
        for name in tuple(left):
            if name not in problems:
                del left[name]
                _log(told, f"{notice.title}; told {name}.")
    for name in left:
        _log(told, f"{notice.title}; {name} could not be told: {problems[name]}")


def _send(url: str, notice: Notice) -> str:
    """Send; return why it did not arrive, empty when it did."""
    try:
        UrlHandler(url)(notice)
    except IvoryOSError as error:
        return str(error).partition("\n")[0]
    except Exception as error:  # noqa: BLE001 - the others must be told all the same; its text may hold the address
        return type(error).__name__
    return ""


def death(told: Mapping[str, object], at_us: int) -> Notice:
    """Return the notice that the kernel died."""
    run = told.get("run")
    known = run if isinstance(run, dict) else {}
    name, step = str(known.get("name", "")), str(known.get("step", ""))
    number = known.get("id")
    began = known.get("step_us")
    since = f", begun {local(began):%H:%M:%S}" if isinstance(began, int) and step else ""
    lines = {
        "Run": f"{name} (run {number})",
        "In doubt": f"{step}{since}; nobody can know from here whether it was done"
        if step
        else "no step was under way when this was last heard",
        "Cleanup": "has not run; instruments are as the run left them",
        "Notebook": str(told.get("notebook", "")),
        "Computer": str(told.get("host", "")),
        "Operator": str(told.get("operator", "")),
    }
    title = f"{name}: its kernel died in the middle of it"
    return Notice(
        "died",
        title,
        written(lines, at_us),
        at_us,
        name,
        str(known.get("key", "")),
        number if isinstance(number, int) else None,
        step=step,
        operator=lines["Operator"],
        host=lines["Computer"],
        notebook=lines["Notebook"],
    )


def _addresses(told: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    rows = told.get("addresses")
    for row in rows if isinstance(rows, list) else ():
        yield str(row["name"]), str(row["url"])


def _log(told: Mapping[str, object], line: str) -> None:
    """Write a line into the data folder's log, which is there in the morning."""
    path = told.get("log")
    if isinstance(path, str):
        with suppress(OSError), Path(path).open("a", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
            stream.write(f"{local(round(time.time() * 1e6)):%Y-%m-%d %H:%M:%S} watchdog: {line}\n")
