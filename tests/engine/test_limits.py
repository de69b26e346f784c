"""Each limit is reached and not gone beyond, with the numbers that the documentation gives."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from jobnet.engine.bounds import CUT, bounded_outputs, line, size_of
from jobnet.engine.facts import ArgumentsBound
from jobnet.engine.inputs import AttemptAnswered
from jobnet.engine.orders import Comment, ForceEnd
from jobnet.engine.results import JobEnd, JobResult
from jobnet.engine.tracker import RunRecord
from jobnet.ids import PartKey

from tests.engine.building import call, for_each, job, network, send
from tests.engine.played import Played
from tests.engine.playing import play
from tests.engine.scripting import NEVER, Does

KIB = 1024


def a_run(output_bytes: int) -> RunRecord:
    run = play(network(job("a"))).tracker.run
    assert run is not None
    return replace(run, output_bytes=output_bytes)


def of_size(size: int) -> dict[str, object]:
    """Return outputs that take so many bytes as JSON."""
    return {"x": "y" * (size - size_of({"x": ""}))}


@pytest.mark.parametrize(
    ("taken", "room"),
    [(0, 64 * KIB), (8 * KIB * KIB - 100, 100), (8 * KIB * KIB - 64 * KIB, 65_536)],
)
def test_outputs_are_kept_up_to_the_last_byte_and_cut_with_one_more(taken: int, room: int) -> None:
    run = a_run(taken)

    whole, nothing = bounded_outputs(run, of_size(room))
    cut, told = bounded_outputs(run, of_size(room + 1))

    assert (whole, nothing) == (of_size(room), "")
    assert cut == {"x": CUT}
    assert told == f"outputs over {room // KIB} KiB were cut: x"


def test_what_fits_is_kept_in_its_order_and_the_names_of_five_that_do_not_are_told() -> None:
    large = {f"big{number}": "x" * 70_000 for number in range(6)}

    kept, told = bounded_outputs(a_run(0), {"a": 1, **large, "z": 2})

    assert kept == {"a": 1, **dict.fromkeys(large, CUT), "z": 2}
    assert told == "outputs over 64 KiB were cut: big0, big1, big2, big3, big4 and more"


def test_what_was_cut_is_told_behind_the_message() -> None:
    script = {"a": Does(message="loaded", outputs=of_size(64 * KIB + 1))}

    played = play(network(job("a")), script)

    assert played["a"].message == "loaded; outputs over 64 KiB were cut: x"


def test_a_message_of_500_characters_is_whole_and_a_longer_one_ends_with_a_mark() -> None:
    texts = [line("x" * 500), line("x" * 501), line(" a \n b\t")]

    assert texts == ["x" * 500, "x" * (500 - len(CUT)) + CUT, "a b"]


def with_data(size: int) -> Played:
    """Play a job that is handed one param of so many characters."""
    return play(network(job("a")), params={"data": "x" * size})


def test_a_job_is_handed_240_kib_and_not_a_byte_more() -> None:
    bound = with_data(0).of(ArgumentsBound)[0]
    assert isinstance(bound, ArgumentsBound)
    room = 240 * KIB - size_of(bound.values)

    most, more = with_data(room), with_data(room + 1)

    assert most.run == "normal"
    assert more["a"].message.endswith("240 KiB are allowed: pass large data by file")


def with_event(data: Mapping[str, object]) -> Played:
    return play(network(send("s", data="{{ params.data }}")), params={"data": data})


def test_an_event_carries_64_kib_and_not_a_byte_more() -> None:
    most, more = with_event(of_size(64 * KIB)), with_event(of_size(64 * KIB + 1))

    assert most.run == "normal"
    assert more["s"].message.endswith("64 KiB are allowed: send a path, not the content")


def with_items(count: int) -> Played:
    return play(network(for_each("f", "{{ params.items }}")), params={"items": list(range(count))})


def test_a_for_each_takes_10_000_items_and_not_one_more() -> None:
    most, more = with_items(10_000), with_items(10_001)

    assert most.run == "normal"
    assert more.run == "abnormal"
    assert "10,000" in more["f"].message


def test_the_last_fifty_notes_of_a_part_and_of_a_run_are_kept() -> None:
    notes = [Comment(text=f"n{number}", part=PartKey("a")) for number in range(51)]
    of_run = [Comment(text=f"r{number}") for number in range(51)]

    played = play(network(job("a")), orders_at={5: [*notes, *of_run]})

    assert played.tracker.run is not None
    assert played["a"].notes == tuple(f"ann: n{number}" for number in range(1, 51))
    assert played.tracker.run.notes == tuple(f"ann: r{number}" for number in range(1, 51))


def test_a_late_answer_is_one_of_the_fifty_notes() -> None:
    part = PartKey("a")
    notes = [Comment(text=f"n{number}", part=part) for number in range(50)]
    late = AttemptAnswered(part=part, attempt=1, result=JobResult(end=JobEnd.ENDED, exit_code=3))

    played = play(
        network(job("a")),
        {"a": NEVER},
        orders_at={5: [*notes, ForceEnd(part=part)]},
        arrivals_at={9: [late]},
    )

    assert played["a"].notes == (
        *(f"ann: n{number}" for number in range(1, 50)),
        "late answer of attempt 1: ended, exit code 3, not normal",
    )


def calls(depth: int) -> Played:
    """Play a network that calls a network and so on."""
    inner = [network(call("s", f"n{number + 1}"), name=f"n{number}") for number in range(1, depth)]
    last = network(job("a"), name=f"n{depth}")
    return play(network(call("s", "n1")), networks=[*inner, last])


def test_networks_call_each_other_50_deep_and_not_deeper() -> None:
    assert calls(50).run == "normal"
    assert calls(51).run == "abnormal"
