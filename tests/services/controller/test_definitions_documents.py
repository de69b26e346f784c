"""Applied documents have versions, are compared, exported, and changed one by one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jobnet.errors.definitions import (
    DefinitionsRefused,
    DocumentMisplaced,
    DocumentNotFound,
    PathRefused,
    VersionNotFound,
    VersionOvertaken,
)
from jobnet.services.controller.definitions import Definitions

from tests.services.controller.applied import ANN, HELLO, QUEUE, Desk, opened, told

SEVERAL = f"""\
# Everything of payroll.
---
# The greeting, at night.
{HELLO}
# Quiet ones are limited.
---
# How many at once.
{QUEUE}"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened(tmp_path) as store:
        yield Desk(tmp_path, store)


def text_of(desk: Desk) -> str:
    """Return the one file that is applied."""
    (file,) = desk.definitions.export()
    return file.text


def test_the_last_two_versions_of_a_document_are_compared(desk: Desk) -> None:
    desk.write("queue.yml", QUEUE)
    desk.apply()
    desk.write("queue.yml", QUEUE.replace("2", "3"))
    desk.apply()

    lines = desk.definitions.documents.diff("queue", "backup").text.splitlines()

    assert lines[:2] == ["--- queue backup version 1", "+++ queue backup version 2"]
    assert [one for one in lines[2:] if one[0] in "+-"] == ["-limit: 2", "+limit: 3"]


def test_a_first_version_differs_from_nothing(desk: Desk) -> None:
    desk.write("queue.yml", QUEUE)
    desk.apply()

    lines = desk.definitions.documents.diff("queue", "backup").text.splitlines()

    assert [one for one in lines[2:] if one[0] in "+-"] == [
        "+kind: queue",
        "+name: backup",
        "+limit: 2",
    ]


def test_a_version_that_never_was_is_refused(desk: Desk) -> None:
    desk.write("queue.yml", QUEUE)
    desk.apply()

    with pytest.raises(VersionNotFound, match="its versions are 1 to 1"):
        desk.definitions.documents.diff("queue", "backup", older=7)


def test_a_name_that_is_not_applied_gets_the_nearest(desk: Desk) -> None:
    desk.write("payroll/queue.yml", QUEUE)
    desk.apply()

    with pytest.raises(DocumentNotFound, match="did you mean 'payroll/backup'"):
        desk.definitions.versions("queue", "payroll/bakcup")


def test_what_is_applied_is_compared_with_the_disk(desk: Desk) -> None:
    desk.write("queue.yml", QUEUE)
    desk.write("hello.yml", HELLO)
    desk.apply()
    desk.write("queue.yml", QUEUE.replace("2", "3"))

    (diff,) = desk.definitions.diff()

    assert (diff.kind, diff.name) == ("queue", "backup")
    assert "+limit: 3" in diff.text
    assert desk.definitions.current() == 1


def test_an_export_is_the_text_that_was_applied(desk: Desk) -> None:
    desk.write("payroll/all.yml", SEVERAL)
    desk.write("hello.yml", HELLO.replace("hello", "other"))
    desk.apply()

    every = {file.path: file.text for file in desk.definitions.export()}
    folder = [file.path for file in desk.definitions.export(folder="payroll")]
    (one,) = desk.definitions.export(kind="queue", name="payroll/backup")

    assert every["payroll/all.yml"] == SEVERAL
    assert folder == ["payroll/all.yml"]
    assert (one.path, one.text) == ("payroll/backup.yml", f"# How many at once.\n{QUEUE}")


def test_an_export_can_be_applied_elsewhere_with_the_same_names(desk: Desk, tmp_path: Path) -> None:
    desk.write("a/queue.yml", QUEUE)
    desk.write("b/queue.yml", QUEUE.replace("backup", "restore"))
    desk.apply("a")
    desk.apply("b")
    (tmp_path / "elsewhere").mkdir()

    files = desk.definitions.export()
    with opened(tmp_path / "elsewhere") as store:
        other = Definitions(store, home=tmp_path / "elsewhere")
        other.apply_texts([(file.path, file.text) for file in files], by=ANN)

        assert [row.name for row in other.documents.every()] == ["backup", "restore"]


def test_one_document_is_changed_and_the_rest_of_its_file_stays(desk: Desk) -> None:
    desk.write("all.yml", SEVERAL)
    desk.apply()

    plan = desk.definitions.put(
        "queue", "backup", QUEUE.replace("2", "3"), by=ANN, expected_version=1
    )

    assert told(plan) == ["unchanged network hello", "changed queue backup"]
    assert text_of(desk) == SEVERAL.replace("# How many at once.\n", "").replace(
        "limit: 2", "limit: 3"
    )


def test_the_first_document_of_a_file_is_changed(desk: Desk) -> None:
    desk.write("all.yml", f"{HELLO}---\n{QUEUE}")
    desk.apply()

    desk.definitions.put("network", "hello", HELLO + "  - wait_for: 9s\n", by=ANN)

    assert text_of(desk) == f"{HELLO}  - wait_for: 9s\n---\n{QUEUE}"


def test_a_second_tab_does_not_overwrite_the_first(desk: Desk) -> None:
    desk.write("queue.yml", QUEUE)
    desk.apply()
    desk.definitions.put("queue", "backup", QUEUE.replace("2", "3"), by=ANN, expected_version=1)

    with pytest.raises(VersionOvertaken, match="is at version 2 by now"):
        desk.definitions.put("queue", "backup", QUEUE.replace("2", "4"), by=ANN, expected_version=1)


def test_a_new_document_gets_a_file_of_its_own(desk: Desk) -> None:
    plan = desk.definitions.put("queue", "payroll/backup", QUEUE, by=ANN, expected_version=0)

    assert told(plan) == ["created queue payroll/backup"]
    assert [file.path for file in desk.definitions.export()] == ["payroll/backup.yml"]


def test_two_new_documents_of_one_name_get_two_files(desk: Desk) -> None:
    desk.definitions.put("queue", "hello", QUEUE.replace("backup", "hello"), by=ANN)

    desk.definitions.put("network", "hello", HELLO, by=ANN)

    assert [file.path for file in desk.definitions.export()] == [
        "hello.network.yml",
        "hello.yml",
    ]


@pytest.mark.parametrize(
    "text",
    [QUEUE.replace("backup", "other"), HELLO, f"{QUEUE}---\n{HELLO}", "", "- a: 1\n"],
    ids=["another name", "another kind", "two", "none", "a list"],
)
def test_a_text_that_is_something_else_is_refused(desk: Desk, text: str) -> None:
    desk.write("queue.yml", QUEUE)
    desk.apply()

    with pytest.raises(DocumentMisplaced):
        desk.definitions.put("queue", "backup", text, by=ANN)

    assert text_of(desk) == QUEUE


def test_a_text_with_problems_changes_nothing(desk: Desk) -> None:
    desk.write("queue.yml", QUEUE)
    desk.apply()

    for text in (QUEUE.replace("2", "many"), "kind: queue\nname: backup\nlimit: [\n"):
        with pytest.raises(DefinitionsRefused):
            desk.definitions.put("queue", "backup", text, by=ANN)

    assert text_of(desk) == QUEUE


def test_a_name_that_leads_out_of_the_folder_is_refused(desk: Desk) -> None:
    with pytest.raises(PathRefused):
        desk.definitions.put("queue", "../backup", QUEUE, by=ANN)


def test_a_document_is_taken_out_of_its_file(desk: Desk) -> None:
    desk.write("all.yml", f"{HELLO}---\n{QUEUE}")
    desk.apply()

    plan = desk.definitions.remove("network", "hello", by=ANN, expected_version=1)

    assert told(plan) == ["unchanged queue backup", "removed network hello"]
    assert text_of(desk) == f"---\n{QUEUE}"


def test_the_last_document_takes_its_file_along(desk: Desk) -> None:
    desk.write("queue.yml", QUEUE)
    desk.apply()

    plan = desk.definitions.remove("queue", "backup", by=ANN)

    assert told(plan) == ["removed queue backup"]
    assert desk.definitions.export() == ()
    with pytest.raises(DocumentNotFound):
        desk.definitions.export(kind="queue", name="backup")


def test_what_is_not_there_cannot_be_removed(desk: Desk) -> None:
    with pytest.raises(DocumentNotFound):
        desk.definitions.remove("queue", "backup", by=ANN)


def test_a_folder_of_which_nothing_is_left_is_not_compared_any_more(desk: Desk) -> None:
    file = desk.write("payroll/queue.yml", QUEUE)
    desk.apply("payroll")
    file.unlink()
    desk.apply("payroll", prune=True)
    file.parent.rmdir()

    assert desk.definitions.diff() == ()
