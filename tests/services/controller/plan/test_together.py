"""Two who keep the plan of one PostgreSQL at the same time: of all starts each has one run."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier

import pytest
from jobnet.errors.plan import StartSettled
from jobnet.storage import PostgresPlace

from tests.services.controller.plan.desk import Desk, desk, schedule
from tests.storage.postgres import PostgresServer

pytestmark = pytest.mark.parts
KEEPERS = 4
SCHEDULES = 30


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with PostgresServer() as running:
        yield running


@pytest.fixture
def here(server: PostgresServer, tmp_path: Path) -> Iterator[Desk]:
    place = PostgresPlace(url=server.new_database(), connections_max=12)
    with desk(tmp_path, place=place) as made:
        yield made


def together(here: Desk) -> None:
    """Let several keepers work at the same time."""
    keepers = [here.reborn() for _ in range(KEEPERS)]
    at_once = Barrier(KEEPERS)

    def work(one: Desk) -> None:
        at_once.wait()
        one.tick()

    with ThreadPoolExecutor(KEEPERS) as pool:
        list(pool.map(work, keepers))


def test_of_several_keepers_one_starts_each_run(here: Desk) -> None:
    texts = [
        schedule('["21:55"]', name=f"s{number}") + f"params: {{target: /{number}}}\n"
        for number in range(SCHEDULES)
    ]
    here.apply("\n---\n".join(texts))
    together(here)

    here.hands.now = here.hands.now.replace(hour=22)
    together(here)
    together(here)

    assert len(here.runs()) == SCHEDULES
    assert len({run.params for run in here.runs()}) == SCHEDULES
    assert sum(row.state.value == "started" for row in here.rows()) == SCHEDULES


def test_a_start_that_is_fired_while_it_is_changed_is_one_or_the_other(here: Desk) -> None:
    here.schedule('["21:55", "21:56", "21:57", "21:58"]')
    keys = [row.key for row in here.rows() if row.start.day == here.hands.now.day]
    here.hands.now = here.hands.now.replace(hour=22)
    at_once = Barrier(2)

    def fire() -> None:
        at_once.wait()
        here.reborn().tick()

    def skip() -> None:
        at_once.wait()
        for key in keys:
            with suppress(StartSettled):
                here.plans.skip(key, here.act())

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(fire), pool.submit(skip)]:
            done.result()

    states = [here.row(str(key)) for key in keys]
    assert all((row.run is not None) is (row.state.value == "started") for row in states)
    assert len(here.runs()) == sum(row.state.value == "started" for row in states)
