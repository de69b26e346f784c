"""The picture of a run in a terminal."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from jobnet.cli.asking import Asking
from jobnet.cli.tree import Scene, TreeLine, choose_lines, draw, draw_end
from jobnet.cli.tree_lines import tree_lines
from jobnet.engine.results import JobEnd, JobResult
from jobnet.engine.states import State
from jobnet.ids import PartKey
from jobnet.ports.desk import Question

from tests.services.playing import Script, Stage

NOON = datetime(2026, 5, 29, 12, tzinfo=UTC)
BAD = JobResult(end=JobEnd.ENDED, exit_code=3, message="no space left\x1b[2J\non /backup")


def lines(folder: Path) -> tuple[TreeLine, ...]:
    stage = Stage(
        """
        kind: network
        name: night
        flow:
          - name: The night
            id: night
            block:
              - {id: dump, name: Dump 見本, hosts: h, ansible.builtin.command: x}
              - {id: carry, hosts: h, ansible.builtin.command: x}
            rescue:
              - {id: mend, hosts: h, ansible.builtin.command: x}
        """,
        folder,
        scripts={"dump": Script(seconds=90, result=BAD)},
    )
    return tree_lines(stage.play().tracker)


def scene(shown: tuple[TreeLine, ...], **more: object) -> Scene:
    given: dict[str, object] = {
        "title": "Night r-1",
        "lines": shown,
        "state": State.RUNNING,
        "now": NOON,
        "zone": ZoneInfo("Asia/Tokyo"),
        "elapsed": timedelta(minutes=3),
        **more,
    }
    return Scene(**given)  # type: ignore[arg-type]


def test_every_part_has_symbol_name_state_and_duration(tmp_path: Path) -> None:
    rows = draw_end(scene(lines(tmp_path))).plain.splitlines()

    assert rows[0] == "Night r-1"
    assert rows[2].startswith("    ✘ Dump 見本")
    assert "Abnormal" in rows[2]
    assert rows[2].rstrip().endswith("exit code 3, no space left on /backup")
    assert "╌ carry" in rows[3]
    assert "Not run" in rows[3]
    assert "✔ mend" in rows[4]


def test_without_unicode_the_symbols_are_ascii(tmp_path: Path) -> None:
    drawn = draw_end(scene(lines(tmp_path), is_unicode=False)).plain

    assert "x Dump" in drawn
    assert "✘" not in drawn


def test_the_foot_names_zone_and_what_is_to_be_expected(tmp_path: Path) -> None:
    shown = lines(tmp_path)

    early = draw(scene(shown, usual=timedelta(minutes=5)), width=100, height=30).plain
    late = draw(scene(shown, usual=timedelta(minutes=1)), width=100, height=30).plain

    assert "2026-05-29 21:00:00 JST" in early
    assert "about 2m to go" in early
    assert "2m longer than usual" in late


def test_a_small_terminal_shows_what_matters_and_counts_the_rest(tmp_path: Path) -> None:
    drawn = draw(scene(lines(tmp_path)), width=60, height=6).plain.splitlines()

    assert len(drawn) <= 6
    assert max(len(row) for row in drawn) <= 60
    assert any("Dump" in row for row in drawn)
    assert any("more parts" in row for row in drawn)


def test_what_is_at_work_is_never_left_out(tmp_path: Path) -> None:
    ended = lines(tmp_path)
    running = [
        TreeLine(key=PartKey(f"p{number}"), name="p", state="running" if number == 70 else "fixed")
        for number in range(100)
    ]

    kept, left_out = choose_lines([*ended, *running], 5)

    assert len(kept) == 4
    assert left_out == 100
    assert any(line.state == "running" for line in kept)


def test_a_question_stands_below_with_its_choices_and_what_was_typed(tmp_path: Path) -> None:
    question = Question(
        key="dialog:ask:1",
        title="ask",
        message="Post?\x1b[2J",
        choices={"post": "exit code 0", "reject": "exit code 1"},
        due=NOON + timedelta(hours=2),
    )
    asking = Asking(question)
    for char in "po":
        asking.key(char)

    drawn = draw(scene(lines(tmp_path), asking=asking), width=100, height=30).plain

    assert drawn.splitlines()[-4:] == [
        "ask: Post?  (until 2026-05-29 23:00:00 JST)",
        "  1 post  exit code 0",
        "  2 reject  exit code 1",
        "post / reject > po▌",
    ]
