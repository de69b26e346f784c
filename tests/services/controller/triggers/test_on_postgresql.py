"""Start conditions and windows on PostgreSQL, where transactions run beside each other."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from jobnet.engine.states import State
from jobnet.schedules.windows import WindowTargets
from jobnet.services.controller.settings import Change
from jobnet.services.controller.windows.windows import WindowWish
from jobnet.storage import PostgresPlace

from tests.services.controller.office import BOB, now, office, wait_until
from tests.services.controller.triggers.starting import known, network, runs, settled
from tests.storage.postgres import PostgresServer

pytestmark = pytest.mark.parts

EVENTS = 5


@pytest.fixture
def place() -> Iterator[PostgresPlace]:
    with PostgresServer() as server:
        yield PostgresPlace(url=server.new_database(), connections_max=12)


def test_each_event_and_each_end_starts_one_run_and_a_window_holds_them(
    tmp_path: Path, place: PostgresPlace
) -> None:
    with office(tmp_path, place=place) as here:
        here.apply(network("pick", "{event: {name: ordered}}") + network("pack", "{network: pick}"))
        wait_until(lambda: known(here))
        wish = WindowWish(
            name="shut", last=now() + timedelta(hours=1), targets=WindowTargets(networks=("pick",))
        )
        here.controller.windows.open_by_hand(wish, Change(by=BOB))

        for number in range(EVENTS):
            here.send("ordered", data={"number": number})
        wait_until(lambda: len(runs(here, "pick")) == EVENTS)
        wait_until(lambda: all("shut" in row.detail for row in runs(here, "pick")))
        here.controller.windows.close("shut", Change(by=BOB))

        wait_until(lambda: len(runs(here, "pack")) == EVENTS)
        settled(here)
        assert [here.ended(row.run).state for row in runs(here, "pack")] == [State.NORMAL] * EVENTS
        assert len(runs(here, "pack")) == EVENTS
