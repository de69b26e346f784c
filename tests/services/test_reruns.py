"""What a run of before knows when it goes on, and what a rerun says before it begins."""

from dataclasses import replace
from pathlib import Path

from jobnet.calendars import compile_calendar
from jobnet.definition import Bundle
from jobnet.engine.orders import Rerun, RerunFrom
from jobnet.engine.results import JobEnd, JobResult
from jobnet.ids import NetworkName, OperatorName, PartKey, RunId
from jobnet.project import bundle, read_file
from jobnet.services.pinning import digest_of, map_parts, outline_of
from jobnet.services.play import Play, Played, World, play
from jobnet.services.reruns import Again, Past, begun_ids, preview, read_past

from tests.services.playing import START, NoThreads, Script, Stage

BAD = JobResult(end=JobEnd.ENDED, is_normal=False, exit_code=1, ansible_rc=2)
NIGHT = """
kind: network
name: night
flow:
  - {id: tell, send_event: {name: ready, data: {rows: 3}, keep: 1d}}
  - {id: load, hosts: h, ansible.builtin.command: x, rerun_note: ask the bank}
  - {id: check, hosts: h, ansible.builtin.command: x, rerun: safe}
  - {id: hear, wait_event: {name: ready, timeout: 1h}}
"""


def night(tmp_path: Path) -> Stage:
    return Stage(NIGHT, tmp_path, scripts={"check": (Script(result=BAD), Script())})


def pinned(stage: Stage) -> Bundle:
    return bundle(read_file(stage.folder / "night.yml"), NetworkName("night"))


def past_of(stage: Stage) -> Past:
    lines = [f"{line}\n" for line in stage.journal.lines]
    made = pinned(stage)
    calendars = {
        name: compile_calendar(each, parents=made.calendars)
        for name, each in made.calendars.items()
    }
    return read_past("r-1", made, calendars, lines)


def play_again(stage: Stage, order: Rerun) -> Played:
    request = Play(
        run=RunId("r-1"),
        bundle=pinned(stage),
        calendars={},
        operator=OperatorName("ann"),
        operating_day=START.date(),
        start=START,
        zone="UTC",
        again=Again(past=past_of(stage), order=order, note="called the bank"),
    )
    world = World(
        clock=stage.clock,
        runner=stage.runner,
        files=stage.looks,
        messenger=stage.post,
        journal=stage.journal,
        history=stage.memory,
        pieces=stage.pieces,
        desk=stage.desk,
        threads=NoThreads(stage.clock),
    )
    return play(request, world, stage.inbox)


def test_a_past_is_the_tracker_of_the_run_with_what_it_sent_and_ended(tmp_path: Path) -> None:
    stage = night(tmp_path)
    ended = stage.play()

    past = past_of(stage)

    assert past.tracker == ended.tracker
    assert [event.name for event in past.events] == ["ready"]
    assert {"tell", "load", "check"} <= {str(end.part) for end in past.ends}


def test_a_rerun_goes_on_in_the_same_journal_with_the_events_of_before(tmp_path: Path) -> None:
    stage = night(tmp_path)
    stage.play()

    again = play_again(stage, Rerun(start=RerunFrom.FAILED))

    run = again.tracker.run
    assert run is not None
    assert (run.state.value, run.round, run.notes) == ("normal", 2, ("ann: called the bank",))
    assert [order.part for order in stage.runner.orders] == ["load", "check", "check"]
    assert past_of(stage).tracker == again.tracker


def test_what_is_carried_is_not_learnt_a_second_time(tmp_path: Path) -> None:
    stage = night(tmp_path)
    stage.play()

    play_again(stage, Rerun(start=RerunFrom.FAILED))

    learnt = {part: len(durations) for (_, part), durations in stage.memory.durations.items()}
    assert learnt == {"load": 1, "check": 1}


def test_a_preview_says_what_runs_again_and_who_asks_first(tmp_path: Path) -> None:
    stage = night(tmp_path)
    tracker = stage.play().tracker

    failed = preview(tracker, Rerun(start=RerunFrom.FAILED))
    whole = preview(tracker, Rerun(start=RerunFrom.PART, parts=(PartKey("load"),)))

    assert (failed.again, failed.carried, failed.asking) == (("check", "hear"), 2, ())
    assert whole.asking == (("load", "ask the bank"),)


def test_parts_are_mapped_by_id_place_and_kind() -> None:
    before = {"n:a": "unit_job", "n:b": "block", "n:c": "b/flow unit_job", "n:d": "unit_job"}
    after = {"n:a": "unit_job", "n:x": "unit_job", "n:b": "block", "n:c": "unit_job"}

    good = map_parts(before, after, begun=["a", "b"])
    bad = map_parts(before, after, begun=["a", "c", "d"])

    assert (good.carried, good.new, good.gone) == (("n:a", "n:b"), ("n:x",), ("n:d",))
    assert good.unfit == ()
    assert bad.unfit == ("n:c has another place or kind", "n:d is not there any more")


def test_parts_that_have_run_keep_their_order() -> None:
    mapped = map_parts({"n:a": "x", "n:b": "x"}, {"n:b": "x", "n:a": "x"}, begun=["a", "b"])

    assert mapped.unfit == ("n:b now comes before n:a",)


def test_the_digest_is_of_the_meaning(tmp_path: Path) -> None:
    stage = night(tmp_path)
    stage.play()
    before = pinned(stage)
    moved = replace(
        before,
        networks={
            name: replace(each, position=replace(each.position, line=99))
            for name, each in before.networks.items()
        },
    )
    (tmp_path / "night.yml").write_text(NIGHT.replace("rows: 3", "rows: 4"))

    assert digest_of(before) == digest_of(moved)
    assert digest_of(before) != digest_of(pinned(stage))
    assert list(outline_of(before)) == ["night:tell", "night:load", "night:check", "night:hear"]


def test_ids_that_a_journal_speaks_of_include_what_is_around_them(tmp_path: Path) -> None:
    stage = Stage(
        "{kind: network, name: night, flow: [{id: k, block: [{id: a, wait_for: 1s}]}]}", tmp_path
    )
    stage.play()

    begun = begun_ids(f"{line}\n" for line in stage.journal.lines)

    assert begun == {"k", "a"}
