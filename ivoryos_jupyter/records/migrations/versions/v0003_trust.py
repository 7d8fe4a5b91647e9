"""What a run was made with and where, which kernel's run holds which instrument, and why a rule was overridden."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_RUN_COLUMNS = ("host", "os_user", "instruments")


def upgrade() -> None:
    """Add the columns and the tables."""
    for name in _RUN_COLUMNS:
        op.add_column("workflow_runs", sa.Column(name, sa.Text))
    op.add_column("single_steps", sa.Column("override_reason", sa.Text))
    op.add_column("observations", sa.Column("due_us", sa.BigInteger))
    _make_claims()


def downgrade() -> None:
    """Leave everything: going back would throw away what people measured."""


def _make_claims() -> None:
    """Keep which instruments the runs under way hold, so that kernels can ask each other."""
    op.create_table(
        "claims",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("thing", sa.Text, nullable=False, unique=True),
        sa.Column("instrument", sa.Text, nullable=False),
        sa.Column("owner", sa.String(64), nullable=False, index=True),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("workflow_runs.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("since_us", sa.BigInteger, nullable=False),
    )
