"""What a job is handed of its run, and which parts an expression sees from where."""

import pytest
from jobnet.engine.part_views import PartsView
from jobnet.errors.expressions import ExpressionFailed
from jobnet.ids import NetworkName, PartKey

from tests.engine.building import for_each, job, network
from tests.engine.playing import play


def view(*scopes: str, is_item: bool = False) -> PartsView:
    """The parts of a played network with two loops, as seen from these scopes."""
    night = network(
        job("load"),
        for_each("per_day", ["mon"], job("bill")),
        for_each("per_host", ["h1"], job("copy")),
    )
    tracker = play(night).tracker
    return PartsView(tracker, NetworkName(str(night.name)), ("", *scopes), is_item=is_item)


def test_outside_the_loops_their_parts_are_not_seen() -> None:
    assert view().names() == ("load", "per_day", "per_host")


def test_inside_an_item_its_own_parts_and_the_outer_ones_are_seen() -> None:
    assert sorted(view("per_day[mon].").names()) == ["bill", "load", "per_day", "per_host"]


def test_by_key_shows_the_parts_of_the_item_alone() -> None:
    assert view("per_day[mon].", is_item=True).names() == ("bill",)


def test_a_part_of_another_loop_is_refused_with_the_way_to_write_it() -> None:
    with pytest.raises(ExpressionFailed, match=r"by_key\['KEY'\].parts.copy"):
        view("per_day[mon].").attribute("copy")


def test_a_part_of_the_own_item_is_found_by_its_id() -> None:
    found = view("per_day[mon].").attribute("bill")

    assert getattr(found, "key", None) == PartKey("per_day[mon].bill")
