"""Which controller is meant, and with which token."""

from pathlib import Path

import pytest
from jobnet.client import find_controller
from jobnet.errors.client import NoControllerFound, TokenNotFound
from jobnet.machine.server_home import announce, held_place, token_of
from jobnet.settings import Settings

URL = "http://127.0.0.1:8620"


def test_the_controller_of_this_machine_is_found_with_its_token(tmp_path: Path) -> None:
    with held_place(tmp_path) as place:
        token = token_of(place)
        announce(place, {"url": URL})

    address = find_controller(Settings(home=str(tmp_path), operator="ann"))

    assert (address.url, address.token, address.user) == (URL, token, "ann")
    assert token not in repr(address)


def test_another_controller_is_named_with_its_own_token(tmp_path: Path) -> None:
    with held_place(tmp_path) as place:
        token_of(place)
        announce(place, {"url": URL})
    other = Settings(home=str(tmp_path), url="https://night.example.com", token="theirs")

    address = find_controller(other)

    assert (address.url, address.token) == ("https://night.example.com", "theirs")


def test_the_token_of_this_machine_is_given_to_no_other_controller(tmp_path: Path) -> None:
    with held_place(tmp_path) as place:
        token_of(place)
        announce(place, {"url": URL})

    with pytest.raises(TokenNotFound, match="JOBNET_TOKEN"):
        find_controller(Settings(home=str(tmp_path), url="https://night.example.com"))


def test_no_controller_is_said_with_the_command_that_starts_one(tmp_path: Path) -> None:
    with pytest.raises(NoControllerFound, match="jobnet up"):
        find_controller(Settings(home=str(tmp_path)))

    assert list(tmp_path.iterdir()) == []


def test_a_token_that_cannot_be_read_is_asked_for(tmp_path: Path) -> None:
    with held_place(tmp_path) as place:
        announce(place, {"url": URL})

    with pytest.raises(TokenNotFound, match="JOBNET_TOKEN"):
        find_controller(Settings(home=str(tmp_path)))
