"""The layout: whatever a network looks like, nothing lies on anything else."""

from itertools import combinations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jobnet.definition import Bundle, Flow, SubNetwork, walk
from jobnet.engine import Tracker, track
from jobnet.ids import NetworkName
from jobnet.pictures import outline_of_network, outline_of_run
from jobnet.pictures.arranging import arrange
from jobnet.pictures.outline import Outline
from jobnet.pictures.shapes import Card, Frame, Line, Pill, Section, Sheet, Stroke

from tests.engine.building import block, branch, bundle, job, loop, network, parallel
from tests.engine.generating import bundles
from tests.pictures.reading import parts_of
from tests.simulation.night import Chaos, Night

Box = Card | Frame | Section | Pill
some = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
few = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)


def boxes(sheet: Sheet) -> list[Box]:
    return [shape for shape in sheet.shapes if not isinstance(shape, Line)]


def lines(sheet: Sheet) -> list[Line]:
    return [shape for shape in sheet.shapes if isinstance(shape, Line)]


def are_apart(one: Box, other: Box) -> bool:
    return (
        one.x + one.width <= other.x
        or other.x + other.width <= one.x
        or one.y + one.height <= other.y
        or other.y + other.height <= one.y
    )


def holds(outer: Box, inner: Box) -> bool:
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and inner.x + inner.width <= outer.x + outer.width
        and inner.y + inner.height <= outer.y + outer.height
    )


def crosses(begin: tuple[int, int], end: tuple[int, int], box: Box) -> bool:
    """Return whether a line from one point to another runs through the inside of a box."""
    (left, right), (top, low) = sorted((begin[0], end[0])), sorted((begin[1], end[1]))
    is_beside = right <= box.x or left >= box.x + box.width
    return not (is_beside or low <= box.y or top >= box.y + box.height)


def count(pinned: Bundle, flow: Flow) -> int:
    """Return how many parts a flow has, those of called networks included."""
    called = (part.body.network for part in walk(flow) if isinstance(part.body, SubNetwork))
    inner = sum(count(pinned, pinned.networks[NetworkName(name)].flow) for name in called)
    return sum(1 for _ in walk(flow)) + inner


def ended(pinned: Bundle, seed: int) -> Tracker:
    """Return a run of a network, with orders, deaths and reruns, as it ended."""
    night = Night(pinned, seed, Chaos())
    night.play()
    return night.tracker


def check(outline: Outline) -> None:
    """Prove everything that holds for each layout."""
    sheet = arrange(outline)
    every = boxes(sheet)
    for box in every:
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= sheet.width
        assert box.y + box.height <= sheet.height
    for one, other in combinations(every, 2):
        around = isinstance(one, Frame | Section) and holds(one, other)
        inside = isinstance(other, Frame | Section) and holds(other, one)
        assert are_apart(one, other) or around or inside, (one, other)
    cards = [box for box in every if isinstance(box, Card)]
    for line in lines(sheet):
        for begin, end in zip(line.points, line.points[1:], strict=False):
            assert begin[0] == end[0] or begin[1] == end[1]
            assert 0 <= end[0] <= sheet.width
            if line.stroke in {Stroke.TAKEN, Stroke.RESCUE}:
                assert not any(crosses(begin, end, card) for card in cards)


@some
@given(pinned=bundles)
def test_every_part_of_a_network_is_drawn_exactly_once(pinned: Bundle) -> None:
    outline = outline_of_network(pinned)

    drawn = [step.key for step in parts_of(outline)]

    assert len(drawn) == len(set(drawn)) == count(pinned, pinned.network.flow)
    shown = [box.step.key for box in boxes(arrange(outline)) if isinstance(box, Card | Frame)]
    assert sorted(shown) == sorted(drawn)


@some
@given(pinned=bundles)
def test_no_box_lies_on_another_and_all_are_on_the_picture(pinned: Bundle) -> None:
    outline = outline_of_network(pinned)

    check(outline)


@few
@given(pinned=bundles, seed=st.integers(0, 10**6))
def test_a_run_shows_every_part_as_it_stands(pinned: Bundle, seed: int) -> None:
    tracker = ended(pinned, seed)

    outline = outline_of_run(tracker)

    check(outline)
    drawn = {step.key: step.state for step in parts_of(outline)}
    known = {line.key: line.state for line in track(tracker)}
    assert {key: drawn[key] for key in drawn if key in known} == {
        key: state for key, state in known.items() if key in drawn
    }
    assert len(drawn) >= len(known)
    assert None not in drawn.values()


def test_the_way_of_a_good_run_is_a_straight_line() -> None:
    main = network(
        job("first"),
        block("night", job("dump"), rescue=(job("mend"),), always=(job("clean"),)),
        branch("ask", ("parts.first.normal", (job("one"),)), otherwise=(job("two"),)),
        job("last"),
    )

    sheet = arrange(outline_of_network(bundle(main)))

    cards = {box.step.name: box for box in boxes(sheet) if isinstance(box, Card)}
    axes = {name: card.x + card.width // 2 for name, card in cards.items()}
    assert axes["first"] == axes["dump"] == axes["clean"] == axes["last"] == sheet.axis
    assert axes["mend"] > axes["dump"]
    assert axes["one"] < axes["last"] < axes["two"]


def test_a_continuity_goes_back_beside_what_it_passes() -> None:
    main = network(
        job("ping"), parallel("both", job("one"), job("two")), loop("again", "ping"), job("last")
    )

    sheet = arrange(outline_of_network(bundle(main)))

    [back] = [line for line in lines(sheet) if line.stroke is Stroke.BACK]
    cards = {box.step.name: box for box in boxes(sheet) if isinstance(box, Card)}
    [frame] = [box for box in boxes(sheet) if isinstance(box, Frame)]
    assert back.points[0] == (cards["again"].x, cards["again"].y + cards["again"].height // 2)
    assert back.points[1][0] < frame.x
    assert back.points[-1][0] == cards["ping"].x
    assert back.has_arrow


def test_a_jump_out_of_a_branch_ends_at_the_flow_around_it() -> None:
    jump = branch("ask", ("parts.ping.abnormal", (loop("again", "ping"),)))

    sheet = arrange(outline_of_network(bundle(network(job("ping"), jump))))

    [back] = [line for line in lines(sheet) if line.stroke is Stroke.BACK]
    [ping] = [box for box in boxes(sheet) if isinstance(box, Card) and box.step.name == "ping"]
    assert back.points[-1] == (ping.x, back.points[-2][1])
    assert ping.y < back.points[-1][1] < ping.y + ping.height
