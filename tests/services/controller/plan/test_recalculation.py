"""The rules are worked out again and again: what is as it should be stays untouched."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jobnet.ids import EditionId, OperatorName
from jobnet.ports.store.plan import ChangeKind, PlanChange, PlanRow, PlanState
from jobnet.schedules import Occurrence, OccurrenceEnd, OccurrenceKey
from jobnet.services.controller.plan.drawn import Drawn, drawn
from jobnet.services.controller.plan.misfire import ALWAYS
from jobnet.services.controller.plan.recalculation import Recalculated, Span, recalculated
from jobnet.services.controller.plan.schedules import Source

from tests.services.controller.plan.desk import Desk, instant, key_of, schedule

NOW = instant("24 12:00")
HOURS = st.integers(-12, 47)
SPAN = Span(
    first=NOW - timedelta(hours=24),
    last=NOW + timedelta(hours=48),
    owed_from=NOW,
    applied_at=NOW,
    now=NOW,
    edition=EditionId(2),
    known=frozenset({"s"}),
)


def given_by_rules(hour: int) -> Drawn:
    start = NOW + timedelta(hours=hour)
    key = OccurrenceKey(
        schedule="s", network="n", operating_day=start.date(), nominal=f"{start:%H:%M}"
    )
    occurrence = Occurrence(key=key, end=OccurrenceEnd.PLANNED, start=start, zone="UTC")
    return drawn(occurrence, params="{}", misfire=ALWAYS)


def change(hour: int, kind: ChangeKind) -> PlanChange:
    moved = (NOW + timedelta(hours=abs(hour) + 1)).isoformat()
    value = {ChangeKind.MOVE: f'{{"start": "{moved}"}}', ChangeKind.PARAMS: '{"params": {}}'}
    return PlanChange(
        id=f"{hour} {kind}",
        key=given_by_rules(hour).key,
        kind=kind,
        value=value.get(kind, "{}"),
        by=OperatorName("bob"),
        at=NOW,
    )


def worked_out(
    hours: set[int], rows: dict[OccurrenceKey, PlanRow], changes: list[PlanChange]
) -> Recalculated:
    rules = {each.key: each for each in map(given_by_rules, sorted(hours))}
    return recalculated(list(rules.values()), list(rows.values()), changes, SPAN, rules.get)


def written(rows: dict[OccurrenceKey, PlanRow], done: Recalculated) -> dict[OccurrenceKey, PlanRow]:
    after = {key: row for key, row in rows.items() if key not in done.dropped}
    return {**after, **{row.key: row for row in (*done.added, *done.replaced)}}


def with_marks(changes: list[PlanChange], done: Recalculated) -> list[PlanChange]:
    marked = {each.id: each for each in done.changes}
    return [marked.get(each.id, each) for each in changes]


KINDS = st.sampled_from([ChangeKind.MOVE, ChangeKind.SKIP, ChangeKind.HOLD, ChangeKind.PARAMS])


@settings(deadline=None)
@given(before=st.sets(HOURS), after=st.sets(HOURS), changed=st.dictionaries(HOURS, KINDS))
def test_whatever_changes_the_second_time_there_is_nothing_to_do(
    before: set[int], after: set[int], changed: dict[int, ChangeKind]
) -> None:
    changes = [change(hour, kind) for hour, kind in changed.items()]
    first = worked_out(before, {}, changes)
    rows, changes = written({}, first), with_marks(changes, first)

    second = worked_out(after, rows, changes)
    rows, changes = written(rows, second), with_marks(changes, second)

    assert worked_out(after, rows, changes).is_empty
    to_come = {key for key, row in rows.items() if row.start > NOW and row.nominal_start > NOW}
    assert to_come == {given_by_rules(hour).key for hour in after if hour > 0}


@settings(deadline=None)
@given(
    hours=st.sets(HOURS), state=st.sampled_from([PlanState.STARTED, PlanState.MISSED]), hour=HOURS
)
def test_what_has_started_or_was_missed_is_never_touched(
    hours: set[int], state: PlanState, hour: int
) -> None:
    rows = written({}, worked_out({hour}, {}, []))
    key = given_by_rules(hour).key
    if key in rows:
        rows[key] = replace(rows[key], state=state)

    done = worked_out(hours, rows, [])

    assert key not in done.dropped or key not in rows
    assert key not in {row.key for row in done.replaced}


def test_a_plan_with_everything_in_it_is_not_written_again(here: Desk) -> None:
    here.apply(
        schedule('["20:00", "21:00", "22:00", "23:00"]')
        + "---\n"
        + schedule('["20:00"]', name="other")
        + "---\n"
        + schedule(
            'rules: [{repeat: {every: 1h, from: "07:00", to: "12:00", measured: end}}]',
            name="following",
        )
    )
    here.tick()
    here.plans.move(key_of("24 21:00"), instant("24 21:30"), here.act())
    here.plans.skip(key_of("24 22:00"), here.act())
    here.plans.hold(key_of("24 23:00"), here.act())
    here.plans.skip(key_of("following|pay|2026-05-24|07:00"), here.act())
    here.at("24 07:10")
    before = here.rows()

    here.at("24 07:40")
    here.reborn().at("24 07:45")

    states = {row.state.value for row in before}
    assert states == {"fixed", "held", "skipped", "merged"}
    assert here.rows() == before


def test_a_schedule_that_meets_a_fault_silences_no_other(
    here: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.apply(schedule('["21:55"]') + "---\n" + schedule('["21:55"]', name="bad"))
    draw: Callable[..., object] = Source.draw

    def faulty(source: Source, *days: object) -> object:
        if source.name == "bad":
            raise ZeroDivisionError
        return draw(source, *days)

    monkeypatch.setattr(Source, "draw", faulty)
    here.pass_until("24 22:00")

    assert here.started() == ["05-24 21:55"]
    assert here.made.keeper.health.problems == {"bad": "ZeroDivisionError()"}
