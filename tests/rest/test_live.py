"""Live notes: paged and streamed, none lost and none twice, over broken connections too."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from jobnet.ids import RunId
from jobnet.ports.store import LiveNote
from jobnet.services.controller.bells import Worker

from tests.rest.serving import Caller, Served, eventually, served

Event = tuple[str, str, Any]


def write_notes(controller: Served, numbers: range, run: str = "other") -> None:
    """Write notes as a turn would, and ring."""
    store = controller.office.store
    at = store.now()
    notes = [
        LiveNote(run=RunId(run), kind="test", payload=json.dumps({"number": number}), at=at)
        for number in numbers
    ]
    store.write(lambda tx: tx.live.add(notes))
    controller.office.controller.bells.ring([Worker.LIVE])


@contextmanager
def listening(client: Caller, **given: Any) -> Iterator[Iterator[Event]]:  # noqa: ANN401
    """Open the stream and return its events: kind, cursor, data."""
    with client.stream("GET", "/live/stream", **given) as answer:
        assert answer.status_code == 200, answer.read()
        yield parsed(answer)


def parsed(answer: httpx.Response) -> Iterator[Event]:
    fields: dict[str, str] = {}
    for line in answer.iter_lines():
        if not line:
            if "event" in fields:
                yield fields["event"], fields.get("id", ""), json.loads(fields["data"])
            fields = {}
            continue
        name, _, value = line.partition(": ")
        fields[name] = value


def numbers_of(events: list[Event]) -> list[int]:
    return [data["data"]["number"] for kind, _, data in events if kind == "note"]


def test_a_page_without_a_cursor_says_where_to_begin(controller: Served) -> None:
    write_notes(controller, range(3))

    begin = controller.client.shown("/live")
    write_notes(controller, range(3, 5))
    page = controller.client.shown("/live", after=begin["next"])

    assert begin["items"] == []
    assert [note["data"]["number"] for note in page["items"]] == [3, 4]
    assert controller.client.shown("/live", after=page["next"])["items"] == []


def test_notes_are_paged_in_order(controller: Served) -> None:
    begin = controller.client.shown("/live")["next"]
    write_notes(controller, range(7))

    seen, after = [], begin
    while page := controller.client.shown("/live", after=after, limit=3)["items"]:
        seen += [note["data"]["number"] for note in page]
        after = page[-1]["cursor"]

    assert seen == list(range(7))


def test_only_notes_of_one_run(controller: Served) -> None:
    begin = controller.client.shown("/live")["next"]
    write_notes(controller, range(3))
    write_notes(controller, range(3, 6), run="mine")

    page = controller.client.shown("/live", after=begin, run="mine")

    assert [note["data"]["number"] for note in page["items"]] == [3, 4, 5]


def test_a_run_that_is_started_is_seen_at_once(client: Caller) -> None:
    with listening(client) as events:
        assert next(events)[0] == "begin"
        run = client.start()

        kind, _, note = next(events)

    assert (kind, note["run"]) == ("note", run)


def test_a_stream_goes_on_where_the_last_one_broke(controller: Served) -> None:
    client, seen = controller.client, list[int]()
    place = str(client.shown("/live")["next"])
    for first in range(0, 60, 20):
        write_notes(controller, range(first, first + 20))
        with listening(client, headers={"Last-Event-ID": place}) as events:
            for _ in range(13):
                kind, place, note = next(events)
                assert kind == "note"
                seen.append(note["data"]["number"])

    assert seen == list(range(39))


def test_several_who_listen_all_get_everything_once(controller: Served) -> None:
    count, found = 4, dict[int, list[int]]()
    place = str(controller.client.shown("/live")["next"])

    def listen_to(number: int) -> None:
        with listening(controller.client, params={"after": place}) as events:
            found[number] = numbers_of([next(events) for _ in range(300)])

    threads = [threading.Thread(target=listen_to, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for first in range(0, 300, 30):
        write_notes(controller, range(first, first + 30))
    for thread in threads:
        thread.join()

    assert found == {number: list(range(300)) for number in range(count)}


@pytest.mark.parametrize("place", ["10000000", "9" * 18])
def test_a_cursor_of_another_database_is_reset(controller: Served, place: str) -> None:
    with listening(controller.client, headers={"Last-Event-ID": place}) as events:
        kind, cursor, _ = next(events)
        write_notes(controller, range(2))
        after = [next(events) for _ in range(2)]

    assert kind == "reset"
    assert int(cursor) < int(place)
    assert numbers_of(after) == [0, 1]


@pytest.mark.parametrize("place", ["", "x", "-1", "1.5", "9" * 20])
def test_what_is_no_cursor_is_refused(client: Caller, place: str) -> None:
    answer = client.get("/live/stream", headers={"Last-Event-ID": place})

    assert (answer.status_code, answer.json()["code"]) == (422, "cursor_refused")


def test_a_stream_ends_when_the_controller_does(controller: Served) -> None:
    with listening(controller.client) as events:
        assert next(events)[0] == "begin"
        controller.app.state.streams.end()

        rest = list(events)

    assert [kind for kind, _, _ in rest] == ["end"]


def test_who_has_gone_is_forgotten(controller: Served) -> None:
    streams = controller.app.state.streams
    with listening(controller.client) as events:
        next(events)
        assert len(streams._ears) == 1

    eventually(lambda: not streams._ears)
    write_notes(controller, range(1))
    eventually(lambda: not streams._is_heard)


def test_a_stream_goes_on_after_a_restart_of_the_controller(tmp_path: Path) -> None:
    with served(tmp_path) as first:
        write_notes(first, range(5))
        with listening(first.client, params={"after": 0}) as events:
            seen = [next(events) for _ in range(3)]
    place = seen[-1][1]

    with served(tmp_path) as second:
        write_notes(second, range(5, 8))
        with listening(second.client, headers={"Last-Event-ID": place}) as events:
            seen += [next(events) for _ in range(5)]

    assert numbers_of(seen) == list(range(8))
