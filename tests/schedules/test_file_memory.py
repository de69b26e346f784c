"""Files that start something: the first look starts nothing, what changes does when it settles."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jobnet.schedules import FileChange
from jobnet.schedules.file_memory import FolderLook, HostMemory, Mark, after_look

NOON = datetime(2026, 5, 29, 12, 0, tzinfo=UTC)
SETTLE = timedelta(seconds=10)


def look(**sizes: int) -> FolderLook:
    return FolderLook(files={path: (size, 1.0, 1) for path, size in sizes.items()})


def arrivals(event: FileChange, *looks: FolderLook, settle: timedelta = timedelta(0)) -> list[str]:
    """Return what counts at each look; they are 10 s apart."""
    memory: HostMemory | None = None
    told = []
    for at, each in enumerate(looks):
        now = NOON + at * SETTLE
        found = after_look(event, memory, each, settle=settle, now=now)
        memory = found.memory if not each.problem else memory
        told.append(" ".join(one.path for one in found.arrivals))
    return told


def test_what_is_there_at_the_first_look_starts_nothing() -> None:
    for event in FileChange:
        assert arrivals(event, look(a=1), look(a=1)) == ["", ""]


@pytest.mark.parametrize(
    ("event", "looks", "told"),
    [
        (FileChange.CREATED, [look(), look(a=1), look(a=1)], ["", "a", ""]),
        (FileChange.CREATED, [look(), look(b=1, a=1)], ["", "a b"]),
        (FileChange.CREATED, [look(a=1), look(), look(a=1)], ["", "", "a"]),
        (FileChange.CREATED, [look(), look(a=1), look(a=2)], ["", "a", ""]),
        (FileChange.UPDATED, [look(a=1), look(a=2), look(a=2)], ["", "a", ""]),
        (FileChange.UPDATED, [look(), look(a=1), look(a=2)], ["", "", "a"]),
        (FileChange.DELETED, [look(a=1), look(), look()], ["", "a", ""]),
        (FileChange.DELETED, [look(), look(a=1), look()], ["", "", "a"]),
    ],
)
def test_each_change_counts_once(
    event: FileChange, looks: list[FolderLook], told: list[str]
) -> None:
    assert arrivals(event, *looks) == told


def test_a_file_counts_when_it_has_stayed_as_it_is() -> None:
    found = arrivals(
        FileChange.CREATED, look(), look(a=1), look(a=2), look(a=2), look(a=2), settle=SETTLE
    )

    assert found == ["", "", "", "a", ""]


def test_a_file_that_goes_before_it_has_settled_never_counts() -> None:
    assert arrivals(FileChange.CREATED, look(), look(a=1), look(), settle=SETTLE)[1:] == ["", ""]


def test_a_file_that_comes_back_before_its_end_has_settled_has_not_gone() -> None:
    found = arrivals(FileChange.DELETED, look(a=1), look(), look(a=1), look(), settle=SETTLE)

    assert found == ["", "", "", ""]


def test_a_host_that_cannot_be_looked_at_says_nothing_about_its_files() -> None:
    gone = FolderLook(problem="no route to host")

    assert arrivals(FileChange.DELETED, look(a=1), gone, look(a=1), look()) == ["", "", "", "a"]
    assert arrivals(FileChange.CREATED, gone, look(a=1), look(a=1, b=1)) == ["", "", "b"]


def test_what_settles_says_when_to_look_again() -> None:
    first = after_look(FileChange.CREATED, None, look(), settle=SETTLE, now=NOON)

    found = after_look(FileChange.CREATED, first.memory, look(a=1), settle=SETTLE, now=NOON)

    assert found.again == NOON + SETTLE


MARKS = st.tuples(st.integers(0, 2), st.just(1.0), st.just(1))
FOLDERS = st.dictionaries(st.sampled_from("abc"), MARKS, max_size=3)


@given(event=st.sampled_from(FileChange), folders=st.lists(FOLDERS, max_size=8))
@settings(max_examples=100, deadline=None)
def test_a_look_that_sees_the_same_again_starts_nothing(
    event: FileChange, folders: list[dict[str, Mark]]
) -> None:
    memory: HostMemory | None = None
    for at, files in enumerate(folders):
        now = NOON + at * SETTLE
        seen = FolderLook(files=files)
        memory = after_look(event, memory, seen, settle=timedelta(0), now=now).memory

        again = after_look(event, memory, seen, settle=timedelta(0), now=now)

        assert again.arrivals == ()
        assert again.memory == memory
