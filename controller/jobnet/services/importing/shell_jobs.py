"""Makes the part that runs a shell command as cron or systemd would: as whom, where, with what.

Secrets do not get into it: they become variables that stop the job until they are filled in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from jobnet.services.importing.documents import as_written
from jobnet.services.importing.report import Report
from jobnet.services.importing.secret_texts import concealed, is_secret_name, placeholder

HIDDEN_ADVICE = (
    "Put it into a vault and replace the `undef(...)`; until then the job stops with a message."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShellJob:
    """One command line for a shell, and its surroundings."""

    command: str
    user: str | None = None
    shell: str = ""
    folder: str = ""
    stdin: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)


def shell_part(job: ShellJob, *, source: str, subject: str, report: Report) -> dict[str, object]:
    """Return the keys of a unit job that runs the command."""
    hidden = concealed(job.command)
    if hidden.variables:
        what = "its command holds what looks like a secret, and that was not written"
        report.left(source, subject, what, HIDDEN_ADVICE)
    arguments: dict[str, object] = {"cmd": as_written(hidden.text)}
    if job.folder:
        arguments["chdir"] = job.folder
    if job.shell:
        arguments["executable"] = job.shell
    if job.stdin is not None:
        arguments |= {"stdin": as_written(job.stdin), "stdin_add_newline": False}
    environment = environment_of(job.environment, source=source, subject=subject, report=report)
    environment |= {name: placeholder(name) for name in hidden.variables}
    part: dict[str, object] = {"ansible.builtin.shell": arguments}
    if environment:
        part["environment"] = environment
    return part | becoming(job.user)


def environment_of(
    variables: Mapping[str, str], *, source: str, subject: str, report: Report
) -> dict[str, object]:
    """Return variables for a job; those that look like secrets are left out and reported."""
    found: dict[str, object] = {}
    for name, value in variables.items():
        hidden = concealed(value, prefix="X").variables
        if value and (is_secret_name(name) or hidden):
            what = f"the value of {name} looks like a secret and was not written"
            report.left(source, subject, what, HIDDEN_ADVICE)
            found[name] = placeholder(name)
        else:
            found[name] = as_written(value)
    return found


def becoming(user: str | None) -> dict[str, object]:
    """Return what lets a job run as a user."""
    return {} if user is None else {"become": True, "become_user": user}
