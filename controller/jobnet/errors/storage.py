"""Names what keeps a database from being opened, read or written.

``DatabaseAway`` is the family of all that may pass by itself or by an operator's hand: who meets
one waits and tries again.
"""

from typing import ClassVar

from jobnet.errors import ControllerError


class DatabaseAway(ControllerError):
    """The database cannot be reached, read or written at this moment."""

    code: ClassVar[str] = "database_away"

    def __init__(self, place: str, *, problem: str) -> None:
        self.place, self.problem = place, problem
        super().__init__(
            f"The database {place} cannot be used at this moment ({problem}); nothing that was"
            " confirmed is lost, and work goes on by itself once it is back."
        )


class DatabaseFull(DatabaseAway):
    """The disk that the database lies on is full."""

    code: ClassVar[str] = "database_full"

    def __init__(self, place: str) -> None:
        self.place = place
        ControllerError.__init__(
            self,
            f"There is no room on the disk for the database {place}; make room, and work goes on"
            " by itself. Nothing that was confirmed is lost.",
        )


class DatabaseReadOnly(DatabaseAway):
    """The database can be read and not written."""

    code: ClassVar[str] = "database_read_only"

    def __init__(self, place: str) -> None:
        self.place = place
        ControllerError.__init__(
            self,
            f"The database {place} can be read and not written; see to its permissions and"
            " whether its file system is mounted read-only.",
        )


class DatabaseClosed(DatabaseAway):
    """The database was closed: the controller is stopping."""

    code: ClassVar[str] = "database_closed"

    def __init__(self, place: str) -> None:
        self.place = place
        ControllerError.__init__(
            self, f"The database {place} was closed, since Jobnet is stopping; ask again later."
        )


class DatabaseDamaged(ControllerError):
    """The file is no database, or a damaged one."""

    code: ClassVar[str] = "database_damaged"

    def __init__(self, place: str, *, problem: str) -> None:
        self.place, self.problem = place, problem
        super().__init__(
            f"The file {place} is no database of Jobnet, or a damaged one ({problem}); put it"
            " aside and restore the latest backup."
        )


class DatabaseInUse(ControllerError):
    """Another process has the database open."""

    code: ClassVar[str] = "database_in_use"

    def __init__(self, place: str, *, pid: int | None) -> None:
        self.place, self.pid = place, pid
        who = f"process {pid}" if pid else "another process"
        super().__init__(
            f"The database {place} is in use by {who}; ask the controller that runs already, or"
            " stop it first."
        )


class DatabaseTooNew(ControllerError):
    """The tables were made by a newer Jobnet."""

    code: ClassVar[str] = "database_too_new"

    def __init__(self, place: str, *, found: str, known: str) -> None:
        self.place, self.found, self.known = place, found, known
        super().__init__(
            f"The database {place} was made by a newer Jobnet (schema {found!r}; this one knows"
            f" {known!r}); install that version again, or restore a backup of before."
        )


class DatabaseTooOld(ControllerError):
    """The tables were made by an older Jobnet, and were opened for reading alone."""

    code: ClassVar[str] = "database_too_old"

    def __init__(self, place: str, *, found: str, known: str) -> None:
        self.place, self.found, self.known = place, found, known
        super().__init__(
            f"The database {place} was made by an older Jobnet (schema {found!r}; this one reads"
            f" {known!r}); start the controller of this version once, which brings it up to date."
        )


class DatabaseForeign(ControllerError):
    """The database holds tables that are not those of Jobnet."""

    code: ClassVar[str] = "database_foreign"

    def __init__(self, place: str, *, table: str) -> None:
        self.place, self.table = place, table
        super().__init__(
            f"The database {place} holds a table {table!r} and is none of Jobnet; name an empty"
            " one of its own."
        )


class JournalOvertaken(ControllerError):
    """Somebody else wrote the next entry of a run's journal first."""

    code: ClassVar[str] = "journal_overtaken"

    def __init__(self, run: str) -> None:
        self.run = run
        super().__init__(
            f"Somebody else has written to run {run!r} at the same time; nothing was changed here,"
            " try again."
        )


class EditionOvertaken(ControllerError):
    """Somebody else applied definitions first."""

    code: ClassVar[str] = "edition_overtaken"

    def __init__(self, edition: int) -> None:
        self.edition = edition
        super().__init__(
            f"Edition {edition} of the definitions was made by somebody else at the same time;"
            " look at what was applied, then apply again."
        )


class TextNotStorable(ControllerError):
    """A name or key holds a character that no database keeps."""

    code: ClassVar[str] = "text_not_storable"

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            f"The text {text[:80]!a} holds a NUL or half a character, which cannot be kept;"
            " leave it out."
        )


class JournalIncomplete(ControllerError):
    """A journal lacks an entry, or has more than it ought to."""

    code: ClassVar[str] = "journal_incomplete"

    def __init__(self, run: str, *, position: int) -> None:
        self.run, self.position = run, position
        super().__init__(
            f"The journal of run {run!r} lacks entry {position}, so nothing can be made of it;"
            " restore the latest backup."
        )


class BackupByServer(ControllerError):
    """A backup of a controller that keeps everything on a PostgreSQL server."""

    code: ClassVar[str] = "backup_by_server"

    def __init__(self, command: str) -> None:
        self.command = command
        super().__init__(
            "This controller keeps everything on a PostgreSQL server, whose own program makes"
            f" backups: `{command}`."
        )


class BackupNotWritten(ControllerError):
    """A backup that could not be written."""

    code: ClassVar[str] = "backup_not_written"

    def __init__(self, path: str, *, problem: str) -> None:
        self.path, self.problem = path, problem
        super().__init__(
            f"The backup {path} was not written ({problem}); name a new file on a disk with room."
        )


class BackupDamaged(ControllerError):
    """A file that is no backup, or not as it was written."""

    code: ClassVar[str] = "backup_damaged"

    def __init__(self, path: str, *, problem: str) -> None:
        self.path, self.problem = path, problem
        super().__init__(
            f"The file {path} is no whole backup of Jobnet ({problem}); nothing was restored, take"
            " another one."
        )


class HomeNotEmpty(ControllerError):
    """A backup was to be restored where something is already."""

    code: ClassVar[str] = "home_not_empty"

    def __init__(self, home: str) -> None:
        self.home = home
        super().__init__(
            f"The folder {home} is not empty, and a backup is never restored over something; name a"
            " new folder with --home."
        )


class DatabaseMissing(ControllerError):
    """There is no database here: no controller was ever started."""

    code: ClassVar[str] = "database_missing"

    def __init__(self, place: str) -> None:
        self.place = place
        super().__init__(
            f"There is no database {place}; jobnet up makes one, or set JOBNET_HOME to the state"
            " home that is meant."
        )
