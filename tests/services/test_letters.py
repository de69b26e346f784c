"""Messages of notify parts and of notification documents, as a run sends them."""

from pathlib import Path

from jobnet.definition import Address
from jobnet.engine.results import JobEnd, JobResult
from jobnet.engine.states import State
from jobnet.ports.desk import NoteKind

from tests.services.playing import Script, Stage

BAD = JobResult(end=JobEnd.ENDED, is_normal=False, exit_code=3, message="no space left")

NOTIFY = """
kind: notification
name: operations
to: [{{mail: ops@example.com}}, {{webhook: "http://127.0.0.1:1/hook"}}]
on: [{on}]
---
kind: network
name: night
owner: storage-team
runbook: docs/backup.md
flow:
  - {flow}
"""


def stage(folder: Path, flow: str, on: str = "", **more: object) -> Stage:
    return Stage(NOTIFY.format(on=on, flow=flow), folder, **more)  # type: ignore[arg-type]


def test_a_notify_part_reaches_all_addresses_of_a_document(tmp_path: Path) -> None:
    scene = stage(
        tmp_path,
        "{id: tell, notify: {to: [operations, boss@example.com], subject: Night, message: done}}",
    )

    ended = scene.play()

    assert ended.part("tell") is State.NORMAL
    assert [letter.to for letter in scene.post.letters] == [
        Address(kind="mail", target="ops@example.com"),
        Address(kind="webhook", target="http://127.0.0.1:1/hook"),
        Address(kind="mail", target="boss@example.com"),
    ]
    letter = scene.post.letters[0]
    assert (letter.subject, letter.text) == ("Night", "done")
    assert letter.details["network"] == "night"
    assert letter.details["run"] == "r-1"
    assert letter.details["part"] == "tell"
    assert letter.details["operating_day"] == "2026-05-29"


def test_one_address_that_fails_does_not_keep_the_others_from_theirs(tmp_path: Path) -> None:
    scene = stage(
        tmp_path,
        "{id: tell, notify: {to: [operations], message: done}}",
        refused=["ops@example.com"],
    )

    ended = scene.play()

    assert ended.part("tell") is State.ABNORMAL
    assert "ops@example.com was not sent: the server said no" in ended.message("tell")
    assert [letter.to.kind for letter in scene.post.letters] == ["webhook"]


def test_only_artifacts_may_be_attached(tmp_path: Path) -> None:
    flow = "{{id: tell, notify: {{to: [operations], message: done, attach: [{path}]}}}}"
    good = stage(tmp_path, flow.format(path="/jobs/report.xlsx"), artifacts=["/jobs/report.xlsx"])
    bad = stage(tmp_path, flow.format(path="/etc/passwd"), artifacts=["/jobs/report.xlsx"])

    sent, kept = good.play(), bad.play()

    assert sent.state is State.NORMAL
    assert [each.name for each in good.post.letters[0].attachments] == ["report.xlsx"]
    assert kept.part("tell") is State.ABNORMAL
    assert bad.post.letters == []


def test_a_name_that_is_no_document_and_no_address_is_said(tmp_path: Path) -> None:
    scene = stage(
        tmp_path,
        "{id: tell, notify: {to: ['{{ params.who }}'], message: done}}\n"
        "params: {who: {type: str, default: nobody}}",
    )

    ended = scene.play()

    assert "'nobody' is neither a notification document nor an address" in ended.message("tell")


def test_a_digest_is_sent_once_at_the_end(tmp_path: Path) -> None:
    scene = stage(
        tmp_path,
        "{id: one, notify: {to: [a@b.c], message: first, digest: true}}\n"
        "  - {id: two, notify: {to: [a@b.c], message: second, digest: true}}",
    )

    scene.play()

    (letter,) = scene.post.letters
    assert letter.subject == "Digest of run r-1: 2 messages"
    assert "first" in letter.text
    assert "second" in letter.text


def test_an_abnormal_end_is_told_with_what_failed_and_who_cares(tmp_path: Path) -> None:
    scene = stage(
        tmp_path,
        "{id: dump, hosts: db, ansible.builtin.command: dump}",
        on="abnormal, recovered",
        scripts={"dump": Script(result=BAD)},
    )

    scene.play()

    letter = scene.post.letters[0]
    assert len(scene.post.letters) == 2
    assert "night of 2026-05-29 ended abnormal" in letter.subject
    assert "dump: abnormal: no space left" in letter.text
    assert "storage-team" in letter.text
    assert "docs/backup.md" in letter.text


def test_a_good_end_is_not_told_to_who_wants_to_know_of_bad_ones(tmp_path: Path) -> None:
    scene = stage(
        tmp_path, "{id: dump, hosts: db, ansible.builtin.command: dump}", on="abnormal, recovered"
    )

    scene.play()

    assert scene.post.letters == []


def test_a_late_end_is_told_when_it_happens(tmp_path: Path) -> None:
    scene = stage(
        tmp_path,
        '{id: dump, hosts: db, ansible.builtin.command: dump, late_end: "12:10"}',
        on="late_end",
        scripts={"dump": Script(seconds=3600)},
    )
    seen: list[int] = []
    scene.at(1200, lambda: seen.append(len(scene.post.letters)))

    scene.play()

    assert seen == [2]
    assert "dump: late_end" in scene.post.letters[0].subject


def test_a_recovered_run_is_told_as_such(tmp_path: Path) -> None:
    scene = stage(
        tmp_path,
        "block: [{id: dump, hosts: db, ansible.builtin.command: dump}]\n"
        "    rescue: [{id: mend, hosts: db, ansible.builtin.command: mend}]",
        on="recovered",
        scripts={"dump": Script(result=BAD)},
    )

    ended = scene.play()

    assert ended.state is State.NORMAL
    assert "1 recovered" in scene.post.letters[0].subject


def test_an_open_dialog_is_told(tmp_path: Path) -> None:
    scene = stage(
        tmp_path,
        "{id: ask, dialog: {message: Go?, choices: {go: 0}}}",
        on="dialog",
        answers=["ask=go"],
    )

    scene.play()

    assert "ask asks: Go?" in scene.post.letters[0].text


def test_a_letter_of_a_document_that_fails_is_a_warning_and_no_more(tmp_path: Path) -> None:
    scene = stage(
        tmp_path,
        "{id: dump, hosts: db, ansible.builtin.command: dump}",
        on="normal",
        refused=["ops@example.com"],
    )

    ended = scene.play()

    assert ended.state is State.NORMAL
    warnings = [note.text for note in scene.desk.notes if note.kind is NoteKind.WARNING]
    assert "ops@example.com was not sent" in warnings[0]


def test_check_mode_shows_what_a_document_would_send(tmp_path: Path) -> None:
    scene = stage(
        tmp_path,
        "{id: dump, hosts: db, ansible.builtin.command: dump}",
        on="normal",
        check=True,
    )

    scene.play()

    assert scene.post.letters == []
    shown = [note.text for note in scene.desk.notes if note.kind is NoteKind.MESSAGE]
    assert shown[0].startswith("would send to mail: [jobnet] night of 2026-05-29 ended normal")
