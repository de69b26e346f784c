"""Turns what was typed after ``jobnet simulate`` into the nights that are simulated."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from jobnet.calendars import Calendar
from jobnet.cli.simulate_options import Gantt
from jobnet.definition import Bundle
from jobnet.errors import ControllerError
from jobnet.errors.simulation import OptionTextRefused, ScenarioRefused
from jobnet.machine import MachineClock
from jobnet.machine.known_durations import KnownDurations
from jobnet.project import Problem, convert_params
from jobnet.project.bundled_calendars import calendars_of
from jobnet.project.scenarios import Given, Scenario, read_given, read_scenarios
from jobnet.services.answers import read_answers
from jobnet.services.durations import Durations
from jobnet.services.param_texts import read_params
from jobnet.services.secret_params import refuse_secrets
from jobnet.services.simulation import Night
from jobnet.services.start_time import read_beginning
from jobnet.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulateOptions:
    """What was typed after ``jobnet simulate``; ``history`` None: unless ``expect`` is given."""

    target: str
    at: str | None = None
    day: str | None = None
    hosts: str | None = None
    extra: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    fail: tuple[str, ...] = ()
    lose: tuple[str, ...] = ()
    duration: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    artifacts: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    expect: Path | None = None
    gantt: Gantt | None = None
    file: Path | None = None
    is_json: bool = False
    is_verbose: bool = False
    history: bool | None = None


def prepare(
    pinned: Bundle, options: SimulateOptions, settings: Settings
) -> list[tuple[Scenario, Night]]:
    """Return every scenario with its night; all that is wrong with a file is told at once."""
    typed = given_by(pinned, options)
    preparing = _Preparing(pinned, options, settings)
    if options.expect is None:
        return [(Scenario(), preparing.night(typed))]
    nights: list[tuple[Scenario, Night]] = []
    problems: list[Problem] = []
    for scenario in read_scenarios(str(options.expect), pinned):
        try:
            nights.append((scenario, preparing.night(scenario.given.over(typed))))
        except ControllerError as error:
            problems.append(
                Problem(code=error.code, position=scenario.position, path="given", what=str(error))
            )
    if problems:
        raise ScenarioRefused(problems)
    return nights


def given_by(pinned: Bundle, options: SimulateOptions) -> Given:
    """Return what the options give, with the params as they were typed."""
    pairs = [
        *_pairs("fail", options.fail, "CODE"),
        *(_loss(text) for text in options.lose),
        *(("orders", text, "") for text in options.orders),
        *_pairs("duration", options.duration, "20m"),
        *_outputs(options.outputs),
        *_pairs("artifact", options.artifacts, "NAME"),
    ]
    given = read_given(pinned, options=pairs, answers=options.answers)
    return replace(given, at=options.at, day=options.day, params=read_params(options.extra))


class _Preparing:
    """What all nights of one command share."""

    def __init__(self, pinned: Bundle, options: SimulateOptions, settings: Settings) -> None:
        self._pinned, self._settings = pinned, settings
        self._calendars: Mapping[str, Calendar] = calendars_of(pinned)
        is_used = options.expect is None if options.history is None else options.history
        history = KnownDurations(settings.home)
        durations = Durations(history, pinned.main, jumps=False)
        networks = pinned.networks.values()
        self._usual = durations.usual_seconds(networks) if is_used else {}

    def night(self, given: Given) -> Night:
        """Return what is simulated."""
        network = self._pinned.network
        beginning = read_beginning(
            network,
            self._calendars.get(network.calendar or ""),
            at=given.at,
            day=given.day,
            zone=self._settings.zone,
        )
        start = MachineClock(None).now() if beginning.at is None else beginning.at
        params = convert_params(network, given.params)
        refuse_secrets(network, params)
        return Night(
            bundle=self._pinned,
            calendars=self._calendars,
            operating_day=beginning.operating_day(start),
            start=start,
            zone=str(beginning.zone),
            params=params,
            given=given,
            answers=read_answers(given.answers, self._pinned),
            usual_seconds=self._usual,
        )


def _loss(text: str) -> tuple[str, str, str]:
    """Return a part and when its node goes; a key may have a ``=`` of its own."""
    part, _, time = text.rpartition("=")
    return ("lose", part, time) if part and "]" not in time else ("lose", text, "")


def _pairs(key: str, texts: Iterable[str], value: str) -> Iterator[tuple[str, str, str]]:
    for text in texts:
        part, equals, given = text.rpartition("=")
        if not equals or not part:
            raise OptionTextRefused(key, text, form=f"PART={value}")
        yield key, part, given


def _outputs(texts: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    for text in texts:
        left, equals, value = text.partition("=")
        part, _, name = left.rpartition(".")
        if not equals or not part or not name:
            raise OptionTextRefused("output", text, form="PART.NAME=VALUE")
        yield "output", part, f"{name}={value}"
