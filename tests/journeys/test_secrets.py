"""A value under ``no_log`` is in nothing that a play leaves: journal, output, results, history."""

from pathlib import Path

import pytest

from tests.journeys.playing import new_project

pytestmark = pytest.mark.journey

SECRET = "planted-7f3c9e1d"
NETWORK = """\
kind: network
name: night
flow:
  - name: Use
    hosts: h1
    no_log: true
    tasks:
      - command: "echo {{ lookup('file', 'word') }}"
        register: word
        no_log: true
      - set_stats: {data: {word: "{{ word.stdout }}"}}
        no_log: true
      - set_fact: {kept: "{{ word.stdout }}"}
        no_log: true
      - debug: {msg: "{{ item }}"}
        loop: ["{{ word.stdout }}", other]
        no_log: true
  - name: Fail
    hosts: h1
    command: "sh -c 'echo {{ lookup(''file'', ''word'') }} >&2; exit 3'"
    no_log: true
    on_error: continue
  - name: Say
    hosts: h1
    debug: {msg: "{{ parts.fail.message }} {{ parts.use.outputs }}"}
"""


@pytest.mark.parametrize("options", [("-o", "json"), ("-v",)])
def test_a_planted_secret_is_nowhere(tmp_path: Path, options: tuple[str, ...]) -> None:
    project = new_project(tmp_path)
    project.write("word", SECRET)
    project.write("night.yml", NETWORK)

    played = project.run("play", "night.yml", *options)

    assert played.status == 3, played.said
    assert SECRET not in played.said
    files = [path for path in played.home.rglob("*") if path.is_file() and not path.is_symlink()]
    assert {"journal.jsonl", "result.json", "history.sqlite3"} <= {path.name for path in files}
    leaks = [path for path in files if SECRET.encode() in path.read_bytes()]
    assert leaks == []
