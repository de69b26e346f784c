"""Imports crontabs: each line becomes a network with one shell job, and a schedule for it."""

import re

from jobnet.calendars import find_zone
from jobnet.calendars.cron import parse_cron
from jobnet.errors import ControllerError
from jobnet.services.importing.crontab_lines import CrontabJob, CrontabProblem, read_crontab
from jobnet.services.importing.documents import ImportedDocument, name_of, title_of
from jobnet.services.importing.importing import Imported, ImportWishes, SourceFile
from jobnet.services.importing.secret_texts import concealed
from jobnet.services.importing.shell_jobs import ShellJob, shell_part

WORDS_OF_NAME_MAX = 4
_NOT_ENVIRONMENT = frozenset({"SHELL", "MAILTO", "MAILFROM", "CRON_TZ", "RANDOM_DELAY",
                              "CONTENT_TYPE", "CONTENT_TRANSFER_ENCODING", "START_HOURS_RANGE",
                              "LOGNAME", "USER"})  # fmt: skip
_NOT_CARRIED = {
    "RANDOM_DELAY": "Spread the starts by a minute of your choice, or by a queue with"
    " start_spacing.",
    "START_HOURS_RANGE": "Write the hours into the schedule.",
}
_NOT_A_PROGRAM = frozenset({"sudo", "nice", "ionice", "flock", "timeout", "env", "exec", "test",
                            "chronic", "cd", "bash", "sh", "setsid", "nohup", "if",
                            "["})  # fmt: skip
_REBOOT_ADVICE = (
    "Let the host start it (a systemd unit), or give the network a start_on of your own."
)


def import_crontabs(files: list[SourceFile], wishes: ImportWishes) -> Imported:
    """Return what crontabs give, all of them together so that no name is taken twice."""
    imported = Imported()
    for file in files:
        has_user = wishes.has_user_column
        if has_user is None:
            has_user = "/cron.d/" in file.path or file.path.endswith("etc/crontab")
        found = list(read_crontab(file.text, has_user=has_user))
        for one in found:
            source = f"{file.path}:{one.line}"
            if isinstance(one, CrontabProblem) and one.is_comment:
                imported.report.passed_over(source, "line", one.what)
            elif isinstance(one, CrontabProblem):
                advice = "Correct the line, or leave it out."
                imported.report.left(source, "line", one.what, advice)
            else:
                _CronJob(one, source, imported, wishes).carry()
        if any(isinstance(one, CrontabJob) for one in found):
            _tell_what_cron_did(file, imported, wishes)
    return imported


def _tell_what_cron_did(file: SourceFile, imported: Imported, wishes: ImportWishes) -> None:
    """Tell once for a file what is the same for all of its lines."""
    imported.report.changed(
        file.path, "all jobs", "cron mailed what a job printed and asked for no exit code;"
        " here an exit code other than 0 is an abnormal end, and the output is kept with the run",
        "Give jobs that may end otherwise an `exit_codes`.",
    )  # fmt: skip
    if wishes.timezone is None:
        what = "the times are those of the installation's time zone; a crontab names none"
        advice = "Import with --timezone if the crontab's machine has another."
        imported.report.changed(file.path, "all schedules", what, advice)


class _CronJob:
    """One line on its way to two documents."""

    def __init__(
        self, job: CrontabJob, source: str, imported: Imported, wishes: ImportWishes
    ) -> None:
        self._job, self._source, self._wishes = job, source, wishes
        self._imported, self._report = imported, imported.report

    def carry(self) -> None:
        job = self._job
        subject = _words_of(job.command)
        if job.times.lower() == "@reboot":
            what = "@reboot starts it when a machine starts, which no schedule knows"
            self._report.left(self._source, subject, what, _REBOOT_ADVICE)
            return
        try:
            parse_cron(job.times)
        except ControllerError as error:
            self._report.left(self._source, subject, str(error), "Write its schedule by hand.")
            return
        name = self._imported.networks.take(name_of(job.title) or name_of(subject), otherwise="job")
        self._imported.documents += [self._network(name, subject), self._schedule(name)]
        self._tell_settings(name)
        self._report.carried(self._source, name, f"network and schedule, cron: {job.times}")

    def _network(self, name: str, subject: str) -> ImportedDocument:
        job = self._job
        shell = ShellJob(
            command=job.command, stdin=job.stdin, user=job.user,
            shell=job.settings.get("SHELL", ""), folder=job.settings.get("HOME", "~"),
            environment={k: v for k, v in job.settings.items() if k not in _NOT_ENVIRONMENT},
        )  # fmt: skip
        part = shell_part(shell, source=self._source, subject=name, report=self._report)
        title = title_of(job.title)
        part = {"name": title or subject, "id": "run", "hosts": self._wishes.hosts, **part}
        content: dict[str, object] = {"title": title} if title else {}
        content |= {"overlap": "parallel", "flow": [part]}
        comments = (
            f"Imported from {self._source}.",
            "Cron starts it while it still runs; say `overlap: skip` if that is not wanted.",
        )
        return ImportedDocument(kind="network", name=name, content=content, comments=comments)

    def _schedule(self, name: str) -> ImportedDocument:
        content: dict[str, object] = {"networks": [name]}
        if zone := self._zone(name):
            content["timezone"] = zone
        content |= {
            "rules": [{"cron": self._job.times}],
            "misfire": {"policy": "skip"},
            "dst": summer_time_of(self._job.times),
        }
        self._imported.schedules.take(name, otherwise="schedule")
        comments = (f"Imported from {self._source}.",)
        return ImportedDocument(kind="schedule", name=name, content=content, comments=comments)

    def _zone(self, name: str) -> str | None:
        zone = self._job.settings.get("CRON_TZ") or self._wishes.timezone
        if zone is None:
            return None
        try:
            find_zone(zone)
        except ControllerError as error:
            self._report.left(self._source, name, f"its time zone: {error}", "Write `timezone`.")
            return self._wishes.timezone
        return zone

    def _tell_settings(self, name: str) -> None:
        settings = self._job.settings
        for word, advice in _NOT_CARRIED.items():
            if word in settings:
                self._report.left(self._source, name, f"{word} was not carried", advice)
        if address := settings.get("MAILTO", "").strip():
            what = f"MAILTO={title_of(address)} was not carried: nobody is told of failures yet"
            advice = f"Write a `kind: notification` with `to: [{title_of(address)}]` and"
            file = self._source.rpartition(":")[0]  # once for a file, not for each of its lines
            self._report.left(file, "MAILTO", what, f"{advice} `on: [abnormal]`.")


def summer_time_of(times: str) -> dict[str, object]:
    """Return how cron itself treats a clock that is changed.

    A line whose minute or hour begins with a star goes by the clock as it is: nothing in the hour
    that is left out, again in the one that comes twice. Any other is done once; where its time is
    left out, as soon as the clock goes on.
    """
    fields = times.split()
    goes_by_clock = times.lower() == "@hourly" or any(one.startswith("*") for one in fields[:2])
    gap, fold = ("skip", "both") if goes_by_clock else ("boundary", "first")
    return {"gap": gap, "fold": fold}


def _words_of(command: str) -> str:
    """Return a few words for people that say which program a command runs; never its secrets."""
    words = re.split(r"[\s;|&<>()]+", concealed(command).text)
    named = [
        word.rpartition("/")[2]
        for word in words
        if word and word[0] not in "-$'\"`" and "=" not in word and not word.isdigit()
    ]
    programs = [word for word in named if word not in _NOT_A_PROGRAM and word != "dev/null"]
    chosen = [word for word in programs if word and word != "null"][:WORDS_OF_NAME_MAX]
    return title_of(" ".join(chosen)) or "command"
