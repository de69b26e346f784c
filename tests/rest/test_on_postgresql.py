"""The API over PostgreSQL answers as it does over a file."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jobnet.storage import PostgresPlace

from tests.rest.serving import ASK, Served, eventually, served
from tests.rest.test_live import listening, numbers_of, write_notes
from tests.storage.postgres import PostgresServer

pytestmark = pytest.mark.parts


@pytest.fixture
def controller(tmp_path: Path) -> Iterator[Served]:
    with PostgresServer() as server:
        place = PostgresPlace(url=server.new_database(), connections_max=12)
        with served(tmp_path, place=place) as found:
            found.apply(ASK)
            yield found


def test_everything_can_be_looked_at_and_keys_count_once(controller: Served) -> None:
    client = controller.client
    key = {"Idempotency-Key": "once"}
    run = client.start()
    client.post(f"/runs/{run}/parts/pause/hold", json={"reason": "storm"})
    client.post(f"/runs/{run}/parts/go_on/answer", json={"choice": "yes"})
    twice = [client.post("/runs", json={"network": "ask"}, headers=key) for _ in range(2)]

    paths = (
        "/runs?limit=1&open=true&folder=&since=2000-01-01T00:00:00Z",
        "/run-ids?prefix=ask",
        f"/runs/{run}",
        f"/runs/{run}/parts",
        f"/runs/{run}/parts/pause",
        f"/runs/{run}/parts/pause/output",
        f"/runs/{run}/journal?after=2&limit=3",
        f"/runs/{run}/why",
        "/networks",
        "/networks/ask",
        "/networks/ask/last",
        "/definitions",
        "/definitions/network/ask/versions",
        "/status",
        "/deviations",
        "/changes?since=2000-01-01T00:00:00Z",
        "/dialogs",
        "/audit?subject=ask&by=admin",
        "/queues",
        "/resources",
        "/live",
    )
    found = {path: client.get(path).status_code for path in paths}

    assert found == dict.fromkeys(paths, 200)
    assert twice[0].content == twice[1].content
    assert [each["what"] for each in client.shown("/deviations")["items"]] == [f"{run}/pause"]
    journal = client.shown(f"/runs/{run}/journal", after=2, limit=3)["items"]
    assert [entry["position"] for entry in journal] == [3, 4, 5]


def test_a_stream_loses_and_doubles_nothing(controller: Served) -> None:
    write_notes(controller, range(1))
    eventually(lambda: controller.client.shown("/live")["next"])
    place, seen = str(controller.client.shown("/live")["next"]), []
    for first in range(0, 40, 20):
        write_notes(controller, range(first, first + 20))
        with listening(controller.client, headers={"Last-Event-ID": place}) as events:
            some = [next(events) for _ in range(13)]
        place = some[-1][1]
        seen += some

    assert numbers_of(seen) == list(range(26))
