"""Whoever dies at whatever write: every start has one run, and every change is there or is not."""

from datetime import timedelta

import pytest

from tests.services.controller.plan.desk import Desk, Killed, instant, key_of, schedule

WRITES_MAX = 8


def outlive(here: Desk, deaths: int, *, after: bool) -> Desk:
    """Work until it is done, dying at the first write, then at the second, and so on."""
    for number in range(1, deaths + 1):
        here.store.dies_at, here.store.after = number, after
        try:
            here.tick()
        except Killed:
            here = here.reborn()
        here.store.dies_at = None
    here.tick()
    return here


@pytest.mark.parametrize("after", [False, True])
def test_of_a_night_every_start_has_one_run_at_whatever_write_one_dies(
    here: Desk,
    after: bool,  # noqa: FBT001 - a parameter of a test
) -> None:
    here.apply(
        "\n---\n".join(
            schedule('["21:55"]', name=f"s{n}", networks="[pay, bill]")
            + f"params: {{target: /{n}}}\n"
            for n in range(2)
        )
    )

    for day in range(24, 27):
        here.hands.now = instant(f"{day} 21:55") + timedelta(seconds=1)
        here = outlive(here, WRITES_MAX, after=after)

    runs = [(row.network, f"{row.operating_day:%d}", row.params) for row in here.runs()]
    assert len(runs) == len(set(runs)) == 3 * 4
    assert {row.state.value for row in here.rows() if row.run} == {"started"}


@pytest.mark.parametrize("after", [False, True])
def test_an_act_that_is_asked_again_after_a_death_is_done_once(
    here: Desk,
    after: bool,  # noqa: FBT001 - a parameter of a test
) -> None:
    here.schedule('["21:55"]')
    at = instant("24 10:00")
    here.store.dies_at, here.store.after = 1, after

    with pytest.raises(Killed):
        here.plans.add("bill", at, None, {}, here.act(key="one"))
    here.store.dies_at = None
    here = here.reborn()
    here.plans.add("bill", at, None, {}, here.act(key="one"))
    here.pass_until("24 11:00")

    assert here.started() == ["05-24 10:00"]


@pytest.mark.parametrize("deaths", range(4))
def test_after_a_restore_no_start_runs_that_may_have_run_before(here: Desk, deaths: int) -> None:
    here.schedule('rules: [{at: ["21:55"]}]\nmisfire: {policy: run_all, grace: 1m}')
    (here.folder / "restored").write_text("2026-05-24T12:00:00Z")

    here.hands.now = instant("28 12:00")
    here = outlive(here.reborn(), deaths, after=False)
    held = {row.key.nominal: row.detail for row in here.rows() if row.state.value == "held"}
    before = here.started()
    here.plans.release(key_of("27 21:55"), here.act())
    here.pass_until("28 22:00")

    assert not before
    assert "restored from a backup of 2026-05-24T12:00:00Z" in held["21:55"]
    assert here.started() == ["05-27 21:55", "05-28 21:55"]
    assert not (here.folder / "restored").exists()
