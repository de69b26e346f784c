"""Networks that start when an event comes or another network has ended."""

from pathlib import Path

from jobnet.engine.states import State

from tests.services.controller.office import office, wait_until
from tests.services.controller.triggers.starting import (
    known,
    network,
    one_run,
    runs,
    settled,
    unused,
)

TAKES = "{ordered: {type: dict}}"


def test_an_event_starts_the_network_once_and_says_so(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        here.apply(network("pick", "{event: {name: ordered}, as: ordered}", params=TAKES))
        wait_until(lambda: known(here))

        here.send("ordered", data={"number": 7})
        run = one_run(here, "pick")

        assert run.state is State.NORMAL
        assert run.by == "event ordered from bob"
        assert '"number": 7' in run.params
        settled(here)
        assert len(runs(here, "pick")) == 1


def test_an_event_that_is_sent_twice_under_one_key_starts_one_run(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        here.apply(network("pick", "{event: {name: ordered}}"))
        wait_until(lambda: known(here))

        here.send("ordered")
        one_run(here, "pick")
        here.send("ordered")
        settled(here)

        assert len(runs(here, "pick")) == 1


def test_each_of_two_events_starts_a_run(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        here.apply(network("pick", "{any: [{event: {name: ordered}}, {event: {name: asked}}]}"))
        wait_until(lambda: known(here))

        here.send("ordered")
        here.send("asked")

        wait_until(lambda: len(runs(here, "pick")) == 2)


def test_an_event_whose_data_does_not_fit_starts_nothing(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        source = '{event: {name: ordered, where: "event.data.number > 5"}}'
        here.apply(network("pick", source))
        wait_until(lambda: known(here))

        here.send("ordered", data={"number": 3})
        here.send("ordered", data={"other": 9})
        here.send("ordered", data={"number": 6})
        one_run(here, "pick")
        settled(here)

        assert len(runs(here, "pick")) == 1


def test_an_event_of_before_the_condition_starts_nothing(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        here.send("ordered")
        here.apply(network("pick", "{event: {name: ordered}}"))
        settled(here)

        here.send("ordered", data={"later": True})
        one_run(here, "pick")
        settled(here)

        assert len(runs(here, "pick")) == 1


def test_a_good_end_starts_what_follows_on_its_operating_day(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        here.apply(network("extract") + network("load", "{network: extract}"))
        wait_until(lambda: known(here))

        extract = here.start("extract", day="2026-05-29")
        run = one_run(here, "load")

        assert run.operating_day.isoformat() == "2026-05-29"
        assert run.by == f"extract ended normal ({extract})"


def test_a_bad_end_starts_only_who_waits_for_any_end(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        here.apply(
            network("extract").replace("wait_for: 0s", "wait_event: {name: go, timeout: 1s}")
            + network("load", "{network: extract}")
            + network("tell", "{network: extract, result: ended}")
        )
        wait_until(lambda: known(here))

        here.start("extract")
        one_run(here, "tell")
        settled(here)

        assert not runs(here, "load")


def test_all_waits_for_the_last_of_the_same_day(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        here.apply(
            network("extract") + network("load", "{all: [{network: extract}, {event: {name: go}}]}")
        )
        wait_until(lambda: known(here))

        here.start("extract", day="2026-05-28")
        here.send("go")
        settled(here)
        wait_until(lambda: unused(here, "network load") == 2)
        assert not runs(here, "load")
        here.start("extract")

        assert one_run(here, "load").by.endswith("and 1 more")
        wait_until(lambda: unused(here, "network load") == 1)


def test_once_a_day_is_once_a_day(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        here.apply(network("pick", "{event: {name: ordered}, once_per: operating_day}"))
        wait_until(lambda: known(here))

        here.send("ordered", data={"number": 1})
        one_run(here, "pick")
        here.send("ordered", data={"number": 2})
        settled(here)
        wait_until(lambda: unused(here, "network pick") == 1)

        assert len(runs(here, "pick")) == 1
        (view,) = here.controller.triggers.show()
        assert view.has_started


def test_what_was_sent_while_the_controller_was_down_starts_once_in_the_next_process(
    tmp_path: Path,
) -> None:
    with office(tmp_path) as before:
        before.apply(network("pick", "{event: {name: ordered}}"))
        wait_until(lambda: known(before))
    with office(tmp_path, is_started=False) as between:
        between.send("ordered")

    with office(tmp_path) as after:
        one_run(after, "pick")
        settled(after)
        assert len(runs(after, "pick")) == 1


def test_a_condition_that_is_changed_starts_with_nothing_seen(tmp_path: Path) -> None:
    condition = "{all: [{event: {name: ordered}}, {event: {name: OTHER}}]}"
    with office(tmp_path) as here:
        here.apply(network("pick", condition.replace("OTHER", "paid")))
        wait_until(lambda: known(here))
        here.send("ordered")
        wait_until(lambda: unused(here, "network pick") == 1)

        here.apply(network("pick", condition.replace("OTHER", "packed")))

        wait_until(lambda: unused(here, "network pick") == 0)


def test_another_edition_that_leaves_the_condition_as_it_is_keeps_what_came(
    tmp_path: Path,
) -> None:
    condition = "{all: [{event: {name: ordered}}, {event: {name: paid}}]}"
    with office(tmp_path) as here:
        here.apply(network("pick", condition))
        wait_until(lambda: known(here))
        here.send("ordered")
        wait_until(lambda: unused(here, "network pick") == 1)

        here.apply(network("pick", condition, more="title: Picks what was ordered"))
        here.send("paid")

        one_run(here, "pick")


def test_a_condition_that_is_removed_is_dropped(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        here.apply(network("pick", "{event: {name: ordered}}"))
        wait_until(lambda: known(here))

        here.apply(network("pick"))

        wait_until(lambda: not here.store.read(lambda tx: tx.triggers.all()))


def test_a_schedule_starts_its_networks_with_its_params(tmp_path: Path) -> None:
    schedule = """---
kind: schedule
name: on_order
networks: [pick, pack]
params: {shelf: upper}
start_on: {event: {name: ordered}}
"""
    shelf = "{shelf: {type: str}}"
    with office(tmp_path) as here:
        here.apply(network("pick", params=shelf) + network("pack", params=shelf) + schedule)
        wait_until(lambda: known(here))

        here.send("ordered")

        assert "upper" in one_run(here, "pick").params
        assert "upper" in one_run(here, "pack").params


def test_a_schedule_that_is_paused_today_starts_nothing(tmp_path: Path) -> None:
    schedule = """---
kind: schedule
name: on_order
networks: [pick]
start_on: {event: {name: ordered}}
pause: {from: 2026-01-01}
"""
    with office(tmp_path) as here:
        here.apply(network("pick") + network("pack", "{event: {name: ordered}}") + schedule)
        wait_until(lambda: known(here))

        here.send("ordered")
        one_run(here, "pack")
        settled(here)

        assert not runs(here, "pick")


def test_what_cannot_be_started_is_told_and_starts_when_the_definition_is_mended(
    tmp_path: Path,
) -> None:
    condition = "{event: {name: ordered}, as: ordered}"
    with office(tmp_path) as here:
        unwanted = TAKES.replace("dict", "dict, choices: [{number: 1}]")
        here.apply(network("pick", condition, params=unwanted))
        wait_until(lambda: known(here))

        here.send("ordered")
        wait_until(lambda: here.controller.triggers.show()[0].problem)
        assert "ordered" in here.controller.triggers.show()[0].problem
        asks = [each.what for each in here.controller.views.status().attention]
        assert len([what for what in asks if "start condition of network pick" in what]) == 1
        here.apply(network("pick", condition, params=TAKES))

        one_run(here, "pick")
        wait_until(lambda: not here.controller.triggers.show()[0].problem)


def test_what_has_come_and_what_is_missing_is_shown(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        here.apply(network("pick", "{all: [{event: {name: ordered}}, {event: {name: paid}}]}"))
        wait_until(lambda: known(here))
        here.send("ordered")
        wait_until(lambda: unused(here, "network pick") == 1)

        (view,) = here.controller.triggers.show()

        assert [each.what for each in view.seen] == ["event ordered from bob"]
        assert view.missing == ("event paid",)
