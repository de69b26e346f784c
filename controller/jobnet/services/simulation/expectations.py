"""Compares what became of a simulated run with what a scenario expects of it.

Every expectation that does not hold is one sentence; none of them stops the others. A name of
a part is its whole key, or its id, which then means every part of this id.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from jobnet.calendars import ClockTime, instant_at
from jobnet.engine import TrackLine, track
from jobnet.engine.keys import id_of
from jobnet.engine.states import EXECUTED_ENDS, State
from jobnet.engine.tracker import RunRecord
from jobnet.ids import PartKey
from jobnet.project.params import plain_value
from jobnet.project.schema.scenarios import ExpectedAlertShape, ExpectedPartShape, ExpectShape
from jobnet.project.suggestions import shown
from jobnet.services.simulation.night import Simulated


def failures_of(simulated: Simulated, expect: ExpectShape) -> tuple[str, ...]:
    """Return a sentence for each expectation that does not hold."""
    return tuple(_Comparison(simulated).failures(expect))


class _Comparison:
    """One simulated run, as expectations ask about it."""

    def __init__(self, simulated: Simulated) -> None:
        run = simulated.tracker.run
        assert run is not None, "a run that was simulated has started"
        self._run: RunRecord = run
        self._alerts = simulated.alerts
        self._zone = ZoneInfo(simulated.zone)
        self._lines: dict[str, list[TrackLine]] = {}
        for line in track(simulated.tracker):
            name = id_of(line.key)
            for key in dict.fromkeys((str(line.key), str(name))):
                self._lines.setdefault(key, []).append(line)

    def failures(self, expect: ExpectShape) -> Iterator[str]:
        """Yield what does not hold, in the order of the words of ``expect``."""
        yield from self._of_run(expect)
        for part, wanted in expect.parts.items():
            for line in self._found(part):
                yield from _of_part(line, wanted)
        for alert in expect.alerts:
            yield from self._of_alert(alert)
        for word in expect.no_alerts:
            for raised in (each for each in self._alerts if word in each.words):
                yield f"no alert {word} was expected, but at {self._wall(raised.at)}: {raised.text}"
        yield from self._of_times(expect)
        yield from self._of_order(expect.order)
        yield from (each for name in expect.parts for each in self._missing(name))

    def _of_run(self, expect: ExpectShape) -> Iterator[str]:
        run = self._run
        if expect.state is not None and run.state is not expect.state:
            yield _other("the run", "state", expect.state.value, run.state.value)
        if expect.exit_code is not None and run.exit_code != expect.exit_code:
            yield _other("the run", "exit code", expect.exit_code, run.exit_code)
        if expect.message is not None and expect.message not in run.message:
            yield _other("the run", "message", expect.message, run.message)
        if expect.recovered is not None:
            recovered = sorted(run.recovered)
            if sorted(expect.recovered) not in (recovered, sorted(map(_id, recovered))):
                wanted = ", ".join(expect.recovered) or "none"
                yield _other("the run", "recovered parts", wanted, ", ".join(recovered) or "none")
        yield from _of_outputs("the run", expect.outputs, run.outputs)

    def _of_alert(self, wanted: ExpectedAlertShape) -> Iterator[str]:
        about = "" if wanted.part is None else f" of {wanted.part}"
        raised = [
            each
            for each in self._alerts
            if wanted.alert in each.words
            and (wanted.part is None or wanted.part in (each.part, _id(each.part or "")))
        ]
        if not raised:
            yield f"the alert {wanted.alert}{about} was expected and never raised"
        elif wanted.by is not None and raised[0].at > self._instant(wanted.by):
            when = self._wall(raised[0].at)
            yield f"the alert {wanted.alert}{about} was expected by {wanted.by}, raised at {when}"

    def _of_times(self, expect: ExpectShape) -> Iterator[str]:
        for part, clock in expect.by.items():
            yield from self._missing(part)
            for line in self._found(part):
                has_ended = line.state in EXECUTED_ENDS
                yield from self._late(line.key, clock, line.ended if has_ended else None, line)
        if expect.ended_by is not None:
            yield from self._late("the run", expect.ended_by, self._run.ended, self._run)

    def _late(
        self, what: str, clock: ClockTime, ended: datetime | None, state: TrackLine | RunRecord
    ) -> Iterator[str]:
        if ended is None:
            yield f"{what} was expected to have ended by {clock} and is {state.state.value}"
        elif ended > self._instant(clock):
            yield f"{what} was expected to have ended by {clock} and ended at {self._wall(ended)}"

    def _of_order(self, names: list[str]) -> Iterator[str]:
        for name in names:
            yield from self._missing(name)
        for before, after in pairwise(names):
            for first in self._found(before):
                for second in self._found(after):
                    yield from self._out_of_order(first, second)

    def _out_of_order(self, first: TrackLine, second: TrackLine) -> Iterator[str]:
        for line in (first, second):
            if line.started is None:
                yield f"{second.key} was expected after {first.key}, and {line.key} did not start"
                return
        assert second.started is not None, "asked above"
        if first.ended is None or second.started < first.ended:
            end = "has not ended" if first.ended is None else f"ended at {self._wall(first.ended)}"
            yield (
                f"{second.key} was expected after {first.key}, but started at"
                f" {self._wall(second.started)}; {first.key} {end}"
            )

    def _found(self, part: str) -> Iterable[TrackLine]:
        return self._lines.get(part, ())

    def _missing(self, part: str) -> Iterator[str]:
        if part not in self._lines:
            yield f"{shown(part)} was expected, and the run has no such part"

    def _instant(self, clock: ClockTime) -> datetime:
        return instant_at(self._run.operating_day, clock, zone=self._zone).instant

    def _wall(self, instant: datetime) -> str:
        return f"{instant.astimezone(self._zone):%Y-%m-%d %H:%M:%S %Z}"


def _of_part(line: TrackLine, wanted: ExpectedPartShape) -> Iterator[str]:
    record = line.record
    if wanted.state is not None and line.state is not wanted.state:
        yield _other(line.key, "state", wanted.state.value, line.state.value, line.message)
    exit_code = None if record is None else record.exit_code
    if wanted.exit_code is not None and exit_code != wanted.exit_code:
        yield _other(line.key, "exit code", wanted.exit_code, exit_code)
    is_held = line.state is State.HELD or (record is not None and record.awaits_operator)
    if wanted.held is not None and is_held is not wanted.held:
        yield _other(line.key, "held", wanted.held, is_held, line.state.value)
    attempts = 0 if record is None else record.attempt
    if wanted.attempts is not None and attempts != wanted.attempts:
        yield _other(line.key, "attempts", wanted.attempts, attempts)
    if wanted.message is not None and wanted.message not in line.message:
        yield _other(line.key, "message", wanted.message, line.message)
    for flag in wanted.flags:
        if flag not in line.flags:
            has = ", ".join(each.value for each in line.flags) or "none"
            yield _other(line.key, "flag", flag.value, has)
    yield from _of_outputs(line.key, wanted.outputs, {} if record is None else record.outputs)


def _of_outputs(
    what: str, wanted: Mapping[str, object], outputs: Mapping[str, object]
) -> Iterator[str]:
    for name, value in wanted.items():
        if name not in outputs:
            yield f"{what}: output {name} was expected, and there is none"
        elif outputs[name] != value:
            # Quotes tell a text from a number.
            yield _other(what, f"output {name}", repr(plain_value(value)), repr(outputs[name]))


def _other(what: str, aspect: str, wanted: object, found: object, more: str = "") -> str:
    said = f" ({shown(more, length_max=200)})" if more else ""
    return f"{what}: {aspect} is {shown(_word(found))}, expected {shown(_word(wanted))}{said}"


def _word(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "none" if value is None else str(value)


def _id(key: str) -> str:
    return str(id_of(PartKey(key)))
