"""Whether a canary decides about warm starts as it should, and remembers what it has found."""

import json
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from jobnet.execution.runner import AnsibleRunner
from jobnet.execution.warm import canary as canary_module
from jobnet.execution.warm.canary import Canary, is_tested
from jobnet.execution.warm.canary_job import neutral_environment
from jobnet.execution.warm.outside import Outside
from jobnet.execution.warm.pool import WarmPool
from jobnet.execution.warm.server_handle import ServerUnusable
from jobnet.ports.jobs import JobOver
from jobnet.ports.warmth import ColdReason

from tests.execution.building import Project, Watched, clock
from tests.execution.warm.test_pool import Bench, environment, why_cold


class Answers:
    """Stands for the canary job: gives what it is told and counts how often it was asked."""

    def __init__(self, answer: str | Exception) -> None:
        self.answer = answer
        self.asked = 0

    def __call__(self) -> str:
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture(autouse=True)
def _forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canary_module, "_KNOWN", {})


def answering(monkeypatch: pytest.MonkeyPatch, answer: str | Exception) -> Answers:
    answers = Answers(answer)
    monkeypatch.setattr(canary_module, "_run_for_itself", answers)
    return answers


def why(state: Path | None) -> str:
    """Return why a new process would start cold; "" if warm."""
    canary_module._KNOWN.clear()
    try:
        Canary(state=state).admit()
    except ServerUnusable as unusable:
        return str(unusable) if unusable.reason is ColdReason.CANARY else "another reason"
    return ""


@pytest.mark.parametrize(("answer", "expected"), [("", ""), ("sank", "the canary job sank")])
def test_an_answer_is_kept_for_all_processes_to_come(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answer: str, expected: str
) -> None:
    answers = answering(monkeypatch, answer)

    told = [why(tmp_path), why(tmp_path)]

    assert told == [expected, expected]
    assert answers.asked == 1


def test_without_a_folder_the_answer_holds_for_the_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = answering(monkeypatch, "")

    Canary().admit()
    Canary().admit()

    assert answers.asked == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_text("{"),
        lambda file: file.write_text("[]"),
        lambda file: file.write_text('{"why": ""}'),
        lambda file: file.write_text(json.dumps({**json.loads(file.read_text()), "why": 3})),
        lambda file: file.write_bytes(b"\xff" * 20_000),
        lambda file: file.chmod(0o666),
        lambda file: file.unlink(),
    ],
    ids=["cut off", "a list", "of other versions", "no text", "bytes", "others write", "gone"],
)
def test_a_file_that_cannot_be_trusted_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    answers = answering(monkeypatch, "")
    why(tmp_path)
    (file,) = tmp_path.iterdir()
    damage(file)

    told = why(tmp_path)

    assert (told, answers.asked) == ("", 2)


def test_other_versions_ask_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    answers = answering(monkeypatch, "")
    why(tmp_path)
    monkeypatch.setattr(canary_module, "versions", lambda: {"ansible-core": "2.99.0"})

    why(tmp_path)

    assert answers.asked == 2


@pytest.mark.parametrize(
    "trouble", [TimeoutError("it had not ended"), ServerUnusable("gone"), OSError(28, "full")]
)
def test_what_says_nothing_about_versions_holds_for_one_process_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, trouble: Exception
) -> None:
    answers = answering(monkeypatch, trouble)
    canary = Canary(state=tmp_path)
    for _ in range(2):
        with pytest.raises(ServerUnusable, match="could not be run"):
            canary.admit()
    asked = answers.asked
    answers.answer = ""

    told = why(tmp_path)

    assert (asked, told, answers.asked) == (1, "", 2)


def test_a_folder_that_cannot_be_written_to_is_no_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answers = answering(monkeypatch, "")
    (tmp_path / "file").touch()

    told = [why(tmp_path / "file" / "state"), why(tmp_path / "file" / "state")]

    assert (told, answers.asked) == (["", ""], 2)


def test_many_at_once_send_one_canary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    answers = answering(monkeypatch, "")
    canary = Canary(state=tmp_path)
    threads = [threading.Thread(target=canary.admit) for _ in range(8)]

    canary.begin()
    canary.begin()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    canary.close()

    assert answers.asked == 1


def test_nobody_waits_longer_for_a_canary_than_it_is_worth(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sings = threading.Event()
    monkeypatch.setattr(canary_module, "_run_for_itself", lambda: "" if sings.wait(60) else "sank")
    canary = Canary(wait_seconds_max=0.0)

    with pytest.raises(ServerUnusable, match="has not ended 0 s after") as refused:
        canary.admit()
    sings.set()
    canary.settle()
    canary.admit()

    assert refused.value.reason is ColdReason.BEING_TRIED


def test_a_job_that_comes_while_the_canary_is_tried_starts_cold_and_the_next_warm(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sings = threading.Event()
    monkeypatch.setattr(canary_module, "_run_for_itself", lambda: "" if sings.wait(60) else "sank")
    canary = Canary(wait_seconds_max=0.0)
    bench = Bench(tmp_path)
    pool = WarmPool(logs=tmp_path, canary=canary, outside=Outside(start=bench.start))

    first = why_cold(bench, pool)
    sings.set()
    canary.settle()
    second = bench.run(pool)
    pool.close()

    assert first is ColdReason.BEING_TRIED
    assert second.jobs == 1


def test_who_wants_to_know_it_waits_as_long_as_it_takes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked, sings = threading.Event(), threading.Event()

    def sing() -> str:
        asked.set()
        return "" if sings.wait(60) else "sank"

    monkeypatch.setattr(canary_module, "_run_for_itself", sing)
    pool = WarmPool(
        logs=tmp_path,
        canary=Canary(wait_seconds_max=0.0),
        outside=Outside(start=Bench(tmp_path).start),
    )
    asking = threading.Thread(target=pool.try_out, args=(environment("a"), str(tmp_path)))

    asking.start()
    assert asked.wait(60)
    sings.set()
    asking.join()

    pool.try_out(environment("a"), str(tmp_path))
    pool.close()


def test_a_canary_that_breaks_in_an_unknown_way_keeps_nobody_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answering(monkeypatch, ZeroDivisionError("a bug"))
    caught: list[object] = []
    monkeypatch.setattr(threading, "excepthook", caught.append)
    canary = Canary()

    canary.settle()
    canary.close()

    assert len(caught) == 1
    with pytest.raises(ServerUnusable, match="could not be run"):
        canary.admit()


@pytest.mark.parametrize(
    ("core", "expected"),
    [
        ("2.19.14", True),
        ("2.20.10", True),
        ("2.21.5", True),
        ("2.22.0", False),
        ("2.190.1", False),
        ("2.5", False),
    ],
)
def test_which_cores_are_tested(core: str, *, expected: bool) -> None:
    assert is_tested(core) is expected


def test_a_canary_asks_for_nothing_in_the_home_of_its_user(tmp_path: Path) -> None:
    given = neutral_environment({"HOME": "/nonexistent", "ANSIBLE_REMOTE_TMP": "/gone"}, tmp_path)

    folders = [given[name] for name in ("ANSIBLE_HOME", "ANSIBLE_REMOTE_TMP", "ANSIBLE_CONFIG")]

    assert all(Path(folder).is_relative_to(tmp_path) for folder in folders)


def of_a_real_one(state: Path) -> str:
    """Return why jobs would start cold; however long a busy machine takes for the canary."""
    canary = Canary(state=state, wait_seconds_max=600)
    try:
        canary.admit()
    except ServerUnusable as unusable:
        return str(unusable)
    return ""


@pytest.mark.parts
def test_a_real_canary_lives(tmp_path: Path) -> None:
    told = of_a_real_one(tmp_path)

    (file,) = tmp_path.iterdir()
    answer = json.loads(file.read_text())
    assert told == ""
    assert (answer["why"], file.stat().st_mode & 0o077) == ("", 0)


@pytest.mark.parts
def test_a_canary_lives_where_python_warns_of_the_name_of_its_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "of-2if"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("PYTHONWARNINGS", "default:invalid decimal literal")

    told = of_a_real_one(tmp_path / "state")

    assert told == ""


@pytest.mark.parts
def test_a_job_starts_cold_where_the_canary_has_died(
    monkeypatch: pytest.MonkeyPatch, project: Project
) -> None:
    answering(monkeypatch, "sank")
    runner = AnsibleRunner(spool_root=project.spool_root, clock=clock)
    watched = Watched()
    try:
        runner.start(project.play("- debug:"), watched)
        watched.wait_for(JobOver)
    finally:
        runner.close()

    warmth = runner.warmth()
    assert (warmth.warm, dict(warmth.cold)) == (0, {ColdReason.CANARY: 1})
    kept = (project.spool_root / "run-1" / "job.1" / "warmth").read_text()
    assert kept == "cold: canary: the canary job sank\n"
