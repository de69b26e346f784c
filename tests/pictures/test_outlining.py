"""The outline of a run: durations, attempts, ways not taken, items, called networks."""

from collections.abc import Sequence

import pytest
from jobnet.engine.states import State
from jobnet.pictures import Outline, outline_of_network, outline_of_run, to_mermaid, to_svg
from jobnet.pictures.items import ITEMS_SHOWN_MAX
from jobnet.pictures.outline import Step
from jobnet.pictures.outlining import CALLED_PARTS_MAX, NOT_DRAWN
from jobnet.ports.desk import Reply
from jobnet.testing import Script

from tests.engine.building import block, bundle, call, job, network
from tests.pictures.playing import failing, play_file
from tests.pictures.reading import NETWORKS, parts_of

SCRIPTS: dict[str, Sequence[Script] | Script] = {
    "load_eu": [failing(2), Script(seconds=65)],
    "reconcile": [failing(1), failing(1), Script(seconds=30)],
    "per_customer[stark].bill": failing(9, "no invoice"),
}


@pytest.fixture(scope="module")
def run() -> Outline:
    reply = Reply(key="", choice="post")
    tracker, _ = play_file(
        NETWORKS / "every_part.yml", SCRIPTS, replies={"Approve the rates": reply}
    )
    return outline_of_run(tracker)


def steps(outline: Outline) -> dict[str, Step]:
    return {step.key: step for step in parts_of(outline)}


def lanes(step: Step) -> dict[str, bool]:
    """Return which ways of a container were not taken."""
    return {lane.label: lane.is_quiet for lane in step.lanes}


def test_the_run_itself_is_in_the_head(run: Outline) -> None:
    assert run.title == "Nightly settlement"
    assert run.subtitles[0] == "run r-1"
    assert run.subtitles[1].startswith("operating day 2026-05-29, 2026-05-29 21:55 to ")
    assert run.state is State.ABNORMAL
    assert run.standing == "1 recovered"


@pytest.mark.parametrize(
    ("key", "state", "standing"),
    [
        ("wait_orders", State.SKIPPED, ""),
        ("load_eu", State.NORMAL, "1m16s, attempt 2"),
        ("reconcile", State.NORMAL, "30s, attempt 3, iteration 3"),
        ("batch_apac.store", State.NORMAL, "1s"),
        ("per_customer[stark].bill", State.ABNORMAL, "1s, exit code 9"),
        ("close_books", State.BYPASSED, ""),
        ("publish", State.NOT_RUN, ""),
    ],
)
def test_a_part_shows_how_it_ended(run: Outline, key: str, state: State, standing: str) -> None:
    step = steps(run)[key]

    assert (step.state, step.standing) == (state, standing)


def test_ways_that_were_not_taken_are_quiet(run: Outline) -> None:
    shown = steps(run)

    assert lanes(shown["month_end"]) == {"last open day": True, "otherwise": False}
    assert list(lanes(shown["equal"]).values()) == [True, True, False]
    assert [lane.is_quiet for lane in shown["guarded"].lanes] == [True, True, True]


def test_items_beyond_eight_are_counted_and_the_failed_one_is_never_among_them(
    run: Outline,
) -> None:
    *shown, more = steps(run)["per_customer"].lanes

    assert len(shown) == ITEMS_SHOWN_MAX
    assert "stark" in [lane.label for lane in shown]
    assert more.steps[0].is_summary
    assert (more.steps[0].name, more.steps[0].says) == ("2 more items", "2 Normal")


def test_called_networks_in_a_long_chain_stay_closed_at_some_depth() -> None:
    inner = job("last")
    for number in range(20):
        inner = block(f"block{number}", inner)
    chain = [
        network(call(f"call{level}", f"level{level + 1}"), inner, name=f"level{level}")
        for level in range(200)
    ]
    pinned = bundle(*chain, network(inner, name="level200"))

    outline = outline_of_network(pinned)

    assert any(step.notes == NOT_DRAWN for step in parts_of(outline))
    assert to_svg(outline)
    assert to_mermaid(outline)


def test_called_networks_that_multiply_without_end_stay_closed() -> None:
    levels = [
        network(*(call(f"call{n}", f"level{level + 1}") for n in range(9)), name=f"level{level}")
        for level in range(8)
    ]
    pinned = bundle(*levels, network(job("last"), name="level8"))

    shown = parts_of(outline_of_network(pinned))

    assert CALLED_PARTS_MAX < len(shown) < CALLED_PARTS_MAX + 200
    assert any(step.notes == NOT_DRAWN for step in shown)
    closed = [step for step in shown if step.kind == "network" and not step.lanes]
    assert all(step.notes == NOT_DRAWN for step in closed)


def test_the_way_past_a_branch_is_quiet_where_a_case_was_taken() -> None:
    scripts = {"reconcile": failing(2)}

    tracker, _ = play_file(
        NETWORKS / "every_part.yml",
        scripts,
        replies={"Approve the rates": Reply(key="", choice="post")},
    )

    assert list(lanes(steps(outline_of_run(tracker))["equal"]).values()) == [True, False, True]
