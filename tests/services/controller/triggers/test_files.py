"""Networks that start when a file comes, changes or goes, on this machine and on hosts."""

import base64
from collections.abc import Sequence
from pathlib import Path

import pytest
from jobnet.engine.results import HostResult, HostState, JobEnd, JobResult
from jobnet.ids import HostName
from jobnet.services.controller.triggers.starting import BY_MAX
from jobnet.testing import Script

from tests.services.controller.office import Office, office, wait_until
from tests.services.controller.triggers.starting import known, network, one_run, runs, unused

POLL = "poll: 1s, settle: 0s"


def source(path: object, *, hosts: str = "localhost", more: str = POLL, name: str = "") -> str:
    takes = f", as: {name}" if name else ""
    return f'{{file: {{hosts: {hosts}, path: "{path}", {more}}}{takes}}}'


def has_looked(here: Office) -> bool:
    rows = here.store.read(lambda tx: tx.triggers.all())
    return known(here) and all("known" in row.memory for row in rows)


def test_a_file_that_comes_starts_a_run_that_is_told_where_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "old.csv").touch()
    with office(tmp_path / "home") as here:
        takes = "{arrived: {type: dict}}"
        here.apply(network("load", source(folder / "*.csv", name="arrived"), params=takes))
        wait_until(lambda: has_looked(here))

        (folder / "new.csv").touch()

        run = one_run(here, "load")
        assert str(folder / "new.csv") in run.params
        assert run.by.startswith("file ")


def test_each_of_three_files_starts_a_run_and_none_a_second_one(tmp_path: Path) -> None:
    with office(tmp_path / "home") as here:
        here.apply(network("load", source(tmp_path / "*.csv")))
        wait_until(lambda: has_looked(here))

        for name in "abc":
            (tmp_path / f"{name}.csv").touch()
        wait_until(lambda: len(runs(here, "load")) == 3)
        (tmp_path / "d.csv").touch()
        wait_until(lambda: len(runs(here, "load")) == 4)

        assert not unused(here, "network load")


def test_a_file_that_came_while_the_controller_was_down_starts_a_run(tmp_path: Path) -> None:
    with office(tmp_path / "home") as before:
        before.apply(network("load", source(tmp_path / "a.csv")))
        wait_until(lambda: has_looked(before))
    (tmp_path / "a.csv").touch()

    with office(tmp_path / "home") as after:
        one_run(after, "load")


@pytest.mark.parametrize("event", ["updated", "deleted"])
def test_a_file_that_changes_or_goes_starts_a_run(tmp_path: Path, event: str) -> None:
    file = tmp_path / "a.csv"
    file.touch()
    with office(tmp_path / "home") as here:
        here.apply(network("load", source(file, more=f"{POLL}, event: {event}")))
        wait_until(lambda: has_looked(here))

        if event == "updated":
            file.write_text("more", encoding="utf-8")
        else:
            file.unlink()

        assert one_run(here, "load").by == f"file {file} {event} on localhost"[:BY_MAX]


def test_a_file_of_any_name_starts_a_run(tmp_path: Path) -> None:
    with office(tmp_path / "home") as here:
        here.apply(network("load", source(tmp_path / "in*")))
        wait_until(lambda: has_looked(here))

        Path(f"{tmp_path}/in\n\udcff{{{{ 1 }}}}").touch()

        assert "in??{{ 1 }}" in one_run(here, "load").by


def answer(text: str) -> JobResult:
    host = HostResult(state=HostState.OK, result={"msg": text})
    return JobResult(
        end=JobEnd.ENDED, is_normal=True, exit_code=0, ansible_rc=0, hosts={HostName("ftp"): host}
    )


def answers(*results: JobResult) -> Sequence[Script]:
    return [Script(seconds=0.02, result=each) for each in results]


class EveryLook(dict[str, Sequence[Script]]):
    """Scripts of all looks, whichever number their group has; of others there are none."""

    def __init__(self, scripts: Sequence[Script]) -> None:
        super().__init__(files=scripts)
        self._scripts = scripts

    def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
        return self._scripts if key.startswith("files:folders") else default


def test_a_file_on_a_host_starts_a_run_and_two_networks_share_the_looks(tmp_path: Path) -> None:
    encoded = base64.b64encode(b"/in/a.csv").decode()
    nothing, came = answer("#0 |#0 |"), answer(f"#1 |5 1.5 7 {encoded}|#0 |")
    with office(tmp_path, EveryLook(answers(nothing, came))) as here:
        here.apply(
            network("load", source("/in/*.csv", hosts="ftp"))
            + network("other", source("/in/*.txt", hosts="ftp"))
        )

        run = one_run(here, "load")

        assert run.by == "file /in/a.csv created on ftp"
        looked = [order.handed_over["params"] for order in here.runner.orders]
        assert looked[0] == {
            "looks": [{"folder": "/in", "name": "*.csv"}, {"folder": "/in", "name": "*.txt"}]
        }
        assert not runs(here, "other")


def test_a_host_that_cannot_be_reached_is_told_and_starts_nothing(tmp_path: Path) -> None:
    gone = HostResult(state=HostState.UNREACHABLE, result={}, message="no route to host")
    result = JobResult(end=JobEnd.ENDED, hosts={HostName("ftp"): gone})
    with office(tmp_path, EveryLook(answers(result))) as here:
        here.apply(network("load", source("/in/*.csv", hosts="ftp")))

        wait_until(lambda: known(here) and here.controller.triggers.show()[0].problem)

        assert "no route to host" in here.controller.triggers.show()[0].problem
        assert not runs(here, "load")


def test_a_path_that_is_changed_begins_with_what_is_there_then(tmp_path: Path) -> None:
    (tmp_path / "old.txt").touch()
    with office(tmp_path / "home") as here:
        here.apply(network("load", source(tmp_path / "*.csv")))
        wait_until(lambda: has_looked(here))

        here.apply(network("load", source(tmp_path / "*.txt")))
        wait_until(lambda: "old.txt" in here.store.read(lambda tx: tx.triggers.all())[0].memory)
        (tmp_path / "new.txt").touch()

        assert "new.txt" in one_run(here, "load").by
        assert len(runs(here, "load")) == 1


def test_a_path_that_is_not_absolute_is_told(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        here.apply(network("load", source("in/*.csv")))

        wait_until(lambda: known(here) and here.controller.triggers.show()[0].problem)

        assert "no absolute path" in here.controller.triggers.show()[0].problem
