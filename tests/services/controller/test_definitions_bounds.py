"""Applying is bounded, meets strange files, and others who apply at the same time."""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import pytest
from jobnet.errors.definitions import (
    DefinitionsRefused,
    NothingToApply,
    TooMuchApplied,
)
from jobnet.errors.storage import EditionOvertaken
from jobnet.ports.store import Store, Transaction
from jobnet.services.controller import gathering, next_edition
from jobnet.services.controller.definitions import Definitions

from tests.services.controller.applied import ANN, HELLO, QUEUE, Desk, opened, told


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened(tmp_path) as store:
        yield Desk(tmp_path, store)


def problems(error: pytest.ExceptionInfo[DefinitionsRefused]) -> list[str]:
    return [getattr(one, "code", "") for one in error.value.problems]


def test_an_apply_that_was_overtaken_is_made_anew(desk: Desk) -> None:
    desk.write("hello.yml", HELLO)
    desk.write("other/queue.yml", QUEUE)
    other = Definitions(desk.store, home=desk.folder)
    overtaking = overtaken(desk, lambda: other.apply([desk.folder / "other"], by=ANN))

    plan = Definitions(overtaking, home=desk.folder).apply([desk.folder / "hello.yml"], by=ANN)

    assert plan.edition == 2
    assert desk.definitions.networks() == ("hello",)
    assert list(desk.definitions.queues()) == ["backup"]


def test_an_apply_that_is_overtaken_again_and_again_is_refused(desk: Desk) -> None:
    desk.write("hello.yml", HELLO)
    limits = iter(range(2, 9))
    other = Definitions(desk.store, home=desk.folder)

    def overtake() -> None:
        text = QUEUE.replace("2", str(next(limits)))
        desk.write("other/queue.yml", text)
        other.apply([desk.folder / "other"], by=ANN)

    overtaking = overtaken(desk, overtake, times=9)

    with pytest.raises(EditionOvertaken):
        Definitions(overtaking, home=desk.folder).apply([desk.folder / "hello.yml"], by=ANN)


def overtaken(desk: Desk, overtake: Callable[[], object], *, times: int = 1) -> Store:
    """Return a store in which somebody else is faster, some times."""
    return cast(Store, Overtaken(desk.store, overtake, times))


class Overtaken:
    def __init__(self, store: Store, overtake: Callable[[], object], times: int) -> None:
        self._store, self._overtake, self._times = store, overtake, times

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def write(self, work: Callable[[Transaction], object]) -> object:
        if self._times:
            self._times -= 1
            self._overtake()
        return self._store.write(work)


def test_more_files_than_can_be_kept_are_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(next_edition, "FILES_MAX", 1)
    desk.write("a/hello.yml", HELLO)
    desk.write("b/queue.yml", QUEUE)
    desk.apply("a")

    with pytest.raises(TooMuchApplied, match="2 files"):
        desk.apply("b")


def test_a_folder_with_too_many_files_is_refused_rather_than_cut(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "FILES_MAX", 2)
    desk.write("hello.yml", HELLO)
    desk.write("queue.yml", QUEUE)

    with pytest.raises(TooMuchApplied):
        desk.apply()


def test_more_text_and_documents_than_can_be_kept_are_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write("all.yml", f"{HELLO}---\n{QUEUE}")

    for name, limit in (("TEXT_MAX", 20), ("DOCUMENTS_MAX", 1)):
        with monkeypatch.context() as limited:
            limited.setattr(next_edition, name, limit)
            with pytest.raises(TooMuchApplied):
                desk.apply()

    assert desk.definitions.current() == 0


def test_a_file_that_is_applied_and_cannot_be_read_any_more_is_refused(desk: Desk) -> None:
    file = desk.write("hello.yml", HELLO)
    desk.apply()
    file.write_bytes(b"kind: network\nname: \xff\n")

    with pytest.raises(DefinitionsRefused) as refused:
        desk.apply()

    assert problems(refused) == ["not_utf8"]


def test_a_pipe_and_a_circle_of_links_hold_nobody_up(desk: Desk) -> None:
    desk.write("hello.yml", HELLO)
    os.mkfifo(desk.folder / "pipe.yml")
    (desk.folder / "loop.yml").symlink_to("loop.yml")
    (desk.folder / "around").symlink_to(desk.folder)

    plan = desk.apply()

    assert told(plan) == ["created network hello"]
    assert plan.passed_over == 2


def test_two_who_apply_at_once_both_succeed(desk: Desk) -> None:
    names = [f"{letter}/queue.yml" for letter in "ab"]
    for letter, name in zip("ab", names, strict=True):
        desk.write(name, QUEUE.replace("backup", letter))
    desks = [Definitions(desk.store, home=desk.folder) for _ in names]
    together = threading.Barrier(len(names))

    def apply(number: int) -> None:
        together.wait()
        desks[number].apply([desk.folder / names[number]], by=ANN)

    with ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(apply, range(len(names))))

    assert len(desk.definitions.queues()) == 2
    assert desk.definitions.current() == 2


def test_a_path_that_is_no_text_is_a_problem(desk: Desk) -> None:
    desk.write("hello.yml", HELLO).rename(desk.folder / os.fsdecode(b"\xff.yml"))

    with pytest.raises(DefinitionsRefused) as refused:
        desk.apply()

    assert problems(refused) == ["strange_path"]
    assert str(refused.value).encode()


def test_a_path_that_is_not_absolute_is_refused(desk: Desk) -> None:
    with pytest.raises(NothingToApply, match="not absolute"):
        desk.definitions.apply(["project"], by=ANN)
