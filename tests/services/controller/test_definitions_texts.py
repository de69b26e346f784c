"""Texts from elsewhere are applied as files below a folder of the controller's machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jobnet.errors.definitions import (
    NothingToApply,
    PathRefused,
)
from jobnet.ids import NetworkName

from tests.services.controller.applied import ANN, HELLO, QUEUE, Desk, opened, told


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened(tmp_path) as store:
        yield Desk(tmp_path, store)


def test_texts_are_applied_as_files_below_their_base(desk: Desk) -> None:
    plan = desk.definitions.apply_texts(
        [("payroll/hello.yml", HELLO)], base=str(desk.folder), by=ANN
    )

    assert told(plan) == ["created network payroll/hello"]
    assert plan.documents[0].path == f"{desk.folder}/payroll/hello.yml"
    assert not (desk.folder / "payroll").exists()


def test_texts_without_a_base_belong_to_the_controller(desk: Desk) -> None:
    plan = desk.definitions.apply_texts([("hello.yml", HELLO)], by=ANN)

    bundle = desk.definitions.bundle(plan.edition, NetworkName("hello"))

    assert Path(bundle.network.project_root).is_dir()


def test_texts_that_are_not_given_again_are_kept_until_somebody_prunes(desk: Desk) -> None:
    desk.definitions.apply_texts([("hello.yml", HELLO), ("queue.yml", QUEUE)], by=ANN)

    kept = desk.definitions.apply_texts([("queue.yml", QUEUE)], by=ANN)
    pruned = desk.definitions.apply_texts([("queue.yml", QUEUE)], by=ANN, prune=True)

    assert told(kept) == ["unchanged queue backup"]
    assert told(pruned) == ["unchanged queue backup", "removed network hello"]


HOSTILE = (
    "/etc/x.yml",
    "../x.yml",
    "a/../../x.yml",
    "a//x.yml",
    "./x.yml",
    "",
    "x.txt",
    "a\0.yml",
    "a\n.yml",
    "a\\..\\x.yml",
    "x" * 600 + ".yml",
    "\ud800.yml",
)


@pytest.mark.parametrize("path", HOSTILE)
def test_a_path_that_leads_out_or_is_strange_is_refused(desk: Desk, path: str) -> None:
    with pytest.raises(PathRefused):
        desk.definitions.apply_texts([(path, HELLO)], base=str(desk.folder), by=ANN)

    assert desk.definitions.current() == 0


def test_half_a_character_is_refused(desk: Desk) -> None:
    with pytest.raises(PathRefused, match="half a character"):
        desk.definitions.apply_texts([("hello.yml", HELLO + "# \ud800")], by=ANN)


def test_a_base_that_is_no_folder_is_refused(desk: Desk) -> None:
    for base in ("relative", str(desk.folder / "nowhere")):
        with pytest.raises(NothingToApply):
            desk.definitions.apply_texts([("hello.yml", HELLO)], base=base, by=ANN)
