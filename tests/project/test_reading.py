"""Files and folders: what counts, what is passed over, and content that never raises."""

import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jobnet.definition import Network, Notification, Queue
from jobnet.project import read_file, read_project

from tests.project.written import EXAMPLES, network_of, read

SECONDS_MAX = 10


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_read_without_a_word(path: Path) -> None:
    reading = read_file(path)

    assert [str(one) for one in reading.problems] == []
    assert all(document.value is not None for document in reading.documents)


def write(folder: Path, name: str, text: str | bytes) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


STRANGE = {
    "empty": (b"", "no_document"),
    "only a comment": (b"# nothing\n", "no_document"),
    "a scalar": (b"hello\n", "no_document"),
    "a playbook of one mapping": (b"tasks: []\n", "no_document"),
    "not UTF-8": (b"kind: network\nname: \xff\n", "not_utf8"),
    "UTF-16": ("kind: network\nname: x\n".encode("utf-16"), "not_utf8"),
    "NUL": (b"kind: network\nname: x\0\n", "yaml_syntax"),
    "10 MB": (b"kind: network\nname: x\nx: " + b"y" * 10_000_000, "file_too_large"),
    "no name": (b"kind: network\nflow: []\n", "missing_key"),
    "nearly a kind": (b"kind: netwrok\nname: x\n", "unknown_kind"),
    "vaulted": (b"$ANSIBLE_VAULT;1.1;AES256\n6233\n", "no_document"),
    "a manifest of others": (b"apiVersion: v1\nkind: network\nname: x\n", "no_document"),
}


@pytest.mark.parametrize(("content", "code"), STRANGE.values(), ids=STRANGE.keys())
def test_a_strange_file_is_one_problem(tmp_path: Path, content: bytes, code: str) -> None:
    reading = read_file(write(tmp_path, "net.yml", content))

    assert [problem.code for problem in reading.problems] == [code]


def test_a_byte_order_mark_is_no_problem(tmp_path: Path) -> None:
    text = "\ufeff" + network_of("- wait_for: 1s")

    assert not read_file(write(tmp_path, "net.yml", text)).problems


def test_a_folder_a_pipe_a_loop_and_nothing_are_problems(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yml")
    (tmp_path / "loop.yml").symlink_to("loop.yml")
    (tmp_path / "dir.yml").mkdir()

    codes = [
        read_file(tmp_path / name).problems[0].code
        for name in ("pipe.yml", "loop.yml", "dir.yml", "none.yml", "nul\0.yml")
    ]

    unreadable = "unreadable_file"
    assert codes == ["not_a_file", unreadable, "not_a_file", unreadable, unreadable]


def test_what_is_not_jobnets_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "net.yml", network_of("- wait_for: 1s"))
    write(tmp_path, "playbook.yml", "- hosts: all\n  tasks: []\n")
    write(tmp_path, "broken.yml", "a: [")
    write(tmp_path, "template.yml", "kind: {{ kind }}\nname: {{ name }}\n")
    write(tmp_path, "vars.yml", "kind: fruit\nname: apple\n")
    write(tmp_path, "pod.yml", "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n")
    write(tmp_path, ".hidden/net.yml", network_of("- wait_untl: x"))

    reading = read_project([tmp_path])

    assert not reading.problems
    assert [document.name for document in reading.documents] == ["net"]
    assert sorted(Path(name).name for name in reading.passed_over) == [
        "broken.yml",
        "playbook.yml",
        "pod.yml",
        "template.yml",
        "vars.yml",
    ]


def test_a_document_belongs_to_the_folder_of_its_file_or_the_one_it_names(tmp_path: Path) -> None:
    write(tmp_path, "payroll/emea/a.yml", "kind: queue\nname: a\n")
    write(tmp_path, "b.yml", "kind: queue\nname: b\nfolder: x/y\n---\nkind: queue\nname: c\n")

    reading = read_project([tmp_path])

    names = [document.qualified_name for document in reading.documents]
    assert sorted(names) == ["c", "payroll/emea/a", "x/y/b"]


def test_two_documents_of_one_name_are_a_problem_and_of_two_kinds_none(tmp_path: Path) -> None:
    write(tmp_path, "a.yml", "kind: queue\nname: a\n---\nkind: calendar\nname: a\n")
    write(tmp_path, "b.yml", "kind: queue\nname: a\n")

    reading = read_project([tmp_path])

    assert [problem.code for problem in reading.problems] == ["duplicate_document"]
    assert "a.yml:1:1" in str(reading.problems[0])


def test_one_broken_document_leaves_the_others(tmp_path: Path) -> None:
    text = "kind: queue\nname: q\nlimit: no\n---\n" + network_of("- wait_for: 1s")

    reading = read(tmp_path, text)

    assert [(one.name, one.value is None) for one in reading.documents] == [
        ("q", True),
        ("net", False),
    ]
    assert [str(one).partition(": ")[2] for one in reading.problems] == [
        "limit: 'no' is no whole number."
    ]


def test_documents_hold_what_was_written(tmp_path: Path) -> None:
    text = """
        kind: queue
        name: q
        limit: 2
        state: held
        ---
        kind: notification
        name: ops
        to: [{mail: a@example.com}, {webhook: "https://x"}]
        escalate: [{after: 15m, to: [lead]}]
        digest: {at: 08:00}
    """

    queue, notification = (one.value for one in read(tmp_path, text).documents)

    assert isinstance(queue, Queue)
    assert (queue.limit, queue.is_held, queue.priority) == (2, True, 50)
    assert isinstance(notification, Notification)
    assert [(one.kind, one.target) for one in notification.to] == [
        ("mail", "a@example.com"),
        ("webhook", "https://x"),
    ]
    assert str(notification.digest_at) == "08:00"


BAD_DOCUMENTS = {
    "literal secret": (
        "kind: credential\nname: c\ntype: smtp\nvalue: hunter2\n",
        "A secret never stands in a file.",
    ),
    "address": ("kind: notification\nname: n\nto: [{mail: nobody}]\n", "This is no address."),
    "both addresses": (
        "kind: notification\nname: n\nto: [{mail: a@b.c, webhook: 'https://x'}]\n",
        "This is no address.",
    ),
    "day": ("kind: calendar\nname: c\ndays: {2026-02-30: open}\n", "is no date"),
    "weekday": ("kind: calendar\nname: c\nweek: {open: [mon, tus]}\n", "Did you mean `tue`?"),
    "month": ("kind: calendar\nname: c\nmonths: {jully: {week: {open: [mon]}}}\n", "`july`"),
    "valid": ("kind: calendar\nname: c\nvalid: {from: 2027-01-01, to: 2026-01-01}\n", "valid"),
    "zone": ("kind: calendar\nname: c\ntimezone: Asia/Tokio\n", "Did you mean `Asia/Tokyo`?"),
    "base time": ("kind: calendar\nname: c\nbase_time: 600\n", 'Write "22:00".'),
    "param type": ("kind: network\nname: n\nflow: []\nparams: {a: {type: strng}}\n", "`string`"),
    "param default": (
        "kind: network\nname: n\nflow: []\nparams: {a: {type: int, default: x}}\n",
        "The default does not fit: 'x' is no whole number.",
    ),
    "param without mapping": (
        "kind: network\nname: n\nflow: []\nparams: {a: /srv}\n", "A mapping belongs here."),
    "job type of nothing": ("kind: job_type\nname: j\n", "Add `tasks`."),
    "job type of two": ("kind: job_type\nname: j\nrole: x\ntasks: [{debug: {}}]\n", "Keep one of"),
    "reserved param": (
        "kind: job_type\nname: j\nparams: {hosts: {type: str}}\nrole: x\n",
        "`hosts` already has a meaning",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), BAD_DOCUMENTS.values(), ids=BAD_DOCUMENTS.keys())
def test_a_bad_document_is_told(tmp_path: Path, text: str, expected: str) -> None:
    found = [str(one) for one in read(tmp_path, text).problems]

    if expected == "`string`":
        expected = "Did you mean `str`?"
    assert len(found) == 1, found
    assert expected in found[0]
    assert "hunter2" not in found[0]


def test_a_thousand_wrong_types_are_told_in_bounded_time(tmp_path: Path) -> None:
    parts = "".join(
        f"- {{wait_event: [{{x: {n}}}], id: [a], when: {{b: c}}}}\n" for n in range(999)
    )
    began = time.monotonic()

    reading = read(tmp_path, network_of(parts))

    assert len(reading.problems) == 501
    assert time.monotonic() - began < SECONDS_MAX


def test_too_many_parts_are_told_once(tmp_path: Path) -> None:
    reading = read(tmp_path, network_of("- wait_for: 1s\n" * 10_003))

    assert [problem.code for problem in reading.problems] == ["too_many_parts"]


WORDS = """kind: network name: x flow: - id: when: block: rescue: branch: cases: else: wait_for: 10m
    dialog: choices: {a: 0} message: hosts: web tasks: playbook: job: args: vars: tags: until:
    continue_from: for_each: items: as: key: [ ] { } , null 0644 yes ~ 22:00 2200 1.5 "{{ x }}"
    {{ x }} !vault !unsafe &a *a << : ? | > parts.x params: default: calendar_branch: on:
    parallel: branches: any_of: notify: to: retry: timeout: end_by: +2h 150% exit_codes:"""
words = st.sampled_from(WORDS.split())
documents = st.builds(
    lambda tokens, gaps: "".join(f"{token}{gap}" for token, gap in zip(tokens, gaps, strict=False)),
    st.lists(words, max_size=40),
    st.lists(
        st.sampled_from([" ", "\n", "\n  ", "\n    ", "\n- ", "\n  - ", "\n---\n"]),
        min_size=40,
        max_size=40,
    ),
).map(lambda text: f"kind: network\nname: x\nflow:\n  - {text}")


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(documents | st.text(max_size=200))
def test_any_text_gives_a_reading(tmp_path: Path, text: str) -> None:
    file = tmp_path / "net.yml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))

    reading = read_file(file)

    assert reading.problems or all(document.value is not None for document in reading.documents)
    for problem in reading.problems:
        assert str(problem).isprintable(), problem


def test_networks_are_found_by_name(tmp_path: Path) -> None:
    reading = read(tmp_path, network_of("- wait_for: 1s"))

    (found,) = reading.networks.values()

    assert isinstance(found, Network)
    assert found.file.endswith("net.yml")
    assert found.project_root == str(tmp_path)
