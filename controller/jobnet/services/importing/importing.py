"""Holds what every import gives back, and what every import is asked for."""

from dataclasses import dataclass, field

from jobnet.errors.importing import ImportFileUnread
from jobnet.services.importing.bounds import FILE_BYTES_MAX, LINES_MAX
from jobnet.services.importing.documents import ImportedDocument, Names
from jobnet.services.importing.report import Report

HOSTS_DEFAULT = "localhost"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One file that is to be imported, read by whoever calls."""

    path: str
    text: str

    def __post_init__(self) -> None:
        if "\0" in self.text:
            raise ImportFileUnread(self.path, problem="it is no text")
        if len(self.text) > FILE_BYTES_MAX:
            raise ImportFileUnread(self.path, problem=f"it has more than {FILE_BYTES_MAX:,} bytes")
        if self.text.count("\n") > LINES_MAX and not self.path.endswith(".json"):
            raise ImportFileUnread(self.path, problem=f"it has more than {LINES_MAX:,} lines")

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rstrip("/").rpartition("/")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportWishes:
    """What the one who imports has said; None: as the source says, or as the installation is."""

    hosts: str = HOSTS_DEFAULT
    timezone: str | None = None
    has_user_column: bool | None = None
    playbooks: str = "."


@dataclass(slots=True)
class Imported:
    """What an import gives: documents, and a report about everything."""

    documents: list[ImportedDocument] = field(default_factory=list)
    report: Report = field(default_factory=Report)
    networks: Names = field(default_factory=Names)
    schedules: Names = field(default_factory=Names)
