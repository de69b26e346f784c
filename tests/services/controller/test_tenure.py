"""One controller at a time works for a database."""

from datetime import timedelta
from pathlib import Path

import pytest
from jobnet.errors.controller import ControllerElsewhere
from jobnet.services.controller.bells import Bells
from jobnet.services.controller.tenure import LASTS, Tenure

from tests.services.controller.office import Office, office
from tests.services.controller.stores import AtInstant


def tenure(here: Office, holder: str, *, later: timedelta = timedelta(0)) -> tuple[Tenure, Bells]:
    bells = Bells()
    store = AtInstant(here.store, lambda: here.store.now() + later)
    return Tenure(store, bells, holder=holder), bells


def test_a_second_controller_does_not_begin(tmp_path: Path) -> None:
    with office(tmp_path, is_started=False) as here:
        first, _ = tenure(here, "a")
        second, _ = tenure(here, "b")
        first.recover()

        with pytest.raises(ControllerElsewhere, match="jobnet down"):
            second.recover()


def test_a_controller_that_comes_back_at_its_place_begins_at_once(tmp_path: Path) -> None:
    with office(tmp_path, is_started=False) as here:
        tenure(here, "a")[0].recover()
        again, bells = tenure(here, "a")

        again.recover()
        again.work_once()

        assert not bells.is_closed


def test_one_that_ended_lets_the_next_begin_at_once(tmp_path: Path) -> None:
    with office(tmp_path, is_started=False) as here:
        first, _ = tenure(here, "a")
        first.recover()

        first.give_back()
        tenure(here, "b")[0].recover()


def test_one_that_was_overtaken_stops_everybody(tmp_path: Path) -> None:
    with office(tmp_path, is_started=False) as here:
        first, everybody = tenure(here, "a")
        first.recover()
        tenure(here, "b", later=2 * LASTS)[0].recover()

        first.work_once()

        assert everybody.is_closed


def test_a_controller_takes_the_lease_and_gives_it_back(tmp_path: Path) -> None:
    with office(tmp_path, holder="a") as here, pytest.raises(ControllerElsewhere):
        tenure(here, "b")[0].recover()
    with office(tmp_path, is_started=False) as here:
        tenure(here, "b")[0].recover()
