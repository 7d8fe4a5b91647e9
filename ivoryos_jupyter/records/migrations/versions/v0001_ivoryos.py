"""IvoryOS's own tables, as release 1.7.2 makes them; older databases get the columns they lack."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_JSON = sa.Text().with_variant(sa.JSON(), "postgresql")
"""As IvoryOS keeps JSON; SQLite would turn a column declared JSON into numbers where it can."""

_TABLES: dict[str, tuple[sa.Column[object], ...]] = {
    "user": (
        sa.Column("username", sa.String(50), primary_key=True, unique=True),
        sa.Column("hashPassword", sa.String(255)),
        sa.Column("settings", _JSON),
    ),
    "script": (
        sa.Column("name", sa.String(50), primary_key=True, unique=True),
        sa.Column("deck", sa.String(50)),
        sa.Column("status", sa.String(50)),
        sa.Column("script_dict", _JSON),
        sa.Column("time_created", sa.String(50)),
        sa.Column("last_modified", sa.String(50)),
        sa.Column("id_order", _JSON),
        sa.Column("editing_type", sa.String(50)),
        sa.Column("author", sa.String(50), nullable=False),
        sa.Column("description", sa.String(255)),
        sa.Column("registered", sa.Boolean),
        sa.Column("return_values", _JSON),
        sa.Column("uuid", sa.String(36), unique=True),
    ),
    "workflow_runs": (
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("platform", sa.String(128), nullable=False),
        sa.Column("start_time", sa.DateTime),
        sa.Column("end_time", sa.DateTime),
        sa.Column("data_path", sa.String(256)),
        sa.Column("repeat_mode", sa.String(64)),
        sa.Column("status", sa.String(32)),
        sa.Column("events", _JSON),
        sa.Column("submitted_by", sa.String(50)),
    ),
    "workflow_phases": (
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("workflow_runs.id", ondelete="CASCADE"), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("repeat_index", sa.Integer),
        sa.Column("parameters", _JSON),
        sa.Column("outputs", _JSON),
        sa.Column("status", sa.String(32)),
        sa.Column("error", _JSON),
        sa.Column("start_time", sa.DateTime),
        sa.Column("end_time", sa.DateTime),
    ),
    "workflow_steps": (
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("phase_id", sa.Integer, sa.ForeignKey("workflow_phases.id", ondelete="CASCADE")),
        sa.Column("step_index", sa.Integer),
        sa.Column("method_name", sa.String(128), nullable=False),
        sa.Column("start_time", sa.DateTime),
        sa.Column("end_time", sa.DateTime),
        sa.Column("run_error", sa.Boolean),
        sa.Column("output", _JSON),
    ),
    "single_steps": (
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("method_name", sa.String(128), nullable=False),
        sa.Column("kwargs", _JSON, nullable=False),
        sa.Column("start_time", sa.DateTime),
        sa.Column("end_time", sa.DateTime),
        sa.Column("run_error", sa.String(128)),
        sa.Column("output", _JSON),
    ),
}


def upgrade() -> None:
    """Make the tables that are missing, and in the others the columns that are."""
    inspector = sa.inspect(op.get_bind())
    for table, columns in _TABLES.items():
        if not inspector.has_table(table):
            op.create_table(table, *columns)
            continue
        known = {column["name"] for column in inspector.get_columns(table)}
        for column in columns:
            if column.name not in known:
                op.add_column(table, sa.Column(column.name, column.type))


def downgrade() -> None:
    """Leave IvoryOS's tables alone: they hold what people measured."""
