"""How does one get a widget?  Each door imports what it opens only when it is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ivoryos_jupyter.session import Session
    from ivoryos_jupyter.widgets._control import ControlPanel
    from ivoryos_jupyter.widgets._dashboard import Dashboard
    from ivoryos_jupyter.widgets.builders import Builder
    from ivoryos_jupyter.workflow import Workflow


class Keyed(Protocol):
    """Something that stands for a run."""

    @property
    def key(self) -> str:
        """Key of the submission."""

    @property
    def existed(self) -> bool:
        """Whether the run had been there before it was submitted."""


def attach(session: Session) -> None:
    """Let the desk of `session` answer widgets, and follow what happens from now on."""
    from ivoryos_jupyter.widgets._faces import Faces  # noqa: PLC0415 - see above

    session.one(Faces)
    session.desk.register("builder.wake", lambda _: _woken(session))


def _woken(session: Session) -> bool:
    """Let the desk answer builders of pages from now on, in a notebook that has shown none yet."""
    from ivoryos_jupyter.widgets.builders import builders_of  # noqa: PLC0415 - see above

    return builders_of(session) is not None


def control(session: Session, which: object = None) -> ControlPanel:
    """Return the control panel of an instrument, or of the whole deck.

    The same panel is returned for the same instrument: displayed again, it shows the same.

    Parameters
    ----------
    session
        Whose deck it is.
    which
        An instrument, its name or path (``"stage.x"``), or nothing for all of them.

    Raises
    ------
    UnknownNameError
        When it is not on the deck.
    """
    from ivoryos_jupyter.widgets._control import panel_of  # noqa: PLC0415 - see above

    return panel_of(session, which)


def dashboard(session: Session) -> Dashboard:
    """Return the widget with devices, runs and history."""
    from ivoryos_jupyter.widgets._dashboard import dashboard_of  # noqa: PLC0415 - see above

    return dashboard_of(session)


def builder(session: Session, workflow: str | None = None) -> Builder:
    """Return the drag-and-drop builder of a workflow by name, or of a new one."""
    from ivoryos_jupyter.widgets.builders import builders_of  # noqa: PLC0415 - see above

    return builders_of(session).builder(workflow)


def workflow_in(session: Session, view: Builder) -> Workflow:
    """Return what a builder shows."""
    from ivoryos_jupyter.widgets.builders import builders_of  # noqa: PLC0415 - see above

    return builders_of(session).present_of(view.document)()


def open_builder(session: Session, workflow: Workflow) -> tuple[Builder, Callable[[], Workflow]]:
    """Show `workflow` in a builder; return the builder, and what tells the workflow's present state."""
    from ivoryos_jupyter.widgets import builders  # noqa: PLC0415 - see above

    return builders.open_builder(session, workflow)


def run_bundle(session: Session, run: Keyed) -> Mapping[str, object]:
    """Return the live view of `run`, as what a notebook displays."""
    from ivoryos_jupyter.widgets._run_view import run_view  # noqa: PLC0415 - see above

    bundle = run_view(session, run.key, existed=run.existed)._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    return {**(data or {}), "text/plain": repr(run)}
