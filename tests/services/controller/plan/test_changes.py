"""Changes on the day: made once, kept when the rules are worked out anew, taken back, refused."""

from collections.abc import Callable
from datetime import date

import pytest
from jobnet.errors import ControllerError
from jobnet.errors.controller import NetworkNotApplied
from jobnet.errors.plan import (
    ChangeNotFound,
    InstantPassed,
    InstantTooFar,
    StartNotPlanned,
    StartSettled,
    StartUnchanged,
)
from jobnet.errors.project import ParamsRefused
from jobnet.ports.store.plan import ChangeKind
from jobnet.services.controller.plan.entries import PlanEntry, PlanWish

from tests.services.controller.plan.desk import Desk, instant, key_of, schedule

TONIGHT = key_of("24 21:55")
FAR = key_of("30 21:55")


@pytest.fixture
def there(here: Desk) -> Desk:
    here.schedule('["21:55"]')
    return here


def again(there: Desk) -> Desk:
    """Apply something else, so that the rules are worked out anew."""
    there.apply(schedule('["21:55"]') + f"\n---\nkind: queue\nname: q{there.hands.now:%d%H}\n")
    there.tick()
    return there


def test_a_start_that_was_moved_starts_then_and_keeps_its_day(there: Desk) -> None:
    entry = there.plans.move(TONIGHT, instant("25 03:00"), there.act(reason="the line is down"))
    again(there).pass_until("25 12:00")

    assert (entry.start, entry.nominal_start) == (instant("25 03:00"), instant("24 21:55"))
    assert [(row.planned_start, str(row.operating_day)) for row in there.runs()] == [
        (instant("25 03:00"), "2026-05-24")
    ]


def test_a_start_that_was_skipped_is_not_run(there: Desk) -> None:
    there.plans.skip(TONIGHT, there.act())

    again(there).pass_until("25 22:00")

    assert there.started() == ["05-25 21:55"]
    assert there.row("24 21:55").state.value == "skipped"


def test_a_held_start_waits_until_it_is_released(there: Desk) -> None:
    there.plans.hold(TONIGHT, there.act())
    again(there).pass_until("24 23:00")
    before = there.started()

    there.plans.release(TONIGHT, there.act())
    there.tick()

    assert (before, there.started()) == ([], ["05-24 21:55"])
    assert there.runs()[0].created_at == instant("24 23:00")


def test_a_start_that_is_released_before_its_time_starts_as_planned(there: Desk) -> None:
    there.plans.hold(TONIGHT, there.act())

    there.plans.release(TONIGHT, there.act())
    there.pass_until("24 22:00")

    assert there.runs()[0].created_at == instant("24 21:55")


def test_params_are_changed_for_one_start_and_those_not_named_stay(there: Desk) -> None:
    there.plans.set_params(TONIGHT, {"target": "/tonight"}, there.act())

    again(there).pass_until("25 22:00")

    assert [row.params for row in there.runs()] == ['{"target": "/tonight"}', '{"target": "/srv"}']


def test_a_start_beyond_the_near_plan_keeps_its_change_until_it_comes(there: Desk) -> None:
    there.plans.move(FAR, instant("31 04:00"), there.act())

    again(there).at("30 21:00")
    there.pass_until("31 05:00")

    assert there.started()[-1] == "05-31 04:00"
    assert "05-30 21:55" not in there.started()


def test_a_start_may_be_moved_from_far_ahead_into_the_near_plan(there: Desk) -> None:
    there.plans.move(FAR, instant("24 12:00"), there.act())

    again(there).pass_until("24 13:00")

    assert [str(row.operating_day) for row in there.runs()] == ["2026-05-30"]


def test_an_added_start_is_run_once(there: Desk) -> None:
    entry = there.plans.add("bill", instant("24 10:00"), None, {"target": "/b"}, there.act())

    again(there).pass_until("24 11:00")

    (run,) = there.runs()
    assert str(entry.key) == "|bill|2026-05-24|10:00"
    assert (run.network, run.by, run.params) == ("bill", "bob", '{"target": "/b"}')


def test_two_starts_that_are_added_for_one_instant_are_two(there: Desk) -> None:
    for target in ("/a", "/b"):
        there.plans.add("bill", instant("24 10:00"), None, {"target": target}, there.act())

    there.pass_until("24 11:00")

    assert [row.params for row in there.runs()] == ['{"target": "/a"}', '{"target": "/b"}']


def test_a_copy_starts_on_another_day_with_the_same_params(there: Desk) -> None:
    entry = there.plans.copy(TONIGHT, date(2026, 5, 28), there.act())

    assert (entry.start, entry.key.operating_day) == (instant("28 21:55"), date(2026, 5, 28))
    assert entry.state == "fixed"


def test_a_missed_start_is_started_now_with_its_own_day(there: Desk) -> None:
    there.schedule('rules: [{at: ["21:55"]}]\nmisfire: {policy: skip, grace: 1m}')
    after = there.reborn().at("25 06:00")
    missed = after.row("24 21:55").state.value

    after.plans.start_now(TONIGHT, after.act())
    after.tick()

    assert missed == "missed"
    assert [str(row.operating_day) for row in after.runs()] == ["2026-05-24"]


def test_a_start_that_has_no_day_starts_where_somebody_puts_it(here: Desk) -> None:
    rule = "{day_of_month: [26], on_closed_day: next, max_shift: 2, at: ['21:55']}"
    office = "kind: calendar\nname: office\nweek: {open: [mon]}\n---\n"
    here.apply(office + schedule(f"calendar: office\nrules: [{rule}]"))
    here.at("25 06:00")

    here.plans.move(key_of("26 21:55"), instant("27 03:00"), here.act())
    here.pass_until("27 04:00")

    assert here.started() == ["05-27 03:00"]


def test_the_same_key_does_the_same_act_once(there: Desk) -> None:
    acts = [there.act(key="one") for _ in range(2)]

    entries = [there.plans.add("bill", instant("24 10:00"), None, {}, act) for act in acts]
    skips = [there.plans.skip(TONIGHT, there.act(key="two")) for _ in range(2)]

    assert entries[0] == entries[1]
    assert skips[0] == skips[1]
    assert len(there.store.read(lambda tx: tx.audits.page(before=None, limit=9, subject="st"))) == 2


def test_a_change_that_is_taken_back_leaves_the_start_as_the_rules_say(there: Desk) -> None:
    entry = there.plans.move(TONIGHT, instant("25 03:00"), there.act())

    back = there.plans.take_back(entry.changes[0].id, there.act())

    assert (back.start, back.changes) == (instant("24 21:55"), ())
    again(there).pass_until("24 22:00")
    assert there.started() == ["05-24 21:55"]


def test_an_added_start_that_is_taken_back_is_gone(there: Desk) -> None:
    entry = there.plans.add("bill", instant("24 10:00"), None, {}, there.act())

    back = there.plans.take_back(entry.changes[0].id, there.act())

    assert back is None
    there.pass_until("24 11:00")
    assert not there.runs()


def test_a_change_whose_start_is_gone_is_lost_and_counts_again_when_it_comes_back(
    there: Desk,
) -> None:
    there.plans.move(TONIGHT, instant("24 23:00"), there.act())

    there.schedule('["20:00"]')
    lost = there.plans.show(wish_of(there)).lost
    there.schedule('["21:55"]')
    there.pass_until("24 23:30")

    assert [change.kind for change in lost] == [ChangeKind.MOVE]
    assert not there.plans.show(wish_of(there)).lost
    assert there.started() == ["05-24 23:00"]


def wish_of(there: Desk) -> PlanWish:
    now = there.hands.now
    return PlanWish(first=now, last=now.replace(day=31))


Change = Callable[[Desk], PlanEntry]


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (lambda at: at.plans.move(TONIGHT, instant("24 05:00"), at.act()), InstantPassed),
        (lambda at: at.plans.move(TONIGHT, instant("24 21:55"), at.act()), StartUnchanged),
        (
            lambda at: at.plans.move(TONIGHT, instant("2036-05-24T21:55:00"), at.act()),
            InstantTooFar,
        ),
        (lambda at: at.plans.skip(key_of("24 21:56"), at.act()), StartNotPlanned),
        (lambda at: at.plans.skip(key_of("24 <b>"), at.act()), StartNotPlanned),
        (lambda at: at.plans.skip(key_of("23 21:55"), at.act()), StartNotPlanned),
        (lambda at: at.plans.release(TONIGHT, at.act()), StartUnchanged),
        (lambda at: at.plans.copy(TONIGHT, date(2026, 5, 24), at.act()), StartUnchanged),
        (lambda at: at.plans.copy(TONIGHT, date(2026, 5, 23), at.act()), InstantPassed),
        (
            lambda at: at.plans.add("pai", instant("24 10:00"), None, {}, at.act()),
            NetworkNotApplied,
        ),
        (lambda at: at.plans.add("pay", instant("23 10:00"), None, {}, at.act()), InstantPassed),
        (
            lambda at: at.plans.add("pay", instant("24 10:00"), None, {"x": 1}, at.act()),
            ParamsRefused,
        ),
        (lambda at: at.plans.set_params(TONIGHT, {"x": 1}, at.act()), ParamsRefused),
        (lambda at: at.plans.take_back("none", at.act()), ChangeNotFound),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    there: Desk, change: Change, refusal: type[ControllerError]
) -> None:
    before = there.rows()

    with pytest.raises(refusal):
        change(there)

    assert there.rows() == before
    assert not there.store.read(lambda tx: tx.plan.changes())


@pytest.mark.parametrize("verb", ["move", "skip", "hold", "release", "start_now", "set_params"])
def test_nobody_changes_what_has_started(there: Desk, verb: str) -> None:
    there.at("24 21:55")
    more = {"move": (instant("25 03:00"),), "set_params": ({"target": "/x"},)}.get(verb, ())

    with pytest.raises(StartSettled, match="has started as run"):
        getattr(there.plans, verb)(TONIGHT, *more, there.act())

    assert there.started() == ["05-24 21:55"]
