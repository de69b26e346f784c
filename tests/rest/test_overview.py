"""What people look at first: status, why, deviations, changes, dialogs, the audit, networks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jobnet.engine.results import HostResult, HostState, JobEnd, JobResult
from jobnet.ids import HostName, PartKey, RunId
from jobnet.ports.store.outputs import OutputPiece
from jobnet.testing import Script

from tests.rest.serving import Served, eventually, served

NIGHT = """
kind: network
name: night
flow:
  - id: load
    hosts: all
    ansible.builtin.command: /opt/load
  - id: report
    hosts: all
    ansible.builtin.command: /opt/report
"""
FAILED = JobResult(
    end=JobEnd.ENDED,
    exit_code=2,
    ansible_rc=2,
    hosts={
        HostName("db1"): HostResult(state=HostState.OK),
        HostName("db2"): HostResult(state=HostState.FAILED, message="no space left on device"),
    },
)


@pytest.fixture
def failing(tmp_path: Path) -> Iterator[Served]:
    """A controller whose first job fails at its first attempt and goes well after that."""
    scripts = [Script(seconds=0, result=FAILED), Script(seconds=0)]
    with served(tmp_path, {"load": scripts}) as found:
        (found.office.folder / "project").mkdir()
        (found.office.folder / "project/inventory").write_text("db1\ndb2\n", encoding="utf-8")
        found.apply(NIGHT)
        yield found


def ended(controller: Served, run: str) -> str:
    eventually(lambda: controller.client.shown(f"/runs/{run}")["ended"])
    return str(controller.client.shown(f"/runs/{run}")["state"])


def test_why_a_run_failed_names_part_host_and_message(failing: Served) -> None:
    run = failing.client.start("night")
    assert ended(failing, run) == "abnormal"

    why = failing.client.shown(f"/runs/{run}/why")

    said = f"{run} (night) ended abnormal: load failed on db2: no space left on device"
    assert why["sentence"] == said
    assert [failure["part"] for failure in why["failures"]] == ["load"]
    commands = [hint["command"] for hint in why["hints"]]
    assert commands == [f"jobnet logs {run}/load", f"jobnet rerun {run} --failed"]


def test_a_run_that_failed_wants_attention_until_one_goes_well(failing: Served) -> None:
    client = failing.client
    run = client.start("night")
    ended(failing, run)

    before = client.shown("/status")["attention"]
    again = client.start("night")
    assert ended(failing, again) == "normal"
    after = client.shown("/status")["attention"]

    assert [(each["kind"], each["run"]) for each in before] == [("run_failed", run)]
    assert f"jobnet why {run}" in before[0]["commands"]
    assert after == []


def test_how_a_network_went_last(failing: Served) -> None:
    client = failing.client
    runs = [client.start("night")]
    ended(failing, runs[0])
    runs.append(client.start("night"))
    ended(failing, runs[1])

    last = client.shown("/networks/night/last")
    network = client.shown("/networks/night")

    assert [each["run"] for each in last["runs"]] == runs[::-1]
    assert last["latest_normal"]["run"] == runs[1]
    assert network["latest"]["run"] == runs[1]
    assert network["open_runs"] == 0


def test_what_a_job_has_printed_is_read_in_pieces_and_searched(failing: Served) -> None:
    client = failing.client
    run = client.start("night")
    ended(failing, run)
    piece = OutputPiece(
        run=RunId(run),
        part=PartKey("load"),
        attempt=1,
        offset=0,
        text="TASK [load]\nfatal: no space left\nok\n",
        at=failing.office.store.now(),
    )
    failing.office.controller.outputs.append([piece])

    whole = client.shown(f"/runs/{run}/parts/load/output")
    tail = client.shown(f"/runs/{run}/parts/load/output", offset=-3)
    found = client.shown(f"/runs/{run}/parts/load/output/search", q="NO SPACE")

    assert whole["text"] == piece.text
    assert (whole["total"], whole["is_complete"]) == (len(piece.text), True)
    assert tail["text"] == "ok\n"
    assert [(hit["line"], hit["text"]) for hit in found["items"]] == [(2, "fatal: no space left")]


def test_a_part_that_never_ran_has_printed_nothing(failing: Served) -> None:
    run = failing.client.start("night")
    ended(failing, run)

    output = failing.client.shown(f"/runs/{run}/parts/report/output")

    assert (output["text"], output["total"]) == ("", 0)


def test_what_keeps_a_run_from_going_on_is_said_with_the_order_that_helps(
    controller: Served,
) -> None:
    client = controller.client
    run = client.start()

    asking = client.shown(f"/runs/{run}/why")
    client.post(f"/runs/{run}/parts/pause/hold")
    client.post(f"/runs/{run}/parts/go_on/answer", json={"choice": "yes"})
    held = client.shown(f"/runs/{run}/why")

    assert asking["sentence"] == f"{run} (ask) is running; go_on waits, prompting: Go on?."
    assert asking["hints"][0]["command"] == f"jobnet answer {run}/go_on CHOICE"
    assert held["hints"][0]["command"] == f"jobnet release {run}/pause"


def test_a_network_that_never_ran_says_how_to_start_it(controller: Served) -> None:
    why = controller.client.shown("/networks/ask/why")

    assert why["run"] is None
    assert why["hints"] == [{"command": "jobnet start ask", "purpose": "start it now"}]


def test_the_status_has_everything_on_one_page(controller: Served) -> None:
    client = controller.client
    waiting = client.start()
    client.post(f"/runs/{waiting}/parts/go_on/answer", json={"choice": "yes"})
    asking = client.start()

    status = client.shown("/status")

    assert status["open_runs"] == 2
    assert {each["run"]["run"] for each in status["running"]} == {waiting, asking}
    assert [(each["run"], each["part"]) for each in status["waiting"]] == [(waiting, "pause")]
    assert [(each["run"], each["part"]) for each in status["dialogs"]] == [(asking, "go_on")]
    assert [(each["run"], each["kind"]) for each in status["next"]] == [(waiting, "wait")]


def test_an_open_dialog_names_choices_and_the_address_of_the_answer(controller: Served) -> None:
    client = controller.client
    run = client.start()

    dialog = client.shown("/dialogs")["items"][0]
    client.post(dialog["related"]["answer"].removeprefix("/api/v1"), json={"choice": "yes"})

    assert dialog["message"] == "Go on?"
    assert dialog["choices"] == {"yes": 0, "no": 8}
    assert client.part(run, "go_on")["state"] == "normal"
    assert client.shown("/dialogs")["items"] == []


def test_what_differs_from_the_definitions_is_told_with_who_and_why(controller: Served) -> None:
    client = controller.client
    client.headers["Jobnet-User"] = "ann"
    run = client.start()
    client.post(f"/runs/{run}/parts/pause/hold", json={"reason": "wait for the file"})
    client.post(f"/runs/{run}/parts/sure/skip", json={"reason": "not today"})
    client.post(f"/runs/{run}/parts/go_on/answer", json={"choice": "yes"})
    client.post(f"/runs/{run}/suspend", json={"reason": "storm"})
    client.post("/settings/everything/suspend", json={"reason": "fire drill"})

    found = client.shown("/deviations")["items"]

    told = {(each["kind"], each["what"]): (each["by"], each["reason"]) for each in found}
    assert told == {
        ("held", f"{run}/pause"): ("ann", "wait for the file"),
        ("skipped", f"{run}/sure"): ("ann", "not today"),
        ("suspended", run): ("ann", "storm"),
        ("setting", "everything is_suspended"): ("ann", "fire drill"),
    }
    assert client.shown("/status")["suspended"][0]["what"].endswith("by ann: fire drill")


def test_what_is_taken_back_differs_no_more(controller: Served) -> None:
    client = controller.client
    run = client.start()
    client.post(f"/runs/{run}/suspend")
    client.post("/settings/everything/suspend")

    client.post(f"/runs/{run}/resume")
    resumed = client.post("/settings/everything/resume").json()

    assert resumed == {"has_changed": True}
    assert client.shown("/deviations")["items"] == []


def test_changes_are_of_definitions_and_settings_and_not_of_runs(controller: Served) -> None:
    client = controller.client
    run = client.start()
    client.post(f"/runs/{run}/comment", json={"text": "hello"})
    client.put("/resources/tape", json={"capacity": 2, "reason": "second drive"})

    found = client.shown("/changes", since="2000-01-01T00:00:00Z")["items"]

    told = [(each["act"], each["subject"], each["reason"]) for each in found]
    assert told == [("set", "resource tape", "second drive"), ("apply", "definitions", "")]


def test_the_audit_is_paged_and_filtered(controller: Served) -> None:
    client = controller.client
    run = client.start()
    for number in range(4):
        client.post(f"/runs/{run}/comment", json={"text": str(number)})

    first = client.shown("/audit", subject=run, limit=3)
    rest = client.get(first["next"].removeprefix("/api/v1")).json()
    by_others = client.shown("/audit", by="nobody")

    texts = [each["after"]["text"] for each in (*first["items"], *rest["items"])]
    assert texts == ["3", "2", "1", "0"]
    assert by_others["items"] == []


def test_networks_are_listed_by_name_page_by_page(controller: Served) -> None:
    first = controller.client.shown("/networks", limit=1)
    rest = controller.client.get(first["next"].removeprefix("/api/v1")).json()

    names = [each["name"] for each in (*first["items"], *rest["items"])]
    assert names == ["ask", "each"]
    assert first["items"][0]["title"] == "Asks twice"
    assert controller.client.shown("/networks", folder="payroll")["items"] == []
