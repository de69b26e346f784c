"""Imports timers of systemd with their services: a network and its schedules for each timer."""

from collections.abc import Iterator
from datetime import timedelta

from jobnet.calendars import format_duration
from jobnet.schedules.compilation import RULES_MAX
from jobnet.services.importing.calendar_events import (
    EventNotUnderstood,
    read_event,
    rule_of,
)
from jobnet.services.importing.documents import ImportedDocument, name_of, title_of
from jobnet.services.importing.importing import Imported, ImportWishes, SourceFile
from jobnet.services.importing.service_jobs import flow_of
from jobnet.services.importing.unit_commands import CommandNotUnderstood
from jobnet.services.importing.unit_files import UnitFile, is_true, read_span, read_unit

_DAY = timedelta(days=1)
_SINCE = {"OnUnitActiveSec": "start", "OnUnitInactiveSec": "end"}
_ONCE = ("OnActiveSec", "OnBootSec", "OnStartupSec")
_CARRIED = frozenset({"OnCalendar", "Persistent", "Unit", *_SINCE, *_ONCE})
_WITHOUT_LOSS = frozenset({"AccuracySec", "RemainAfterElapse"})
_ADVICE = {
    "RandomizedDelaySec": "Spread the starts by a queue with `start_spacing`.",
    "FixedRandomDelay": "Spread the starts by a queue with `start_spacing`.",
    "RandomizedOffsetSec": "Spread the starts by a queue with `start_spacing`.",
    "WakeSystem": "Jobnet wakes no machine.",
    "OnClockChange": "Jobnet has its own rule for clocks that jump.",
    "OnTimezoneChange": "Jobnet has its own rule for clocks that jump.",
    "DeferReactivation": "Say `overlap: skip` on the network.",
}
_EVERY_FROM = "2026-01-01"


def import_timers(files: list[SourceFile], wishes: ImportWishes) -> Imported:
    """Return what timers give; services without a timer are told and left out."""
    imported = Imported()
    units: dict[str, UnitFile] = {}
    for file in files:
        if file.name in units:
            what = "a unit of this name was given before, and that one counts"
            imported.report.left(file.path, file.name, what, "Import the two one after the other.")
        else:
            units[file.name] = read_unit(file.text, name=file.name, path=file.path)
    used: set[str] = set()
    for unit in units.values():
        for line in unit.stray:
            imported.report.left(f"{unit.path}:{line}", unit.name, "this line sets nothing")
        if unit.name.endswith(".timer"):
            service = unit.last("Timer", "Unit") or f"{unit.name.removesuffix('.timer')}.service"
            used.add(service)
            _Timer(unit, service, units.get(service), imported, wishes).carry()
    for unit in units.values():
        if not unit.name.endswith(".timer") and unit.name not in used:
            what = "no timer that was given starts it"
            imported.report.left(unit.path, unit.name, what, "Give its .timer file as well.")
    return imported


class _Timer:
    """One timer on its way to a network and its schedules."""

    def __init__(
        self, timer: UnitFile, unit: str, service: UnitFile | None, imported: Imported,
        wishes: ImportWishes,
    ) -> None:  # fmt: skip
        self._timer, self._unit, self._service = timer, unit, service
        self._imported, self._report, self._wishes = imported, imported.report, wishes

    def carry(self) -> None:
        path, unit = self._timer.path, self._timer.name
        rules = self._rules()
        if not rules:
            self._report.left(path, unit, "none of its times can be carried", "Write it by hand.")
            return
        if unit.endswith("@.timer"):
            what = "it is a template; which instances are enabled stands elsewhere"
            advice = "Copy it to a name with the instance, such as x@shop.timer, and import that."
            self._report.left(path, unit, what, advice)
            return
        try:
            flow = flow_of(
                self._service, self._unit, wishes=self._wishes, source=path, report=self._report
            )
        except CommandNotUnderstood as problem:
            what = f"a command line of its service: {problem}"
            self._report.left(path, unit, what, "Write the network by hand.")
            return
        name = self._imported.networks.take(name_of(unit.removesuffix(".timer")), otherwise="timer")
        self._imported.documents += [self._network(name, flow), *self._schedules(name, rules)]
        self._tell_what_is_left(rules)
        self._report.carried(path, name, f"network and {len(rules)} schedule rules")

    def _network(self, name: str, flow: list[dict[str, object]]) -> ImportedDocument:
        described = self._service.last("Unit", "Description") if self._service else ""
        title = title_of(described or self._timer.last("Unit", "Description"))
        content: dict[str, object] = {"title": title} if title else {}
        # A unit that is active is not started again: its timer's start is lost.
        content |= {"overlap": "skip", "flow": flow}
        comments = (f"Imported from {self._timer.path}.",)
        return ImportedDocument(kind="network", name=name, content=content, comments=comments)

    def _schedules(
        self, name: str, rules: list[tuple[str | None, dict[str, object]]]
    ) -> Iterator[ImportedDocument]:
        """Yield a schedule for each time zone that the rules name."""
        is_persistent = is_true(self._timer.last("Timer", "Persistent"))
        for zone in dict.fromkeys(zone for zone, _ in rules):
            content: dict[str, object] = {"networks": [name]}
            if zone is not None:
                content["timezone"] = zone
            content["rules"] = [rule for its_zone, rule in rules if its_zone == zone]
            content["misfire"] = {"policy": "run_latest" if is_persistent else "skip"}
            yield ImportedDocument(
                kind="schedule",
                name=self._imported.schedules.take(name, otherwise="schedule"),
                content=content,
                comments=(f"Imported from {self._timer.path}.",),
            )

    def _rules(self) -> list[tuple[str | None, dict[str, object]]]:
        found: list[tuple[str | None, dict[str, object]]] = []
        for text in self._timer.all("Timer", "OnCalendar"):
            try:
                event = read_event(text)
                found.append((event.zone or self._wishes.timezone, dict(rule_of(event))))
            except EventNotUnderstood as problem:
                self._left(f"OnCalendar={text[:80]}: {problem}", "Write this rule by hand.")
        for key, measured in _SINCE.items():
            for text in self._timer.all("Timer", key):
                rule = self._repetition(key, text, measured)
                found += [(self._wishes.timezone, rule)] if rule else []
        if len(found) > RULES_MAX:
            what = f"it has {len(found)} times, and a schedule has {RULES_MAX} rules at most"
            self._left(what, "Write the others into a second schedule.")
        return found[:RULES_MAX]

    def _repetition(self, key: str, text: str, measured: str) -> dict[str, object] | None:
        span = read_span(text)
        if span is None or span < timedelta(minutes=1):
            self._left(
                f"{key}={text[:40]} is no time span of a minute or more", "Write a `repeat`."
            )
            return None
        if span < _DAY:
            what = f"{key}={text} was counted from the last {measured} on, across midnight; the"
            what += " repetition begins anew at 00:00 of each day"
            self._report.changed(self._timer.path, self._timer.name, what)
            every = format_duration(timedelta(seconds=round(span.total_seconds())))
            return {
                "repeat": {"every": every, "from": "00:00", "to": "23:59", "measured": measured}
            }
        if span % _DAY:
            self._left(f"{key}={text[:40]} is no whole number of days", "Write the days by hand.")
            return None
        what = f"{key}={text} was counted from the last {measured} on; now it is every"
        what += f" {span // _DAY} days at 00:00, counted from {_EVERY_FROM}"
        self._report.changed(self._timer.path, self._timer.name, what, "Set day and time.")
        return {"every": {"n": span // _DAY, "unit": "day", "from": _EVERY_FROM}, "at": ["00:00"]}

    def _left(self, what: str, advice: str) -> None:
        self._report.left(self._timer.path, self._timer.name, what, advice)

    def _tell_what_is_left(self, rules: list[tuple[str | None, dict[str, object]]]) -> None:
        for key in self._timer.keys("Timer"):
            value = self._timer.last("Timer", key)
            if key in _ONCE:
                what = f"{key}={value[:40]} starts it after the machine or the timer has started"
                self._left(what, "No schedule knows that; start it by hand or by a unit.")
            elif key in _WITHOUT_LOSS:
                what = f"{key}={value[:40]} has no counterpart: starts are made on time"
                self._report.changed(self._timer.path, self._timer.name, what)
            elif key not in _CARRIED:
                self._left(f"{key}={value[:40]}", _ADVICE.get(key, "It was not understood."))
        if any(zone is None for zone, _ in rules):
            what = "times without a zone are those of the installation's time zone"
            advice = "Import with --timezone if the timer's machine has another."
            self._report.changed(self._timer.path, self._timer.name, what, advice)
