"""A run that is alone goes in a forecast as it goes in a simulation: same parts, same times."""

from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from jobnet.definition import Bundle, UnitJob, walk
from jobnet.engine.track import track
from jobnet.engine.tracker import Tracker
from jobnet.ids import NetworkName
from jobnet.project.scenarios import Given
from jobnet.services.forecast.expected_times import ExpectedTimes, Rate
from jobnet.services.forecast.house import House
from jobnet.services.simulation import Night, simulate

from tests.engine.generating import bundle_of
from tests.engine.test_properties import few
from tests.services.forecast.situations import DAY, NOON, defined, situation, start

SEEDS = st.integers(0, 10**9)


def durations(bundle: Bundle, seed: int) -> dict[str, timedelta]:
    random = Random(seed)  # noqa: S311 - a source of examples
    ids = sorted(
        {
            part.id
            for network in bundle.networks.values()
            for part in walk(network.flow)
            if isinstance(part.body, UnitJob)
        }
    )
    return {name: timedelta(seconds=random.choice((0, 5, 60, 60, 900, 9000))) for name in ids}


def lines(tracker: Tracker) -> list[tuple[object, ...]]:
    assert tracker.run is not None
    run = tracker.run
    return [
        (run.state, run.started, run.ended, run.exit_code),
        *((each.key, each.state, each.started, each.ended) for each in track(tracker)),
    ]


@few
@given(seed=SEEDS)
def test_the_forecast_of_one_run_alone_is_its_simulation(seed: int) -> None:
    bundle = bundle_of(seed)
    params = {name: param.default for name, param in bundle.network.params.items()}
    lasts = durations(bundle, seed)
    night = Night(
        bundle=bundle,
        calendars=defined(bundle).calendars,
        operating_day=DAY,
        start=NOON,
        zone="UTC",
        params=params,
        given=Given(duration=lasts),
    )

    networks = tuple(bundle.networks)
    times = ExpectedTimes(
        given={(NetworkName(name), part): each for name in networks for part, each in lasts.items()}
    )
    asked = situation([bundle], [start(str(bundle.main), params=params)], times=times)
    (run,) = House(asked, Rate.P50, ends_known=False).play().runs

    assert lines(run.tracker) == lines(simulate(night).tracker)
