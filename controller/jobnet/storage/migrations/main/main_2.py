"""Makes the tables of definitions, events, acts and the rest."""

import sqlalchemy as sa
from alembic import op

from jobnet.storage.types import (
    Compressed,
    JsonText,
    Name,
    NameOrNothing,
    Number,
    PlainData,
    UtcDateTime,
    Words,
)

revision = "main_2"
down_revision = "main_1"


def upgrade() -> None:
    """Make all tables."""
    _edition()
    _source_text()
    _answer()
    _audit()
    _duration()
    _event()
    _execution_end()
    _installation()
    _live_note()
    _setting()
    _signal()
    _document()
    _edition_file()


def _edition() -> None:
    op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_whom", Name(), nullable=False),
        sa.Column("reason", Words(), nullable=False),
        sa.Column("snapshots", JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
    )


def _source_text() -> None:
    op.create_table(
        "source_text",
        sa.Column("digest", Name(), nullable=False),
        sa.Column("text", Compressed(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_source_text")),
    )


def _answer() -> None:
    op.create_table(
        "answer",
        sa.Column("key", Name(), nullable=False),
        sa.Column("digest", Name(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_answer")),
    )
    op.create_index("ix_answer_at", "answer", ["at"], unique=False)


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", Number, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_whom", Name(), nullable=False),
        sa.Column("act", Name(), nullable=False),
        sa.Column("subject", Name(), nullable=False),
        sa.Column("reason", Words(), nullable=False),
        sa.Column("before", JsonText(), nullable=False),
        sa.Column("after", JsonText(), nullable=False),
        sa.Column("refusal", Words(), nullable=False),
        sa.Column("key", Name(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_by_whom", "audit", ["by_whom", "id"], unique=False)
    op.create_index("ix_audit_key", "audit", ["key", "act", "id"], unique=False)
    op.create_index("ix_audit_subject", "audit", ["subject", "id"], unique=False)


def _duration() -> None:
    op.create_table(
        "duration",
        sa.Column("network", Name(), nullable=False),
        sa.Column("part", Name(), nullable=False),
        sa.Column("latest", JsonText(), nullable=False),
        sa.Column("median_seconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("network", "part", name=op.f("pk_duration")),
    )


def _event() -> None:
    op.create_table(
        "event",
        sa.Column("id", Name(), nullable=False),
        sa.Column("name", Name(), nullable=False),
        sa.Column("data", PlainData(), nullable=False),
        sa.Column("sender", Name(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("operating_day", sa.Date(), nullable=False),
        sa.Column("keep_until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index("ix_event_name", "event", ["name", "sent_at"], unique=False)


def _execution_end() -> None:
    op.create_table(
        "execution_end",
        sa.Column("execution", Name(), nullable=False),
        sa.Column("part", NameOrNothing(), nullable=False),
        sa.Column("is_own_key", sa.Boolean(), nullable=False),
        sa.Column("network", Name(), nullable=False),
        sa.Column("run_id", Name(), nullable=False),
        sa.Column("state", Name(), nullable=False),
        sa.Column("is_fine_or_warning", sa.Boolean(), nullable=False),
        sa.Column("operating_day", sa.Date(), nullable=False),
        sa.Column("planned_start", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=False),
        sa.Column("outputs", PlainData(), nullable=False),
        sa.PrimaryKeyConstraint("execution", "part", "is_own_key", name=op.f("pk_execution_end")),
    )
    op.create_index(
        "ix_execution_end_network", "execution_end", ["network", "part", "ended_at"], unique=False
    )
    op.create_index(
        "ix_execution_end_run", "execution_end", ["run_id", "part", "ended_at"], unique=False
    )


def _installation() -> None:
    op.create_table(
        "installation",
        sa.Column("name", Name(), nullable=False),
        sa.Column("value", Name(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_installation")),
    )


def _live_note() -> None:
    op.create_table(
        "live_note",
        sa.Column("id", Number, autoincrement=False, nullable=False),
        sa.Column("run_id", Name(), nullable=False),
        sa.Column("kind", Name(), nullable=False),
        sa.Column("payload", JsonText(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_note")),
    )


def _setting() -> None:
    op.create_table(
        "setting",
        sa.Column("kind", Name(), nullable=False),
        sa.Column("name", Name(), nullable=False),
        sa.Column("field", Name(), nullable=False),
        sa.Column("value", JsonText(), nullable=False),
        sa.Column("by_whom", Name(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("reason", Words(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "name", "field", name=op.f("pk_setting")),
    )


def _signal() -> None:
    op.create_table(
        "signal",
        sa.Column("id", Number, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("name", Name(), nullable=False),
        sa.Column("run_id", Name(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal")),
        sa.UniqueConstraint("kind", "name", "run_id", name="uq_signal_kind_name_run"),
        sqlite_autoincrement=True,
    )


def _document() -> None:
    op.create_table(
        "document",
        sa.Column("kind", Name(), nullable=False),
        sa.Column("folder", Name(), nullable=False),
        sa.Column("name", Name(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("path", Name(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("digest", Name(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_whom", Name(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("title", Words(), nullable=False),
        sa.Column("is_latest", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest"], ["source_text.digest"], name=op.f("fk_document_source_text")
        ),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_document_edition")),
        sa.PrimaryKeyConstraint("kind", "folder", "name", "version", name=op.f("pk_document")),
    )
    op.create_index(
        "ix_document_latest",
        "document",
        ["kind", "folder", "name"],
        unique=True,
        sqlite_where=sa.text("is_latest"),
        postgresql_where=sa.text("is_latest"),
    )


def _edition_file() -> None:
    op.create_table(
        "edition_file",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("path", Name(), nullable=False),
        sa.Column("base", Name(), nullable=False),
        sa.Column("digest", Name(), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest"], ["source_text.digest"], name=op.f("fk_edition_file_source_text")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_edition_file_edition"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("edition_id", "path", name=op.f("pk_edition_file")),
    )
