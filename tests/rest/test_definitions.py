"""Definitions over REST: applied all or none, read and changed one by one, compared, exported."""

import io
import zipfile

from tests.rest.serving import ASK, Caller, Served

OTHER = "# hello\nkind: network\nname: other\nflow:\n  - wait_for: 1s   # a while\n"


def given(text: str, **fields: object) -> dict[str, object]:
    return {"files": [{"path": "other.yml", "text": text}], **fields}


def test_a_dry_run_says_what_would_change_and_changes_nothing(client: Caller) -> None:
    answer = client.post("/definitions/apply", json=given(OTHER, dry_run=True)).json()

    assert answer["is_dry_run"] is True
    assert answer["counts"] == {"created": 1, "changed": 0, "unchanged": 0, "removed": 0}
    assert client.get("/networks/other").status_code == 404


def test_files_of_another_machine_are_applied(client: Caller) -> None:
    answer = client.post("/definitions/apply", json=given(OTHER)).json()

    assert [(one["change"], one["name"]) for one in answer["documents"]] == [("created", "other")]
    assert client.shown("/networks/other")["text"] == OTHER
    assert client.start("other")


def test_paths_or_files_are_needed_and_not_both(client: Caller) -> None:
    neither = client.post("/definitions/apply", json={})
    both = client.post("/definitions/apply", json=given(OTHER, paths=["/tmp"]))  # noqa: S108
    base = client.post("/definitions/apply", json={"paths": ["/a"], "base": "/b"})

    assert [each.status_code for each in (neither, both, base)] == [422, 422, 422]


def test_a_path_that_leaves_its_base_is_refused(client: Caller) -> None:
    files = [{"path": "../../etc/other.yml", "text": OTHER}]

    answer = client.post("/definitions/apply", json={"files": files})

    assert (answer.status_code, answer.json()["code"]) == (422, "path_refused")


def test_documents_are_listed_without_their_texts(client: Caller) -> None:
    found = client.shown("/definitions", kind="network")

    assert [one["name"] for one in found["items"]] == ["ask", "each"]
    assert {one["text"] for one in found["items"]} == {None}
    assert found["edition"] == 1


def test_a_document_is_changed_by_who_has_read_its_last_version(client: Caller) -> None:
    client.post("/definitions/apply", json=given(OTHER))
    first = client.get("/definitions/network/other")
    text = OTHER.replace("1s", "2s")
    etag = {"If-Match": first.headers["etag"]}

    changed = client.put("/definitions/network/other", json={"text": text}, headers=etag)
    late = client.put("/definitions/network/other", json={"text": OTHER}, headers=etag)

    assert changed.status_code == 200
    assert (late.status_code, late.json()["code"]) == (412, "version_overtaken")
    now = client.get("/definitions/network/other")
    assert now.json()["text"] == text
    assert now.headers["etag"] == '"2"'


def test_a_new_document_is_added_once(client: Caller) -> None:
    new = {"If-None-Match": "*"}

    first = client.put("/definitions/network/other", json={"text": OTHER}, headers=new)
    second = client.put("/definitions/network/other", json={"text": OTHER}, headers=new)

    assert first.status_code == 200
    assert (second.status_code, second.json()["code"]) == (412, "version_overtaken")


def test_what_is_no_etag_is_refused(client: Caller) -> None:
    for headers in ({"If-Match": "2"}, {"If-Match": '"x"'}, {"If-None-Match": '"1"'}):
        answer = client.put("/definitions/network/ask", json={"text": ASK}, headers=headers)

        assert (answer.status_code, answer.json()["code"]) == (422, "etag_refused")


def test_a_document_is_removed_and_its_versions_stay(client: Caller) -> None:
    client.post("/definitions/apply", json=given(OTHER))

    removed = client.delete("/definitions/network/other", params={"reason": "not needed"})

    assert removed.status_code == 200
    assert client.get("/definitions/network/other").status_code == 404
    versions = client.shown("/definitions/network/other/versions")["items"]
    assert [(one["version"], one["is_removed"]) for one in versions] == [(2, True), (1, False)]


def test_versions_are_compared(client: Caller) -> None:
    client.post("/definitions/apply", json=given(OTHER))
    client.post("/definitions/apply", json=given(OTHER.replace("1s", "2s")))

    text = client.shown("/definitions/network/other/diff")["text"]

    assert "-  - wait_for: 1s   # a while" in text
    assert "+  - wait_for: 2s   # a while" in text


def test_what_is_on_the_disk_is_compared_with_what_is_applied(controller: Served) -> None:
    file = controller.office.folder / "project" / "networks.yml"
    file.write_text(ASK.replace("Asks twice", "Asks two times"), encoding="utf-8")

    found = controller.client.shown("/definitions/diff")["items"]

    assert [one["name"] for one in found] == ["ask"]
    assert "+title: Asks two times" in found[0]["text"]


def test_what_was_applied_is_exported_as_it_was(client: Caller) -> None:
    client.post("/definitions/apply", json=given(OTHER))

    files = client.shown("/definitions/export")["items"]
    archive = client.get("/definitions/export.zip")

    assert {"path": "other.yml", "text": OTHER} in files
    with zipfile.ZipFile(io.BytesIO(archive.content)) as opened:
        assert opened.read("other.yml").decode() == OTHER
        assert sorted(opened.namelist()) == ["networks.yml", "other.yml"]


def test_one_text_is_given_as_it_is(client: Caller) -> None:
    client.post("/definitions/apply", json=given(OTHER))

    answer = client.get("/definitions/network/other/text")

    assert answer.text == OTHER
    assert answer.headers["content-type"].startswith("text/plain")


def test_a_run_keeps_what_it_was_started_with(client: Caller) -> None:
    client.post("/definitions/apply", json=given(OTHER.replace("1s", "1h")))
    run = client.start("other")
    client.post(
        "/definitions/apply", json=given(OTHER.replace("wait_for", "id: new\n    wait_for"))
    )

    keys = [part["key"] for part in client.shown(f"/runs/{run}/parts")["items"]]

    assert keys != ["new"]
