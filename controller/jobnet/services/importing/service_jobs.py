"""Makes the flow that does what a service of systemd does when its timer starts it."""

from datetime import timedelta

from jobnet.calendars import format_duration
from jobnet.services.importing.importing import ImportWishes
from jobnet.services.importing.report import Report
from jobnet.services.importing.shell_jobs import ShellJob, shell_part
from jobnet.services.importing.unit_commands import (
    CommandNotUnderstood,
    UnitCommand,
    filled,
    read_command,
    unit_words,
)
from jobnet.services.importing.unit_files import UnitFile, read_span

_STAYS = frozenset({"forking", "notify", "notify-reload", "dbus"})
_CARRIED = frozenset({"Type", "ExecStart", "ExecStartPre", "ExecStartPost", "ExecStopPost", "User",
                      "WorkingDirectory", "Environment", "TimeoutStartSec",
                      "TimeoutSec"})  # fmt: skip
_ADVICE = {
    "EnvironmentFile": "Its variables are missing: name them in `environment`.",
    "Group": "Add `become_flags`, or let the command change its group.",
    "Restart": "Give the part a `retry`.",
    "ExecStop": "It is no job that stays; put the command behind it, into an `always`.",
    "ExecCondition": "Make it a part of its own with `exit_codes`, and a branch.",
    "RemainAfterExit": "A run has no afterwards.",
    "UMask": "Put `umask` before the command.",
    "StandardInput": "Give the module `stdin`.",
    "SuccessExitStatus": "Write `exit_codes: {normal: ...}` on the part.",
}
_SETTINGS_SHOWN_MAX = 12


def flow_of(
    service: UnitFile | None, unit: str, *, wishes: ImportWishes, source: str, report: Report
) -> list[dict[str, object]]:
    """Return the parts that do what the unit does; ``CommandNotUnderstood`` says why not."""
    kind = service.last("Service", "Type").lower() if service else ""
    if service is None or kind in _STAYS or not service.all("Service", "ExecStart"):
        why = "its service file was not given" if service is None else "its service stays or is no"
        why += "" if service is None else " command line"
        what = f"{why}, so the part lets systemd start {unit} on the host"
        report.changed(source, unit, what, "Import the .service file together with the .timer.")
        start = {"name": unit, "state": "started"}
        return [_part("run", wishes) | {"ansible.builtin.systemd_service": start, "become": True}]
    return _Service(service, unit, wishes, source, report).flow()


def _part(identifier: str, wishes: ImportWishes) -> dict[str, object]:
    return {"id": identifier, "hosts": wishes.hosts}


class _Service:
    """One service on its way to a flow."""

    def __init__(
        self, service: UnitFile, unit: str, wishes: ImportWishes, source: str, report: Report
    ) -> None:
        self._service, self._unit, self._wishes = service, unit, wishes
        self._source, self._report = source, report
        self._environment = self._variables()

    def flow(self) -> list[dict[str, object]]:
        before = self._parts("ExecStartPre", "before")
        flow = [*before, *self._parts("ExecStart", "run"), *self._parts("ExecStartPost", "after")]
        self._tell_what_is_left()
        if last := self._parts("ExecStopPost", "at_end"):
            return [{"block": flow, "always": last}]
        return flow

    def _parts(self, key: str, stem: str) -> list[dict[str, object]]:
        lines = self._service.all("Service", key)
        identifiers = [
            stem if not number else f"{stem}_{number + 1}" for number in range(len(lines))
        ]
        return [
            self._one(read_command(line, unit=self._unit), identifier, key)
            for line, identifier in zip(lines, identifiers, strict=True)
        ]

    def _one(self, command: UnitCommand, identifier: str, key: str) -> dict[str, object]:
        if command.had_other_name:
            what = "the name that its program is told (prefix @) was left out"
            self._report.changed(self._source, self._unit, what)
        shell = ShellJob(
            command=command.command, user=self._user(command), environment=self._environment,
            folder=self._folder(),
        )  # fmt: skip
        part = _part(identifier, self._wishes)
        part |= shell_part(shell, source=self._source, subject=self._unit, report=self._report)
        if command.ignores_failure:
            part["failed_when"] = False
        if limit := self._timeout(key):
            part["timeout"] = limit
        return part

    def _user(self, command: UnitCommand) -> str | None:
        """Return as whom a command runs; units of a user run as whoever reaches the host."""
        user = filled(self._service.last("Service", "User"), self._unit)
        if self._is_of_user:
            return None
        return "root" if command.is_privileged else user or "root"

    @property
    def _is_of_user(self) -> bool:
        return "/systemd/user/" in self._service.path

    def _folder(self) -> str:
        """Return where commands run: as for systemd, the root folder unless something is said."""
        folder = filled(self._service.last("Service", "WorkingDirectory"), self._unit)
        return folder.removeprefix("-") or ("~" if self._is_of_user else "/")

    def _timeout(self, key: str) -> str:
        text = self._service.last("Service", "TimeoutStartSec")
        text = text or self._service.last("Service", "TimeoutSec")
        span = read_span(text) if text and key.startswith("ExecStart") else None
        return format_duration(max(span, timedelta(seconds=1))) if span else ""

    def _variables(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for text in self._service.all("Service", "Environment"):
            for word in unit_words(text):
                name, equals, value = word.partition("=")
                if equals and name:
                    found[name] = filled(value, self._unit)
                else:
                    what = f"Environment={name} is not understood"
                    self._report.left(self._source, self._unit, what, "Write `environment`.")
        return found

    def _tell_what_is_left(self) -> None:
        keys = [key for key in self._service.keys("Service") if key not in _CARRIED]
        for key in [one for one in keys if one in _ADVICE]:
            value = self._service.last("Service", key) if key != "EnvironmentFile" else "..."
            self._report.left(self._source, self._unit, f"{key}={value[:60]}", _ADVICE[key])
        if others := [one for one in keys if one not in _ADVICE]:
            listed = ", ".join(others[:_SETTINGS_SHOWN_MAX])
            more = len(others) - _SETTINGS_SHOWN_MAX
            listed += f" and {more} more" if more > 0 else ""
            what = f"these settings of the service are systemd's own: {listed}"
            advice = "Use systemd-run in the command where they matter."
            self._report.left(self._source, self._unit, what, advice)
        if hooks := self._service.last("Unit", "OnFailure"):
            what = f"OnFailure={hooks[:60]}"
            advice = "Write a `rescue`, or a `kind: notification` with `on: [abnormal]`."
            self._report.left(self._source, self._unit, what, advice)


__all__ = ["CommandNotUnderstood", "flow_of"]
