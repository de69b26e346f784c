"""Who is told of what, by the notification documents."""

import pytest
from jobnet.definition import Address, Notification
from jobnet.services.notifications import Occasion, addressed

OPS = Address(kind="mail", target="ops@example.com")
BOSS = Address(kind="mail", target="boss@example.com")


def notification(*to: Address, on: str = "abnormal", folders: str = "") -> Notification:
    return Notification(
        name="n", to=to, on=tuple(on.split()), folders=tuple(folders.split())
    )  # fmt: skip


@pytest.mark.parametrize(
    ("folders", "folder", "is_told"),
    [
        ("", "payroll/emea", True),
        ("payroll", "payroll", True),
        ("payroll", "payroll/emea", True),
        ("payroll", "payroll2", False),
        ("payroll sales", "sales", True),
        ("payroll", "", False),
    ],
)
def test_folders_narrow_what_is_told(folders: str, folder: str, *, is_told: bool) -> None:
    occasion = Occasion(words=("abnormal",), part=None, text="")

    to = addressed((notification(OPS, folders=folders),), occasion, folder=folder)

    assert bool(to) is is_told


def test_each_address_is_told_once_and_only_of_what_it_asked_for() -> None:
    occasion = Occasion(words=("killed", "abnormal"), part=None, text="")
    known = (notification(OPS), notification(OPS, BOSS), notification(BOSS, on="normal"))

    assert addressed(known, occasion, folder="") == (OPS, BOSS)
