"""Who is told when nobody is there?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.session import current_session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ivoryos_jupyter.notices import Notice, Notification


def notify(
    handler: Callable[[Notice], object] | str,
    on: str | Iterable[str] = ("wait", "error", "end"),
    after_s: float = 0.0,
    *,
    every_s: float | None = None,
    name: str = "",
    deadline_s: float = 30.0,
    remember: bool = False,
) -> Notification:
    """Tell somebody when a run waits for a person, fails or ends; the run never waits for it.

    Parameters
    ----------
    handler
        A function that takes a `Notice`, or an address of apprise as text, such as ``mailto://user:password@gmail.com``.
    on
        Of what: ``wait``, ``error``, ``end``, ``watch`` (a watched property left its band), ``safe`` (make safe was asked for), ``died``
        (the kernel died while a run was under way; addresses only).
    after_s
        Only of a question that has been open for so many seconds.
    every_s
        Again after so many seconds, as long as the question is open.
    name
        What it is called in the list and in the records; its own name when empty. The same name again takes its place.
    deadline_s
        Seconds a call of the handler may take; one that takes longer is left on its thread and told nothing until it returns.
    remember
        Whether an address is kept in ``ivoryos_data/notify.json``, with the secrets in it, so that it is told after a restart too.

    Raises
    ------
    ConversionError
        With everything that is wrong with these.
    NoticeError
        When an address is given and apprise is not installed, or it cannot be remembered.
    """
    notifications = current_session().notifications
    return notifications.add(handler, on, after_s, every_s=every_s, name=name, deadline_s=deadline_s, remember=remember)
