"""Our columns beside IvoryOS's, all nullable, and our own tables."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TEXT, _INTEGER, _MOMENT = sa.Text, sa.Integer, sa.BigInteger

_COLUMNS = {
    "workflow_runs": {
        "submission_key": _TEXT, "outcome": _TEXT, "workflow_name": _TEXT, "workflow_version": _TEXT, "deck_fingerprint": _TEXT,
        "code_versions": _TEXT, "batch_size": _INTEGER, "not_before_us": _MOMENT, "derived_from": _INTEGER, "notebook": _TEXT,
        "operator": _TEXT, "owner": _TEXT, "submitted_us": _MOMENT, "started_us": _MOMENT, "ended_us": _MOMENT, "counts": _TEXT,
        "error_text": _TEXT, "request": _TEXT,
    },
    "workflow_phases": {"started_us": _MOMENT, "ended_us": _MOMENT, "samples": _TEXT, "error_text": _TEXT},
    "workflow_steps": {
        "started_us": _MOMENT, "ended_us": _MOMENT, "status": _TEXT, "step_id": _TEXT, "instrument": _TEXT, "arguments": _TEXT,
        "result": _TEXT, "attempt": _INTEGER, "sample": _INTEGER, "sample_id": _TEXT, "path": _TEXT, "error_text": _TEXT, "prints": _TEXT,
    },
    "single_steps": {
        "started_us": _MOMENT, "ended_us": _MOMENT, "status": _TEXT, "instrument": _TEXT, "operator": _TEXT, "origin": _TEXT,
        "run_id": _INTEGER, "owner": _TEXT, "error_text": _TEXT, "prints": _TEXT,
    },
}  # fmt: skip

_INDEXES = (
    ("ix_workflow_runs_submission_key", "workflow_runs", "submission_key", True),
    ("ix_workflow_runs_derived_from", "workflow_runs", "derived_from", False),
    ("ix_workflow_runs_name", "workflow_runs", "name", False),
    ("ix_workflow_phases_run_id", "workflow_phases", "run_id", False),
    ("ix_workflow_steps_phase_id", "workflow_steps", "phase_id", False),
)

_WIDER = (
    ("script", ("name", "deck", "author", "description")),
    ("workflow_runs", ("name", "platform", "data_path", "submitted_by")),
    ("workflow_steps", ("method_name",)),
    ("single_steps", ("method_name",)),
)


def upgrade() -> None:
    """Add the columns, the indexes and the tables."""
    for table, columns in _COLUMNS.items():
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind()))
    for index, table, column, unique in _INDEXES:
        op.create_index(index, table, [column], unique=unique)
    if op.get_bind().dialect.name == "postgresql":
        for table, names in _WIDER:
            for name in names:
                op.alter_column(table, name, type_=sa.Text())
    _make_versions()
    _make_queue()
    _make_events()
    _make_artefacts()
    _make_observations()


def downgrade() -> None:
    """Leave everything: going back would throw away what people measured."""


def _make_versions() -> None:
    """Keep workflows by content, the library's history of each name, and what was deleted from it."""
    op.create_table(
        "workflow_versions",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("workflow", sa.Text, nullable=False),
        sa.Column("created_us", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "library_versions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, index=True),
        sa.Column("hash", sa.String(64), sa.ForeignKey("workflow_versions.hash"), nullable=False, index=True),
        sa.Column("saved_us", sa.BigInteger, nullable=False),
        sa.Column("saved_by", sa.Text, nullable=False),
        sa.Column("projection", sa.String(64), nullable=False),
        sa.Column("unsaid", sa.Text),
    )
    op.create_table(
        "library_trash",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, index=True),
        sa.Column("entry", sa.Text, nullable=False),
        sa.Column("deleted_us", sa.BigInteger, nullable=False),
    )


def _make_queue() -> None:
    """Keep requests that wait, each in the queue of the kernel that took it."""
    op.create_table(
        "queue",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("submission_key", sa.Text, nullable=False, unique=True),
        sa.Column("owner", sa.String(64), nullable=False, index=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("held", sa.Boolean, nullable=False),
        sa.Column("workflow_version", sa.String(64), sa.ForeignKey("workflow_versions.hash"), nullable=False, index=True),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("enqueued_us", sa.BigInteger, nullable=False),
    )


def _make_events() -> None:
    """Keep what happened to runs besides their steps."""
    op.create_table(
        "run_events",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("workflow_runs.id", ondelete="CASCADE"), index=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.UniqueConstraint("owner", "number"),
    )


def _make_artefacts() -> None:
    """Keep results too large for a cell, each a file under ``results/``."""
    op.create_table(
        "artefacts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("workflow_runs.id", ondelete="CASCADE"), index=True),
        sa.Column("step_row", sa.Integer, sa.ForeignKey("workflow_steps.id", ondelete="CASCADE"), index=True),
        sa.Column("call_row", sa.Integer, sa.ForeignKey("single_steps.id", ondelete="CASCADE"), index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("created_us", sa.BigInteger, nullable=False),
    )


def _make_observations() -> None:
    """Keep readings made by a watch."""
    op.create_table(
        "observations",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("workflow_runs.id", ondelete="CASCADE"), index=True),
        sa.Column("instrument", sa.Text, nullable=False),
        sa.Column("property", sa.Text, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False, index=True),
        sa.Column("value", sa.Text),
        sa.Column("unit", sa.Text),
        sa.Column("error_text", sa.Text),
    )
