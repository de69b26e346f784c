"""Old runs, how long they are kept and rows that are mended, over REST."""

from datetime import timedelta

from jobnet.ids import RunId
from jobnet.ports.store import Transaction

from tests.rest.serving import Caller, Served, eventually

TASKS = """
kind: network
name: short
flow:
  - {id: a, wait_for: 0s}
"""


def old_run(controller: Served) -> str:
    """Return a run that ended a hundred days ago."""
    controller.apply(TASKS, "short.yml")
    run = controller.client.start("short")
    store = controller.office.store
    eventually(lambda: store.read(lambda tx: tx.runs.find(RunId(run))).ended)  # type: ignore[union-attr]

    def age(tx: Transaction) -> None:
        row = tx.runs.find(RunId(run))
        assert row is not None
        assert row.ended is not None
        at = (row.ended - timedelta(days=100)).isoformat(timespec="microseconds")
        change = "UPDATE run SET ended = ?, created_at = ?, operating_day = '2020-01-01'"
        tx.connection.driver.execute(f"{change} WHERE id = ?", (at, at, run))  # type: ignore[attr-defined]

    store.write(age)
    return run


def test_a_dry_run_tells_what_would_go(controller: Served, client: Caller) -> None:
    run = old_run(controller)

    told = client.post("/prune", json={"dry_run": True}).json()

    assert (told["runs"], told["is_complete"]) == (1, True)
    assert told["entries"] > 0
    assert client.get(f"/runs/{run}").status_code == 200


def test_what_is_old_goes_and_the_next_who_asks_hears_that_there_is_nothing(
    controller: Served, client: Caller
) -> None:
    run = old_run(controller)

    done = client.post("/prune", json={"network": "short", "reason": "full disk"}).json()
    again = client.post("/prune", json={}).json()

    assert (done["runs"], again["runs"]) == (1, 0)
    assert client.get(f"/runs/{run}").status_code == 404


def test_a_network_has_days_of_its_own(controller: Served, client: Caller) -> None:
    run = old_run(controller)
    path = "/networks/short/retention"

    first = client.put(path, json={"days": 365}).json()
    again = client.put(path, json={"days": 365}).json()
    client.post("/prune", json={})
    kept = client.get(f"/runs/{run}").status_code
    client.put(path, json={"days": None})
    client.post("/prune", json={})

    assert (first, again) == ({"has_changed": True}, {"has_changed": False})
    assert kept == 200
    assert client.get(f"/runs/{run}").status_code == 404


def test_what_makes_no_sense_is_refused(client: Caller) -> None:
    for body in ({"older_than_days": 0.5}, {"older_than_days": -1}, {"network": ""}, {"x": 1}):
        assert client.post("/prune", json=body).status_code == 422
    assert client.post("/prune", json={"network": "nobody"}).status_code == 404
    assert client.put("/networks/nobody/retention", json={"days": 3}).status_code == 404


def test_rows_of_a_run_are_made_anew(controller: Served, client: Caller) -> None:
    run = client.start("ask")
    eventually(lambda: client.get(f"/runs/{run}/parts/go_on").json().get("state") == "prompting")
    shown = client.shown(f"/runs/{run}/parts")

    def damage(tx: Transaction) -> None:
        for statement in ("UPDATE run SET round = 9", "DELETE FROM part"):
            tx.connection.driver.execute(statement)  # type: ignore[attr-defined]

    controller.office.store.write(damage)
    first = client.post(f"/runs/{run}/rebuild").json()
    again = client.post(f"/runs/{run}/rebuild").json()

    assert (first["mended"], again["mended"]) == (["row", "parts"], [])
    assert {**client.shown(f"/runs/{run}/parts"), "now": shown["now"]} == shown
    assert client.post("/runs/nobody/rebuild").status_code == 404
    acts = [each["act"] for each in client.shown("/audit")["items"]]
    assert acts.count("rebuild") == 1
