"""Whether a job may start warm is what the nearest word around it says."""

from dataclasses import replace

import pytest
from jobnet.definition import Network, Part, Queue
from jobnet.engine.commands import StartJob

from tests.engine.building import block, call, for_each, job, network, parallel
from tests.engine.playing import play

SUB = network(job("j"), name="sub")


def part(thing: Part, *, warm: bool) -> Part:
    return replace(thing, placement=replace(thing.placement, warm=warm))


def document(thing: Network, *, warm: bool) -> Network:
    return replace(thing, placement=replace(thing.placement, warm=warm))


COLD, WARM = part(job("j"), warm=False), part(job("j"), warm=True)


@pytest.mark.parametrize(
    ("main", "sub", "warm"),
    [
        (network(job("j")), SUB, True),
        (network(COLD), SUB, False),
        (network(WARM), SUB, True),
        (document(network(job("j")), warm=False), SUB, False),
        (document(network(WARM), warm=False), SUB, True),
        (document(network(COLD), warm=True), SUB, False),
        (network(part(block("k", job("j")), warm=False)), SUB, False),
        (network(part(block("k", WARM), warm=False)), SUB, True),
        (network(part(block("k", part(block("i", job("j")), warm=True)), warm=False)), SUB, True),
        (document(network(part(block("k", job("j")), warm=True)), warm=False), SUB, True),
        (document(network(parallel("p", job("j"))), warm=False), SUB, False),
        (network(part(for_each("f", [1], job("j")), warm=False)), SUB, False),
        (network(call("s", "sub")), SUB, True),
        (network(call("s", "sub")), document(SUB, warm=False), False),
        (network(part(call("s", "sub"), warm=False)), SUB, False),
        (document(network(call("s", "sub")), warm=False), SUB, False),
        (network(part(call("s", "sub"), warm=False)), document(SUB, warm=True), True),
        (document(network(part(call("s", "sub"), warm=True)), warm=False), SUB, True),
    ],
    ids=range(18),
)
def test_the_nearest_word_counts(main: Network, sub: Network, *, warm: bool) -> None:
    played = play(main, networks=[sub])

    (command,) = (each for each in played.commands if isinstance(each, StartJob))
    assert command.warm is warm


@pytest.mark.parametrize(("said", "warm"), [(False, False), (True, True), (None, True)])
def test_a_queue_that_says_off_has_the_last_word(*, said: bool | None, warm: bool) -> None:
    here = replace(WARM, placement=replace(WARM.placement, queue="tapes"))

    played = play(network(here), queues=(Queue(name="tapes", warm=said),))

    (command,) = (each for each in played.commands if isinstance(each, StartJob))
    assert command.warm is warm


def test_the_queue_of_the_network_counts_for_parts_without_one() -> None:
    main = network(job("j"))
    main = replace(main, placement=replace(main.placement, queue="tapes"))

    played = play(main, queues=(Queue(name="tapes", warm=False),))

    (command,) = (each for each in played.commands if isinstance(each, StartJob))
    assert command.warm is False
