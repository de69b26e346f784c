"""Waits and messages of a play for real: files here and on hosts, mail, web, a full disk."""

import json
import resource
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from jobnet.cli.entry import run

from tests.cli.conftest import Place
from tests.messages.conftest import MailSink, WebSink, mail_sink, web_sink

__all__ = ["mail_sink", "web_sink"]


@pytest.fixture(autouse=True)
def _here(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in place.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(place.project)


def played(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, dict[str, object]]:
    """Play night.yml quietly and return its parts by key."""
    run(["play", "night.yml", "-q", "-o", "json", *arguments])
    document = json.loads(capsys.readouterr().out)
    return {part["key"]: part for part in document["parts"]}


def test_a_file_that_appears_is_noticed_long_before_the_next_poll(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    file = place.project / "orders.csv"
    place.network(
        "{kind: network, name: night, flow:"
        f" [{{id: got, wait_file: {{path: {file}, poll: 10m, timeout: 1h}}}}]}}"
    )
    writer = threading.Timer(1.5, lambda: file.write_text("a,b\n") and None)
    writer.start()

    parts = played(capsys)

    writer.join()
    assert parts["got"]["state"] == "normal"
    assert parts["got"]["outputs"]


@pytest.mark.parts
def test_a_file_on_a_host_is_seen_by_a_real_look(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    file = place.project / "{{ lookup('pipe', 'touch owned') }}.csv"
    place.network(
        "kind: network\nname: night\nparams: {file: {type: path}}\nflow:\n"
        '  - {id: got, wait_file: {hosts: h1, path: "{{ params.file }}", poll: 1s,'
        " existing: accept, timeout: 1m}}\n"
    )
    file.write_text("a,b\n")

    parts = played(capsys, "-e", f"file={file}")

    assert parts["got"]["state"] == "normal"
    outputs = parts["got"]["outputs"]
    assert isinstance(outputs, dict)
    assert outputs["h1"]["size"] == 4
    assert not list(place.project.rglob("owned"))
    assert not list(place.home.rglob("*look*"))


@pytest.mark.parts
def test_an_unreachable_host_is_a_look_with_an_error_and_the_wait_goes_on(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    (place.project / "hosts.ini").write_text(
        "h9 ansible_connection=ssh ansible_host=127.0.0.1 ansible_port=1\n"
    )
    place.network(
        "{kind: network, name: night, flow: [{id: got, wait_file: {hosts: h9, path: /x,"
        " event: deleted, poll: 1s, timeout: 1m}}]}"
    )

    parts = played(capsys, "--fast-forward")

    assert parts["got"]["state"] == "abnormal"
    journal = next(iter((place.home / "runs").iterdir())) / "journal.jsonl"
    assert "h9: " in journal.read_text()


def test_mail_and_web_address_get_what_a_notify_part_says(
    place: Place,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    mail_sink: tuple[MailSink, int],
    web_sink: WebSink,
) -> None:
    sink, port = mail_sink
    monkeypatch.setenv("JOBNET_SMTP_URL", f"smtp://127.0.0.1:{port}")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    place.network(
        f"""
        kind: notification
        name: operations
        to: [{{mail: ops@example.com}}, {{webhook: "{web_sink.url}/200"}}]
        on: [normal]
        ---
        kind: network
        name: night
        flow:
          - id: tell
            notify: {{to: [operations], subject: "Night of {{{{ operating_day }}}}", message: Done}}
        """
    )

    parts = played(capsys, "--day", "2026-05-29")

    assert parts["tell"]["state"] == "normal"
    assert [mail["Subject"] for mail in sink.mails] == [
        "Night of 2026-05-29",
        "[jobnet] night of 2026-05-29 ended normal",
    ]
    assert [body["part"] for body in web_sink.bodies] == ["tell", None]


def test_a_journal_on_a_full_disk_ends_the_run_as_lost_with_the_reason(place: Place) -> None:
    place.network(
        "{kind: network, name: night, flow: [{for_each: {items: [1, 2, 3, 4, 5, 6, 7, 8, 9],"
        " as: n, flow: [{wait_for: 1s}, {wait_for: 1s}, {wait_for: 1s}]}}]}"
    )

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    told = subprocess.run(
        [sys.executable, "-B", "-m", "jobnet", "play", "night.yml", "--fast-forward"],
        cwd=place.project,
        env=place.environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=limit,
    )

    assert told.returncode == 5
    assert "The journal" in told.stderr
    assert "File too large" in told.stderr
    assert "Traceback" not in told.stderr
    journal = next(iter((place.home / "runs").iterdir())) / "journal.jsonl"
    assert all(json.loads(line)["kind"] for line in Path(journal).read_text().splitlines())
