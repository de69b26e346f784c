"""The near plan follows the rules, and what is due is started once."""

from datetime import timedelta

from tests.services.controller.plan.desk import BOB, Desk, instant, schedule

OFFICE = """kind: calendar
name: office
week: {open: [mon, tue, wed, thu, fri, sat, sun]}
valid: {from: 2026-01-01, to: 2026-05-25}
---
"""


def test_starts_of_two_days_have_rows(here: Desk) -> None:
    here.schedule('["21:55"]')

    assert here.states() == {"2026-05-24 21:55": "fixed", "2026-05-25 21:55": "fixed"}


def test_a_due_start_is_started_once(here: Desk) -> None:
    here.schedule('["21:55"]')

    here.at("24 21:54:59")
    before = here.started()
    here.at("24 21:55")
    here.at("24 21:55:01")

    assert not before
    assert here.started() == ["05-24 21:55"]
    row, run = here.row("24 21:55"), here.runs()[0]
    assert (row.state.value, row.run) == ("started", run.run)
    assert run.by == "schedule nightly"
    assert run.operating_day.isoformat() == "2026-05-24"


def test_a_keeper_that_works_when_it_wants_starts_everything_in_time(here: Desk) -> None:
    here.schedule('["21:55", "25:30"]')

    here.pass_until("27 12:00")

    wanted = ["24 21:55", "25 01:30", "25 21:55", "26 01:30", "26 21:55", "27 01:30"]
    assert here.started() == [f"05-{each}" for each in wanted]
    late = [run.created_at - run.planned_start for run in here.runs()]
    assert max(late) < timedelta(seconds=1)


def test_a_late_evening_hour_belongs_to_its_operating_day(here: Desk) -> None:
    here.schedule('["25:30"]')

    here.at("25 01:30")

    assert [str(run.operating_day) for run in here.runs()] == ["2026-05-24"]


def test_the_next_process_goes_on_where_the_one_before_has_died(here: Desk) -> None:
    here.schedule('["21:55"]')
    here.at("24 21:55")

    here.reborn().at("24 21:56")

    assert here.started() == ["05-24 21:55"]


def test_starts_that_were_never_rows_are_seen_after_a_long_outage(here: Desk) -> None:
    here.schedule('rules: [{at: ["21:55"]}]\nmisfire: {policy: run_all, grace: 1m}')

    here.reborn().at("29 12:00")

    wanted = ["24", "25", "26", "27", "28"]
    assert here.started() == [f"05-{day} 21:55" for day in wanted]


def test_an_outage_that_is_too_long_is_told(here: Desk) -> None:
    here.schedule('["21:55"]')

    after = here.reborn().at("2026-07-01T12:00:00")

    assert "are left out" in after.made.keeper.health.problems[""]


def test_a_rule_that_changes_moves_what_is_still_to_come(here: Desk) -> None:
    here.schedule('["21:55"]')

    here.schedule('["22:55"]')

    assert here.states() == {"2026-05-24 22:55": "fixed", "2026-05-25 22:55": "fixed"}


def test_a_schedule_that_is_gone_starts_nothing_more(here: Desk) -> None:
    here.schedule('["21:55"]')

    here.apply("kind: queue\nname: q\nlimit: 1\n")
    here.pass_until("25 12:00")

    assert not here.rows()
    assert not here.runs()


def test_a_start_between_an_apply_and_the_keeper_is_not_lost(here: Desk) -> None:
    here.hands.now = instant("24 21:54:59")
    here.apply(schedule('["21:55"]'))

    here.reborn().at("24 21:56")

    assert here.started() == ["05-24 21:55"]


def test_a_new_schedule_owes_nothing_of_before_it_was_applied(here: Desk) -> None:
    here.hands.now = instant("24 22:00")

    here.schedule('["21:55"]')

    assert "2026-05-24 21:55" not in here.states()


def test_what_a_corrected_rule_would_have_started_is_told_and_not_run(here: Desk) -> None:
    here.schedule('["23:00"]')
    here.at("24 22:00")

    here.schedule('["21:55", "23:00"]')
    here.pass_until("24 23:30")

    assert here.states()["2026-05-24 21:55"] == "missed"
    assert "missed by calendar change" in here.row("24 21:55").detail
    assert here.started() == ["05-24 23:00"]


def test_a_start_that_its_rules_put_into_the_past_is_told_and_not_run(here: Desk) -> None:
    here.schedule('["21:55"]')
    here.at("24 20:00")

    here.apply(schedule('["21:55"]').replace("UTC", "Asia/Tokyo"))
    here.pass_until("25 12:00")

    assert here.row("24 21:55").state.value == "missed"
    assert "missed by calendar change" in here.row("24 21:55").detail
    assert not here.started()


def test_two_schedules_that_mean_the_same_run_start_it_once(here: Desk) -> None:
    texts = [schedule('["21:55"]', name=name) for name in ("nightly", "other")]
    here.apply("\n---\n".join(texts))
    here.tick()

    here.at("24 21:55")

    assert here.started() == ["05-24 21:55"]
    assert here.row("24 21:55").merged == 1
    assert here.row("other|pay|2026-05-24|21:55").state.value == "merged"


def test_other_params_make_another_run(here: Desk) -> None:
    other = schedule('rules: [{at: ["21:55"]}]\nparams: {target: /other}', name="other")
    here.apply(schedule('["21:55"]') + "\n---\n" + other)
    here.tick()

    here.at("24 21:55")

    assert [run.params for run in here.runs()] == ['{"target": "/srv"}', '{"target": "/other"}']


def test_a_start_whose_params_do_not_fit_any_more_is_missed_and_says_why(here: Desk) -> None:
    here.schedule('["21:55"]')
    here.plans.add("bill", instant("24 20:00"), None, {"target": "/b"}, here.act())
    networks = "kind: network\nname: bill\nflow: [{id: nap, wait_for: 1s}]\n"

    here.definitions.apply_texts(
        [("networks.yml", networks)], base=str(here.folder), by=BOB, prune=True
    )
    here.at("24 20:00")

    row = here.row("|bill|2026-05-24|20:00")
    assert row.state.value == "missed"
    assert "'target' is not declared" in row.detail


def test_while_the_clocks_disagree_nothing_is_started(here: Desk) -> None:
    here.schedule('["21:55"]')
    here.at("24 21:54")

    here.hands.jumped = timedelta(minutes=5)
    here.at("24 21:59")
    doubted = (here.started(), here.made.keeper.health.clock_jump_seconds)
    here.hands.jumped = timedelta(0)
    here.at("24 21:55:10")
    here.made.keeper._doubt.trust()
    here.tick()

    assert doubted == ([], 300.0)
    assert here.started() == ["05-24 21:55"]


def test_a_clock_that_goes_back_starts_nothing_again(here: Desk) -> None:
    here.schedule('["21:55"]')
    here.at("24 22:00")

    here.hands.now = instant("24 21:00")
    here.reborn().pass_until("24 22:30")

    assert here.started() == ["05-24 21:55"]


def test_a_schedule_that_says_nothing_is_told(here: Desk) -> None:
    here.apply(OFFICE + schedule('calendar: office\nrules: [{at: ["21:55"]}]'))

    here.tick()

    assert list(here.states()) == ["2026-05-24 21:55", "2026-05-25 21:55"]
    assert {name: str(day) for name, day in here.made.keeper.health.ends.items()} == {
        "nightly": "2026-05-25"
    }
