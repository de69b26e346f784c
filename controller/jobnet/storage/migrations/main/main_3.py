"""Makes the table of leases."""

import sqlalchemy as sa
from alembic import op

from jobnet.storage.types import Name, UtcDateTime

revision = "main_3"
down_revision = "main_2"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "lease",
        sa.Column("name", Name(), nullable=False),
        sa.Column("holder", Name(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
