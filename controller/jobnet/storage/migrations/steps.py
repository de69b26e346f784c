"""Does the steps of a history with Alembic, without its command line and files of settings."""

from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from jobnet.storage.migrations import History


def script_of(history: History) -> ScriptDirectory:
    """Return the steps of a history."""
    return ScriptDirectory(str(history.folder), version_locations=[str(history.folder)])


def is_known(history: History, step: str) -> bool:
    """Return whether this version has a step."""
    try:
        return script_of(history).get_revision(step) is not None
    except CommandError:
        return False


def do_steps(connection: Connection, history: History) -> None:
    """Do all steps that are missing, in the caller's transaction."""
    script = script_of(history)

    def steps(revision: Any, _: Any) -> Any:  # noqa: ANN401 - Alembic's own types are inner ones
        return script._upgrade_revs(history.head, revision)  # noqa: SLF001 - as its command does

    with EnvironmentContext(Config(), script, fn=steps) as environment:
        environment.configure(
            connection=connection,
            target_metadata=history.catalogue,
            version_table=history.version_table,
            transactional_ddl=False,  # the caller's transaction holds all of it
        )
        environment.run_migrations()
