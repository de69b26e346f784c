"""What becomes of starts whose time has passed: a table of policies, and starts nobody loses."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobnet.ids import EditionId
from jobnet.ports.store.plan import PlanRow, PlanState
from jobnet.schedules import Misfire, MisfirePolicy, OccurrenceKey
from jobnet.services.controller.plan.misfire import ALWAYS, judge, misfire_text, read_misfire

from tests.services.controller.plan.desk import Desk, instant

NOW = instant("25 06:00")


def due(minutes: float, misfire: Misfire | None, *, params: str = "{}", number: int = 0) -> PlanRow:
    """Return a start whose time has passed so long ago."""
    start = NOW - timedelta(minutes=minutes)
    nominal = f"{start:%H:%M}~{number}"
    return PlanRow(
        key=OccurrenceKey(schedule="s", network="n", operating_day=start.date(), nominal=nominal),
        start=start,
        nominal_start=start,
        state=PlanState.FIXED,
        zone="UTC",
        edition=EditionId(1),
        params=params,
        misfire=ALWAYS if misfire is None else misfire_text(misfire),
    )


def policy(name: str, *, grace: float = 5) -> Misfire:
    return Misfire(policy=MisfirePolicy(name), grace=timedelta(minutes=grace))


def ages(rows: Sequence[PlanRow]) -> list[int]:
    return [int((NOW - row.start).total_seconds() // 60) for row in rows]


@pytest.mark.parametrize(
    ("name", "late", "starting", "missed", "asking"),
    [
        ("run_all", [90, 60, 3], [90, 60, 3], [], []),
        ("run_latest", [90, 60, 30], [30], [90, 60], []),
        ("run_latest", [90, 60, 3], [3], [90, 60], []),
        ("run_latest", [4, 3], [4, 3], [], []),
        ("skip", [90, 60, 3], [3], [90, 60], []),
        ("ask", [90, 60, 3], [3], [], [90, 60]),
        ("ask", [5], [5], [], []),
    ],
)
def test_a_policy_says_what_becomes_of_late_starts(
    name: str, late: list[int], starting: list[int], missed: list[int], asking: list[int]
) -> None:
    found = judge([due(each, policy(name)) for each in late], NOW)

    assert ages(found.starting) == starting
    assert ages([row for row, _ in found.missed]) == missed
    assert ages([row for row, _ in found.asking]) == asking


def test_the_latest_of_each_params_is_run() -> None:
    rows = [due(90, policy("run_latest"), params="1"), due(60, policy("run_latest"), params="2")]

    found = judge(rows, NOW)

    assert ages(found.starting) == [90, 60]


def test_a_start_that_was_released_starts_however_late_it_is() -> None:
    found = judge([due(9_000, None)], NOW)

    assert ages(found.starting) == [9_000]


def test_where_more_is_to_be_read_nobody_is_the_latest_yet() -> None:
    rows = [due(each, policy("run_latest")) for each in (90, 60)]

    first = judge(rows, NOW, is_cut=True)
    then = judge(rows[1:], NOW, is_cut=True)

    assert (ages(first.starting), ages([row for row, _ in first.missed])) == ([], [90])
    assert ages(then.starting) == [60]


def test_a_misfire_comes_back_as_it_was_kept() -> None:
    kept = policy("ask", grace=90)

    assert read_misfire(misfire_text(kept)) == kept


@given(
    late=st.lists(
        st.tuples(st.integers(0, 600), st.sampled_from(list(MisfirePolicy)), st.integers(0, 2)),
        max_size=20,
    ),
    is_cut=st.booleans(),
)
def test_every_due_start_has_one_fate_and_there_is_always_progress(
    late: list[tuple[int, MisfirePolicy, int]], *, is_cut: bool
) -> None:
    rows = [
        due(minutes, Misfire(policy=name), params=str(params), number=number)
        for number, (minutes, name, params) in enumerate(sorted(late, reverse=True))
    ]

    found = judge(rows, NOW, is_cut=is_cut)

    settled = [*found.starting, *(row for row, _ in (*found.missed, *found.asking))]
    assert len({row.key for row in settled}) == len(settled)
    assert bool(settled) == bool(rows)
    assert is_cut or len(settled) == len(rows)


def test_after_an_outage_the_latest_start_is_run_and_the_others_say_why_not(here: Desk) -> None:
    here.schedule('rules: [{at: ["20:00", "21:00", "22:00"]}]')

    here.reborn().at("25 06:00")

    assert here.started() == ["05-24 22:00"]
    assert "a later start of the same schedule" in here.row("24 21:00").detail


def test_a_start_that_asks_waits_for_a_word_and_then_starts(here: Desk) -> None:
    here.schedule('rules: [{at: ["20:00"]}]\nmisfire: {policy: ask, grace: 5m}')
    after = here.reborn().at("24 23:00")
    asked = (after.row("24 20:00").state, after.started())

    after.plans.release(after.row("24 20:00").key, after.act())
    after.tick()

    assert asked == (PlanState.HELD, [])
    assert after.started() == ["05-24 20:00"]
