"""How do the builders of a session get at its deck, its library and its runner?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import UnknownNameError
from ivoryos_jupyter.notebook import Options, forecast_request, rehearse_request, request_for
from ivoryos_jupyter.records import past_calls
from ivoryos_jupyter.runner.rehearsal import Given
from ivoryos_jupyter.widgets.builders._builder import Builders
from ivoryos_jupyter.widgets.builders._times import Times
from ivoryos_jupyter.widgets.builders._workshop import Submitted, Workshop

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.journal import RunRequest
    from ivoryos_jupyter.notebook import Rehearsal
    from ivoryos_jupyter.session import Session
    from ivoryos_jupyter.widgets.builders._builder import Builder
    from ivoryos_jupyter.widgets.builders._workshop import Submission
    from ivoryos_jupyter.workflow import Workflow


def builders_of(session: Session) -> Builders:
    """Return the builders of `session`; made when first asked for."""
    return session.one(_builders)


def _builders(session: Session) -> Builders:
    return Builders(_workshop(session))


def open_builder(session: Session, workflow: Workflow) -> tuple[Builder, Callable[[], Workflow]]:
    """Show `workflow` in a builder; return the builder, and what tells the workflow's present state."""
    builders = builders_of(session)
    view = builders.builder(workflow)
    return view, builders.present_of(view.document)


def _workshop(session: Session) -> Workshop:
    def submit(submission: Submission) -> Submitted:
        handle = session.runner.submit(_request(session, submission))
        return Submitted(handle.key, handle.status.name, existed=handle.existed)

    def version_of(key: str) -> str:
        try:
            return session.runner.handle(key).request.version
        except UnknownNameError:
            return ""

    def waiting(key: str) -> RunRequest | None:
        return next((entry.request for entry in session.runner.queue.entries if entry.request.key == key), None)

    def rehearse(submission: Submission, faults: bool) -> Rehearsal:  # noqa: FBT001 - as the dialog says it
        return rehearse_request(session, submission.workflow, _request(session, submission), Given(), faults=faults)

    def estimate(submission: Submission) -> str:
        return forecast_request(session, submission.workflow, _request(session, submission))

    times = Times(lambda instrument, method: past_calls(session.store, instrument, method))
    return Workshop(
        token=session.token,
        desk=session.desk,
        deck=session.deck,
        limits=session.limits.current,
        library=session.library,
        operator=session.surroundings.operator,
        submit=submit,
        rehearse=rehearse,
        subscribe=session.relay.subscribe,
        variables=session.surroundings.names,
        version_of=version_of,
        usual=times.usual,
        estimate=estimate,
        budgets=session.rules.budgets,
        waiting=waiting,
        replace_waiting=lambda request, submission: session.runner.replace(_changed(request, _request(session, submission))),
        publish=session.relay.publish,
    )


def _request(session: Session, submission: Submission) -> RunRequest:
    options = Options(
        repeat=submission.repeat,
        batch_size=submission.batch_size,
        sample=submission.sample_column,
        name=submission.name or None,
        again=submission.again,
    )
    return request_for(session, submission.workflow, submission.rows, options)


def _changed(waiting: RunRequest, fresh: RunRequest) -> RunRequest:
    """Return the waiting run with another workflow and table; who submitted it when, its name and its place stay."""
    return replace(
        waiting,
        workflow=fresh.workflow,
        workflow_name=fresh.workflow_name,
        version=fresh.version,
        deck=fresh.deck,
        deck_fingerprint=fresh.deck_fingerprint,
        rows=fresh.rows,
        repeat=fresh.repeat,
        batch_size=fresh.batch_size,
        sample_column=fresh.sample_column,
        code_versions=fresh.code_versions,
    )
