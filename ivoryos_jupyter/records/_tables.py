"""Which tables are there?  IvoryOS's, with our nullable columns beside its own, and ours; for reading with SQLAlchemy.

The store itself sends plain statements; these models are for whoever wants objects, and the tests hold that they describe
what the migrations make.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - SQLAlchemy reads the annotations

from sqlalchemy import JSON, BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeEngine  # noqa: TC002 - as above

_JSON = Text().with_variant(JSON(), "postgresql")


def _narrow(length: int) -> TypeEngine[str]:
    """Return IvoryOS's type for a short text; PostgreSQL, which enforces lengths, has plain text instead."""
    return String(length).with_variant(Text(), "postgresql")


class Base(DeclarativeBase):
    """Base of all models."""


class User(Base):
    """IvoryOS's accounts; not used here, kept for it."""

    __tablename__ = "user"
    __table_args__ = (UniqueConstraint("username"),)

    username: Mapped[str] = mapped_column(String(50), primary_key=True)
    hashPassword: Mapped[str | None] = mapped_column(String(255))  # noqa: N815 - IvoryOS's name
    settings: Mapped[str | None] = mapped_column(_JSON)


class Script(Base):
    """A workflow of the library, as IvoryOS reads it."""

    __tablename__ = "script"
    __table_args__ = (UniqueConstraint("name"),)

    name: Mapped[str] = mapped_column(_narrow(50), primary_key=True)
    deck: Mapped[str | None] = mapped_column(_narrow(50))
    status: Mapped[str | None] = mapped_column(String(50))
    """``editing`` or ``finalized``."""
    script_dict: Mapped[str | None] = mapped_column(_JSON)
    """The steps as IvoryOS has them; what they cannot say stands in `LibraryVersion.unsaid`."""
    time_created: Mapped[str | None] = mapped_column(String(50))
    last_modified: Mapped[str | None] = mapped_column(String(50))
    id_order: Mapped[str | None] = mapped_column(_JSON)
    editing_type: Mapped[str | None] = mapped_column(String(50))
    author: Mapped[str] = mapped_column(_narrow(50))
    description: Mapped[str | None] = mapped_column(_narrow(255))
    registered: Mapped[bool | None]
    return_values: Mapped[str | None] = mapped_column(_JSON)
    uuid: Mapped[str | None] = mapped_column(String(36), unique=True)


class WorkflowRun(Base):
    """One submitted run."""

    __tablename__ = "workflow_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(_narrow(128), index=True)
    platform: Mapped[str] = mapped_column(_narrow(128))
    """Name of the deck."""
    start_time: Mapped[datetime | None]
    end_time: Mapped[datetime | None]
    data_path: Mapped[str | None] = mapped_column(_narrow(256))
    repeat_mode: Mapped[str | None] = mapped_column(String(64))
    """``repeat``, ``batch`` (from a table) or ``optimizer``."""
    status: Mapped[str | None] = mapped_column(String(32))
    """How it ended, in IvoryOS's words."""
    events: Mapped[str | None] = mapped_column(_JSON)
    submitted_by: Mapped[str | None] = mapped_column(_narrow(50))
    submission_key: Mapped[str | None] = mapped_column(Text, index=True, unique=True)
    outcome: Mapped[str | None] = mapped_column(Text)
    """How it ended, in ours; None while it runs."""
    workflow_name: Mapped[str | None] = mapped_column(Text)
    workflow_version: Mapped[str | None] = mapped_column(Text)
    deck_fingerprint: Mapped[str | None] = mapped_column(Text)
    code_versions: Mapped[str | None] = mapped_column(Text)
    batch_size: Mapped[int | None]
    not_before_us: Mapped[int | None] = mapped_column(BigInteger)
    derived_from: Mapped[int | None] = mapped_column(index=True)
    notebook: Mapped[str | None] = mapped_column(Text)
    operator: Mapped[str | None] = mapped_column(Text)
    owner: Mapped[str | None] = mapped_column(Text)
    """The kernel that runs it."""
    submitted_us: Mapped[int | None] = mapped_column(BigInteger)
    started_us: Mapped[int | None] = mapped_column(BigInteger)
    ended_us: Mapped[int | None] = mapped_column(BigInteger)
    counts: Mapped[str | None] = mapped_column(Text)
    error_text: Mapped[str | None] = mapped_column(Text)
    request: Mapped[str | None] = mapped_column(Text)
    host: Mapped[str | None] = mapped_column(Text)
    os_user: Mapped[str | None] = mapped_column(Text)
    instruments: Mapped[str | None] = mapped_column(Text)
    """Class, address, serial number and firmware of each, as far as they are known."""
    phases: Mapped[list[WorkflowPhase]] = relationship(back_populates="run", passive_deletes=True)


class WorkflowPhase(Base):
    """Prep, one iteration (or batch) of the script, or cleanup."""

    __tablename__ = "workflow_phases"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("workflow_runs.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(64))
    """``prep``, ``main`` or ``cleanup``."""
    repeat_index: Mapped[int | None]
    parameters: Mapped[str | None] = mapped_column(_JSON)
    outputs: Mapped[str | None] = mapped_column(_JSON)
    status: Mapped[str | None] = mapped_column(String(32))
    error: Mapped[str | None] = mapped_column(_JSON)
    start_time: Mapped[datetime | None]
    end_time: Mapped[datetime | None]
    started_us: Mapped[int | None] = mapped_column(BigInteger)
    ended_us: Mapped[int | None] = mapped_column(BigInteger)
    samples: Mapped[str | None] = mapped_column(Text)
    error_text: Mapped[str | None] = mapped_column(Text)
    run: Mapped[WorkflowRun] = relationship(back_populates="phases")
    steps: Mapped[list[WorkflowStep]] = relationship(back_populates="phase", passive_deletes=True)


class WorkflowStep(Base):
    """One attempt of one step."""

    __tablename__ = "workflow_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    phase_id: Mapped[int | None] = mapped_column(ForeignKey("workflow_phases.id", ondelete="CASCADE"), index=True)
    step_index: Mapped[int | None]
    method_name: Mapped[str] = mapped_column(_narrow(128))
    start_time: Mapped[datetime | None]
    end_time: Mapped[datetime | None]
    run_error: Mapped[bool | None]
    output: Mapped[str | None] = mapped_column(_JSON)
    """What the step added to the variables; IvoryOS writes all variables here."""
    started_us: Mapped[int | None] = mapped_column(BigInteger)
    ended_us: Mapped[int | None] = mapped_column(BigInteger)
    status: Mapped[str | None] = mapped_column(Text)
    step_id: Mapped[str | None] = mapped_column(Text)
    instrument: Mapped[str | None] = mapped_column(Text)
    arguments: Mapped[str | None] = mapped_column(Text)
    result: Mapped[str | None] = mapped_column(Text)
    attempt: Mapped[int | None]
    sample: Mapped[int | None]
    sample_id: Mapped[str | None] = mapped_column(Text)
    path: Mapped[str | None] = mapped_column(Text)
    error_text: Mapped[str | None] = mapped_column(Text)
    prints: Mapped[str | None] = mapped_column(Text)
    phase: Mapped[WorkflowPhase | None] = relationship(back_populates="steps")


class SingleStep(Base):
    """One direct call."""

    __tablename__ = "single_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    method_name: Mapped[str] = mapped_column(_narrow(128))
    kwargs: Mapped[str] = mapped_column(_JSON)
    start_time: Mapped[datetime | None]
    end_time: Mapped[datetime | None]
    run_error: Mapped[str | None] = mapped_column(String(128))
    output: Mapped[str | None] = mapped_column(_JSON)
    started_us: Mapped[int | None] = mapped_column(BigInteger)
    ended_us: Mapped[int | None] = mapped_column(BigInteger)
    status: Mapped[str | None] = mapped_column(Text)
    instrument: Mapped[str | None] = mapped_column(Text)
    operator: Mapped[str | None] = mapped_column(Text)
    origin: Mapped[str | None] = mapped_column(Text)
    run_id: Mapped[int | None]
    owner: Mapped[str | None] = mapped_column(Text)
    error_text: Mapped[str | None] = mapped_column(Text)
    prints: Mapped[str | None] = mapped_column(Text)
    override_reason: Mapped[str | None] = mapped_column(Text)
    """Why it was made although a rule forbade it."""


class WorkflowVersion(Base):
    """A workflow, by content."""

    __tablename__ = "workflow_versions"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    workflow: Mapped[str] = mapped_column(Text)
    created_us: Mapped[int] = mapped_column(BigInteger)


class LibraryVersion(Base):
    """One saving of a library entry; its workflow is never changed, and it is never deleted."""

    __tablename__ = "library_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, index=True)
    hash: Mapped[str] = mapped_column(ForeignKey("workflow_versions.hash"), index=True)
    saved_us: Mapped[int] = mapped_column(BigInteger)
    saved_by: Mapped[str] = mapped_column(Text)
    projection: Mapped[str] = mapped_column(String(64))
    """Hash of the ``script_dict`` written with it; another one there means that IvoryOS changed it."""
    unsaid: Mapped[str | None] = mapped_column(Text)


class LibraryTrash(Base):
    """A deleted library entry, whole."""

    __tablename__ = "library_trash"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, index=True)
    entry: Mapped[str] = mapped_column(Text)
    deleted_us: Mapped[int] = mapped_column(BigInteger)


class QueuedRequest(Base):
    """A submission that waits."""

    __tablename__ = "queue"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_key: Mapped[str] = mapped_column(Text, unique=True)
    owner: Mapped[str] = mapped_column(String(64), index=True)
    position: Mapped[int]
    held: Mapped[bool]
    workflow_version: Mapped[str] = mapped_column(ForeignKey("workflow_versions.hash"), index=True)
    request: Mapped[str] = mapped_column(Text)
    enqueued_us: Mapped[int] = mapped_column(BigInteger)


class RunEventRow(Base):
    """Something that happened to a run besides its steps."""

    __tablename__ = "run_events"
    __table_args__ = (UniqueConstraint("owner", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("workflow_runs.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(Text)
    at_us: Mapped[int] = mapped_column(BigInteger)
    detail: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]


class ArtefactRow(Base):
    """A result in a file."""

    __tablename__ = "artefacts"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("workflow_runs.id", ondelete="CASCADE"), index=True)
    step_row: Mapped[int | None] = mapped_column(ForeignKey("workflow_steps.id", ondelete="CASCADE"), index=True)
    call_row: Mapped[int | None] = mapped_column(ForeignKey("single_steps.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    type: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    created_us: Mapped[int] = mapped_column(BigInteger)


class Observation(Base):
    """One reading of a watch."""

    __tablename__ = "observations"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("workflow_runs.id", ondelete="CASCADE"), index=True)
    instrument: Mapped[str] = mapped_column(Text)
    property: Mapped[str] = mapped_column(Text)
    at_us: Mapped[int] = mapped_column(BigInteger, index=True)
    value: Mapped[str | None] = mapped_column(Text)
    unit: Mapped[str | None] = mapped_column(Text)
    error_text: Mapped[str | None] = mapped_column(Text)
    due_us: Mapped[int | None] = mapped_column(BigInteger)
    """When it should have been read."""


class ClaimRow(Base):
    """An instrument that a run under way holds; void when the kernel `owner` is dead."""

    __tablename__ = "claims"
    __table_args__ = (UniqueConstraint("thing"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    thing: Mapped[str] = mapped_column(Text)
    """What the instrument is: its address where that is known, else its class and name."""
    instrument: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(String(64), index=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("workflow_runs.id", ondelete="CASCADE"), index=True)
    since_us: Mapped[int] = mapped_column(BigInteger)
