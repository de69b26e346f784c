"""Makes the tables of the plan: starts that were fixed, and changes on the day."""

import sqlalchemy as sa
from alembic import op

from jobnet.storage.types import JsonText, Name, UtcDateTime, Words

revision = "main_4"
down_revision = "main_3"


def upgrade() -> None:
    """Make both tables."""
    _planned_start()
    _plan_change()


def _planned_start() -> None:
    op.create_table(
        "planned_start",
        sa.Column("schedule", Name(), nullable=False),
        sa.Column("network", Name(), nullable=False),
        sa.Column("operating_day", sa.Date(), nullable=False),
        sa.Column("nominal", Name(), nullable=False),
        sa.Column("start", UtcDateTime(), nullable=False),
        sa.Column("nominal_start", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("zone", Name(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("params", JsonText(), nullable=False),
        sa.Column("steps", JsonText(), nullable=False),
        sa.Column("merged", sa.Integer(), nullable=False),
        sa.Column("misfire", JsonText(), nullable=False),
        sa.Column("repeat_seconds", sa.Float(), nullable=True),
        sa.Column("repeat_until", UtcDateTime(), nullable=True),
        sa.Column("run_id", Name(), nullable=True),
        sa.Column("detail", Words(), nullable=False),
        sa.Column("is_changed", sa.Boolean(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("merged >= 0", name=op.f("ck_planned_start_merged")),
        sa.PrimaryKeyConstraint(
            "schedule", "network", "operating_day", "nominal", name=op.f("pk_planned_start")
        ),
    )
    op.create_index("ix_planned_start_day", "planned_start", ["network", "operating_day"])
    op.create_index("ix_planned_start_due", "planned_start", ["state", "start"])
    op.create_index("ix_planned_start_repeat", "planned_start", ["repeat_seconds"])
    op.create_index("ix_planned_start_run", "planned_start", ["run_id"])
    op.create_index("ix_planned_start_settled", "planned_start", ["settled_at"])
    op.create_index("ix_planned_start_start", "planned_start", ["start"])


def _plan_change() -> None:
    op.create_table(
        "plan_change",
        sa.Column("id", Name(), nullable=False),
        sa.Column("schedule", Name(), nullable=False),
        sa.Column("network", Name(), nullable=False),
        sa.Column("operating_day", sa.Date(), nullable=False),
        sa.Column("nominal", Name(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("value", JsonText(), nullable=False),
        sa.Column("by_whom", Name(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("reason", Words(), nullable=False),
        sa.Column("is_lost", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_change")),
        sa.UniqueConstraint(
            "schedule",
            "network",
            "operating_day",
            "nominal",
            "kind",
            name="uq_plan_change_start_kind",
        ),
    )
    op.create_index("ix_plan_change_at", "plan_change", ["at", "id"])
