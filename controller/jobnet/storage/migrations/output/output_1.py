"""Makes the tables of output."""

import sqlalchemy as sa
from alembic import op

from jobnet.storage.types import Name, UtcDateTime, Words

revision = "output_1"
down_revision = None


def upgrade() -> None:
    """Make all tables."""
    _output_attempt()
    _output_piece()


def _output_attempt() -> None:
    op.create_table(
        "output_attempt",
        sa.Column("run_id", Name(), nullable=False),
        sa.Column("part", Name(), nullable=False),
        sa.Column("attempt", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.BigInteger(), nullable=False),
        sa.Column("is_cut", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "part", "attempt", name=op.f("pk_output_attempt")),
    )


def _output_piece() -> None:
    op.create_table(
        "output_piece",
        sa.Column("run_id", Name(), nullable=False),
        sa.Column("part", Name(), nullable=False),
        sa.Column("attempt", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("start", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("text", Words(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("size >= 1", name=op.f("ck_output_piece_size")),
        sa.PrimaryKeyConstraint("run_id", "part", "attempt", "start", name=op.f("pk_output_piece")),
    )
