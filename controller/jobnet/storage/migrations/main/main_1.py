"""Makes the tables of runs and of what they have open."""

import sqlalchemy as sa
from alembic import op

from jobnet.storage.types import JsonText, Name, Number, UtcDateTime, WordList, Words

revision = "main_1"
down_revision = None


def upgrade() -> None:
    """Make all tables."""
    _run()
    _dialog()
    _file_wait()
    _job()
    _journal_entry()
    _message()
    _order_outcome()
    _part()
    _run_input()
    _slot()
    _snapshot()
    _snapshot_chunk()
    _timer()
    _wait()


def _run() -> None:
    op.create_table(
        "run",
        sa.Column("id", Name(), nullable=False),
        sa.Column("network", Name(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("by_whom", Name(), nullable=False),
        sa.Column("operating_day", sa.Date(), nullable=False),
        sa.Column("planned_start", UtcDateTime(), nullable=False),
        sa.Column("zone", Name(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("request", JsonText(), nullable=False),
        sa.Column("params", JsonText(), nullable=False),
        sa.Column("outputs", JsonText(), nullable=False),
        sa.Column("started", UtcDateTime(), nullable=True),
        sa.Column("ended", UtcDateTime(), nullable=True),
        sa.Column("exit_code", sa.Integer(), nullable=True),
        sa.Column("detail", Words(), nullable=False),
        sa.Column("flags", WordList(), nullable=False),
        sa.Column("recovered", WordList(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("open_parts", sa.Integer(), nullable=False),
        sa.Column("ended_parts", sa.Integer(), nullable=False),
        sa.Column("failed_parts", sa.Integer(), nullable=False),
        sa.Column("is_check", sa.Boolean(), nullable=False),
        sa.Column("is_suspended", sa.Boolean(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("position >= 0", name=op.f("ck_run_position")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    _run_indexes()


def _run_indexes() -> None:
    op.create_index("ix_run_created", "run", ["created_at", "id"], unique=False)
    op.create_index("ix_run_network", "run", ["network", "created_at", "id"], unique=False)
    op.create_index(
        "ix_run_open",
        "run",
        ["planned_start", "id"],
        unique=False,
        sqlite_where=sa.text("is_open = 1"),
        postgresql_where=sa.text("is_open"),
    )
    op.create_index(
        "ix_run_open_created",
        "run",
        ["created_at", "id"],
        unique=False,
        sqlite_where=sa.text("is_open = 1"),
        postgresql_where=sa.text("is_open"),
    )
    op.create_index(
        "ix_run_operating_day", "run", ["operating_day", "created_at", "id"], unique=False
    )
    op.create_index("ix_run_state", "run", ["state", "created_at", "id"], unique=False)


def _dialog() -> None:
    op.create_table(
        "dialog",
        sa.Column("id", Number, nullable=False),
        sa.Column("run_id", Name(), nullable=False),
        sa.Column("part", Name(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("network", Name(), nullable=False),
        sa.Column("message", Words(), nullable=False),
        sa.Column("payload", JsonText(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("due", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_dialog_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialog")),
        sa.UniqueConstraint("run_id", "part", "attempt", name="uq_dialog_run_part"),
    )


def _file_wait() -> None:
    op.create_table(
        "file_wait",
        sa.Column("run_id", Name(), nullable=False),
        sa.Column("part", Name(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("payload", JsonText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_file_wait_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "part", "attempt", name=op.f("pk_file_wait")),
    )


def _job() -> None:
    op.create_table(
        "job",
        sa.Column("id", Number, nullable=False),
        sa.Column("run_id", Name(), nullable=False),
        sa.Column("part", Name(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("job_order", JsonText(), nullable=False),
        sa.Column("ordered_at", UtcDateTime(), nullable=False),
        sa.Column("has_begun", sa.Boolean(), nullable=False),
        sa.Column("kill_requested", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_job_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("run_id", "part", "attempt", name="uq_job_run_part"),
    )


def _journal_entry() -> None:
    op.create_table(
        "journal_entry",
        sa.Column("run_id", Name(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", Name(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("payload", JsonText(), nullable=False),
        sa.CheckConstraint("position >= 1", name=op.f("ck_journal_entry_position")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_journal_entry_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "position", name=op.f("pk_journal_entry")),
    )


def _message() -> None:
    op.create_table(
        "message",
        sa.Column("id", Number, nullable=False),
        sa.Column("run_id", Name(), nullable=False),
        sa.Column("part", Name(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("payload", JsonText(), nullable=False),
        sa.Column("is_sending", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_message_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("run_id", "part", "attempt", name="uq_message_run_part"),
    )


def _order_outcome() -> None:
    op.create_table(
        "order_outcome",
        sa.Column("run_id", Name(), nullable=False),
        sa.Column("key", Name(), nullable=False),
        sa.Column("refusal", Words(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_order_outcome_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "key", name=op.f("pk_order_outcome")),
    )


def _part() -> None:
    op.create_table(
        "part",
        sa.Column("run_id", Name(), nullable=False),
        sa.Column("part", Name(), nullable=False),
        sa.Column("network", Name(), nullable=False),
        sa.Column("name", Words(), nullable=False),
        sa.Column("kind", Name(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("reason", Words(), nullable=False),
        sa.Column("detail", Words(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("iteration", sa.Integer(), nullable=False),
        sa.Column("started", UtcDateTime(), nullable=True),
        sa.Column("ended", UtcDateTime(), nullable=True),
        sa.Column("exit_code", sa.Integer(), nullable=True),
        sa.Column("message", Words(), nullable=False),
        sa.Column("flags", WordList(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_part_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "part", name=op.f("pk_part")),
    )
    op.create_index("ix_part_state", "part", ["state", "run_id", "part"], unique=False)


def _run_input() -> None:
    op.create_table(
        "run_input",
        sa.Column("id", Number, nullable=False),
        sa.Column("run_id", Name(), nullable=False),
        sa.Column("key", Name(), nullable=False),
        sa.Column("kind", Name(), nullable=False),
        sa.Column("payload", JsonText(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_run_input_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_input")),
        sa.UniqueConstraint("run_id", "key", name="uq_run_input_run_key"),
    )
    op.create_index("ix_run_input_run", "run_input", ["run_id", "id"], unique=False)


def _slot() -> None:
    op.create_table(
        "slot",
        sa.Column("id", Number, nullable=False),
        sa.Column("run_id", Name(), nullable=False),
        sa.Column("part", Name(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("queue", Name(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=True),
        sa.Column("network", Name(), nullable=True),
        sa.Column("is_job", sa.Boolean(), nullable=False),
        sa.Column("placement", JsonText(), nullable=False),
        sa.Column("told", JsonText(), nullable=False),
        sa.Column("granted_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_slot_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
        sa.UniqueConstraint("run_id", "part", "attempt", name="uq_slot_run_part"),
    )


def _snapshot() -> None:
    op.create_table(
        "snapshot",
        sa.Column("run_id", Name(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", Name(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_snapshot_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_snapshot")),
    )


def _snapshot_chunk() -> None:
    op.create_table(
        "snapshot_chunk",
        sa.Column("run_id", Name(), nullable=False),
        sa.Column("place", Name(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_snapshot_chunk_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "place", name=op.f("pk_snapshot_chunk")),
    )


def _timer() -> None:
    op.create_table(
        "timer",
        sa.Column("run_id", Name(), nullable=False),
        sa.Column("part", Name(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("due", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_timer_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "run_id", "part", "attempt", "kind", "generation", name=op.f("pk_timer")
        ),
    )
    op.create_index("ix_timer_due", "timer", ["due"], unique=False)


def _wait() -> None:
    op.create_table(
        "wait",
        sa.Column("run_id", Name(), nullable=False),
        sa.Column("part", Name(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("name", Name(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("told", JsonText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_wait_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "part", "attempt", name=op.f("pk_wait")),
    )
    op.create_index("ix_wait_name", "wait", ["kind", "name"], unique=False)
