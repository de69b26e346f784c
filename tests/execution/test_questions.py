"""A program is asked in bounded time, and what it started ends with it."""

import os
import sys
import time
from pathlib import Path

from jobnet.execution.host_patterns import Found, PatternQuestion, find_hosts
from jobnet.execution.questions import ANSWER_CHARS_MAX, ask


def test_a_program_that_does_not_answer_is_ended_with_its_children(tmp_path: Path) -> None:
    began = time.monotonic()

    answer = ask(
        ["/bin/sh", "-c", "sleep 61 & wait"], folder=tmp_path, environment={}, seconds_max=0.2
    )

    assert answer.status is None
    assert "0.2 s" in answer.errors
    assert time.monotonic() - began < 30


def test_a_program_that_is_not_there_is_an_answer_too(tmp_path: Path) -> None:
    answer = ask(["/nowhere/x"], folder=tmp_path, environment={}, seconds_max=5)

    assert answer.status is None
    assert "/nowhere/x" in answer.errors


def test_an_answer_without_end_is_cut(tmp_path: Path) -> None:
    command = [sys.executable, "-c", f"print('x' * {ANSWER_CHARS_MAX + 10})"]

    answer = ask(command, folder=tmp_path, environment=os.environ, seconds_max=60)

    assert len(answer.output) == ANSWER_CHARS_MAX


def test_several_patterns_are_answered_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "hosts").write_text("[web]\nw1\nw2\n[db]\nd1\n")
    sources = (str(tmp_path / "hosts"),)
    questions = [PatternQuestion(pattern=one, sources=sources) for one in ("web", "x", "all:!web")]

    answers = find_hosts(questions, root=tmp_path, may_run=False)

    assert [(one.kind, one.hosts, one.known) for one in answers] == [
        (Found.HOSTS, 2, 3),
        (Found.HOSTS, 0, 3),
        (Found.HOSTS, 1, 3),
    ]
