"""Definitions, settings, acts, answers, durations and small values, over every database."""

import dataclasses
from collections.abc import Sequence
from hashlib import sha256

import pytest
from jobnet.errors.storage import EditionOvertaken
from jobnet.ids import EditionId, NetworkName, OperatorName
from jobnet.ports.store import Lasted, RunTurn, Spread, Store
from jobnet.ports.store.answers import AnswerRow
from jobnet.ports.store.audits import AuditRow
from jobnet.ports.store.editions import DocumentRow, EditionRow, SourceFile
from jobnet.ports.store.queues import SettingRow
from jobnet.ports.store.snapshots import SnapshotRow

from tests.storage.rows import NOON, PAY, RUN, add_run, advance, later, run_row

ANN = OperatorName("ann")


def edition(number: int) -> EditionRow:
    return EditionRow(id=EditionId(number), at=later(number), by=ANN, reason="because")


def file(path: str, text: str) -> SourceFile:
    return SourceFile(
        path=path,
        base="/srv",
        digest=sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        text=text,
    )


def document(name: str, version: int = 1, *, removed: bool = False) -> DocumentRow:
    return DocumentRow(
        kind="network",
        folder="payroll",
        name=name,
        version=version,
        path=f"/srv/{name}.yml",
        line=3,
        text=f"text {version} of {name}",
        digest=f"digest {version} of {name}",
        edition=EditionId(version),
        at=later(version),
        by=ANN,
        removed=removed,
        title="A title",
    )


def apply(
    store: Store, number: int, files: Sequence[SourceFile], documents: Sequence[DocumentRow]
) -> None:
    store.write(lambda tx: tx.editions.add(edition(number), files, documents))


def setting(field: str, value: str) -> SettingRow:
    return SettingRow(
        kind="queue", name="q", field=field, value=value, by=ANN, at=NOON, until=later(1)
    )


def act(verb: str, subject: str, *, by: str = "ann", at: float = 0, key: str = "") -> AuditRow:
    return AuditRow(
        at=later(at), by=OperatorName(by), act=verb, subject=subject, after="{}", key=key
    )


def test_where_nothing_was_applied_the_edition_is_the_empty_one(store: Store) -> None:
    current = store.read(lambda tx: tx.editions.current())

    assert current.id == 0
    assert list(store.read(lambda tx: tx.editions.files(EditionId(0)))) == []
    assert list(store.read(lambda tx: tx.editions.documents())) == []
    assert store.read(lambda tx: tx.editions.find(EditionId(0))) is None


def test_each_edition_keeps_all_of_its_files(store: Store) -> None:
    same, before, after = file("/b", "same"), file("/a", "before\n\0"), file("/a", "after \udce9")

    apply(store, 1, [same, before], [])
    apply(store, 2, [same, after], [])

    assert store.read(lambda tx: tx.editions.current()) == edition(2)
    assert store.read(lambda tx: tx.editions.find(EditionId(1))) == edition(1)
    assert list(store.read(lambda tx: tx.editions.files(EditionId(1)))) == [before, same]
    assert list(store.read(lambda tx: tx.editions.files(EditionId(2)))) == [after, same]


def test_an_edition_that_exists_is_overtaken_and_nothing_of_it_is_kept(store: Store) -> None:
    apply(store, 1, [file("/a", "first")], [document("pay")])

    with pytest.raises(EditionOvertaken):
        apply(store, 1, [file("/a", "second")], [document("other")])

    assert list(store.read(lambda tx: tx.editions.files(EditionId(1)))) == [file("/a", "first")]
    assert list(store.read(lambda tx: tx.editions.documents())) == [document("pay")]


def test_documents_have_versions_and_the_removed_are_not_current(store: Store) -> None:
    apply(store, 1, [], [document("pay"), document("ask")])
    apply(store, 2, [], [document("pay", 2), document("ask", 2, removed=True)])

    current = store.read(lambda tx: tx.editions.documents())
    of_kind = store.read(lambda tx: tx.editions.documents("network"))
    of_other = store.read(lambda tx: tx.editions.documents("calendar"))
    versions = store.read(lambda tx: tx.editions.versions("network", "payroll", "ask"))

    assert list(current) == list(of_kind) == [document("pay", 2)]
    assert list(of_other) == []
    assert list(versions) == [document("ask", 2, removed=True), document("ask")]


def test_files_of_editions_that_no_run_needs_are_forgotten(store: Store) -> None:
    for number in range(1, 5):
        files = [file("/a", f"a{number}"), file("/b", "same")]
        apply(store, number, files, [document("pay", number)])
    store.write(lambda tx: tx.runs.add(run_row(edition=EditionId(2))))

    count = store.write(lambda tx: tx.editions.forget(superseded_before=later(3.5)))
    again = store.write(lambda tx: tx.editions.forget(superseded_before=later(3.5)))

    left = store.read(
        lambda tx: [len(tx.editions.files(EditionId(number))) for number in range(1, 5)]
    )
    assert (count, again) == (2, 0)
    assert left == [0, 2, 2, 2]
    assert len(store.read(lambda tx: tx.editions.versions("network", "payroll", "pay"))) == 4
    assert store.read(lambda tx: tx.editions.find(EditionId(1))) == edition(1)


def test_a_forgotten_text_can_come_back(store: Store) -> None:
    apply(store, 1, [file("/a", "first")], [])
    apply(store, 2, [file("/a", "second")], [])
    store.write(lambda tx: tx.editions.forget(superseded_before=later(2)))

    apply(store, 3, [file("/a", "first")], [])

    assert list(store.read(lambda tx: tx.editions.files(EditionId(3)))) == [file("/a", "first")]
    assert list(store.read(lambda tx: tx.editions.files(EditionId(1)))) == []


def test_a_thousand_files_make_one_edition(store: Store) -> None:
    files = [file(f"/srv/{number:04}.yml", f"text {number}") for number in range(1000)]

    apply(store, 1, files, [])

    assert list(store.read(lambda tx: tx.editions.files(EditionId(1)))) == files


def test_a_setting_is_replaced_and_taken_back(store: Store) -> None:
    store.write(lambda tx: tx.queues.set(setting("limit", "3")))
    store.write(lambda tx: tx.queues.set(setting("limit", "5")))
    store.write(lambda tx: tx.queues.set(setting("is_held", "true")))
    both = store.read(lambda tx: tx.queues.settings())

    first = store.write(lambda tx: tx.queues.unset(kind="queue", name="q", field="limit"))
    again = store.write(lambda tx: tx.queues.unset(kind="queue", name="q", field="limit"))

    assert both["queue", "q", "limit"] == setting("limit", "5")
    assert (first, again) == (True, False)
    assert list(store.read(lambda tx: tx.queues.settings())) == [("queue", "q", "is_held")]


def test_acts_are_paged_the_latest_first(store: Store) -> None:
    subjects = ["r/a", "r/b", "q", "r/a/b", "r%"]
    for at, subject in enumerate(subjects):
        row = act("hold", subject, by="bob" if subject == "q" else "ann", at=at)
        store.write(lambda tx, row=row: tx.audits.add(row))  # type: ignore[misc]

    latest = store.read(lambda tx: tx.audits.page(before=None, limit=2))
    following = store.read(lambda tx: tx.audits.page(before=latest[-1].id, limit=9))
    of_subject = store.read(lambda tx: tx.audits.page(before=None, limit=9, subject="r/a"))
    of_person = store.read(lambda tx: tx.audits.page(before=None, limit=9, by="bob"))
    since = store.read(lambda tx: tx.audits.page(before=None, limit=9, since=later(3)))

    assert [row.subject for row in (*latest, *following)] == subjects[::-1]
    assert [row.subject for row in of_subject] == ["r/a/b", "r/a"]
    assert [row.subject for row in of_person] == ["q"]
    assert [row.subject for row in since] == ["r%", "r/a/b"]
    assert dataclasses.replace(of_person[0], id=0) == act("hold", "q", by="bob", at=2)


def test_the_first_act_under_a_key_is_found(store: Store) -> None:
    store.write(lambda tx: tx.audits.add(act("apply", "first", key="k")))
    store.write(lambda tx: tx.audits.add(act("apply", "second", key="k")))

    found = store.read(lambda tx: tx.audits.find(key="k", act="apply"))

    assert found is not None
    assert found.subject == "first"
    assert store.read(lambda tx: tx.audits.find(key="k", act="hold")) is None


def test_what_was_asked_under_a_key_is_kept_with_its_first_answer(store: Store) -> None:
    asked = AnswerRow(key="k", digest="d", at=NOON)
    other = AnswerRow(key="k", digest="another", at=later(1))
    claimed = store.write(lambda tx: tx.answers.claim(asked))
    claimed_again = store.write(lambda tx: tx.answers.claim(other))

    store.write(lambda tx: tx.answers.give("k", status=201, answer="{}"))
    store.write(lambda tx: tx.answers.give("k", status=500, answer="[]"))
    answered = store.write(lambda tx: tx.answers.claim(other))

    assert claimed == claimed_again == asked
    assert answered == dataclasses.replace(asked, status=201, answer="{}")


def test_old_answers_are_forgotten(store: Store) -> None:
    store.write(lambda tx: tx.answers.claim(AnswerRow(key="old", digest="", at=NOON)))
    store.write(lambda tx: tx.answers.claim(AnswerRow(key="new", digest="", at=later(2))))

    count = store.write(lambda tx: tx.answers.forget(older_than=later(1)))

    assert count == 1


def test_the_usual_duration_is_the_median_of_the_latest(store: Store) -> None:
    store.write(lambda tx: tx.durations.remember(PAY, [("", 100.0), ("load", 1.0)]))
    store.write(lambda tx: tx.durations.remember(PAY, [("load", 2.0), ("load", 9.0)]))

    usual = store.read(lambda tx: tx.durations.usual(PAY))

    assert usual == {"": 100.0, "load": 2.0}
    assert store.read(lambda tx: tx.durations.usual(NetworkName("x"))) == {}


def test_old_durations_do_not_count(store: Store) -> None:
    store.write(lambda tx: tx.durations.remember(PAY, [("", 1.0)] * 60))

    store.write(lambda tx: tx.durations.remember(PAY, [("", 7.0)] * 50))

    assert store.read(lambda tx: tx.durations.usual(PAY)) == {"": 7.0}


def test_the_spread_of_durations_is_read_from_the_latest(store: Store) -> None:
    seconds = [float(number) for number in range(1, 71)]
    store.write(lambda tx: tx.durations.remember(PAY, [("load", each) for each in seconds]))
    store.write(lambda tx: tx.durations.remember(PAY, [("", 8.0)]))

    spread = store.read(lambda tx: tx.durations.spread(PAY))

    assert spread == {
        "": Spread(p50=8.0, p90=8.0, count=1),
        "load": Spread(p50=45.5, p90=65.0, count=50),
    }
    assert store.read(lambda tx: tx.durations.spread(NetworkName("x"))) == {}


def test_a_value_of_the_installation_is_set_and_replaced(store: Store) -> None:
    before = store.read(lambda tx: tx.installation.get("id"))

    store.write(lambda tx: tx.installation.set("id", "a"))
    store.write(lambda tx: tx.installation.set("id", "b"))

    assert before is None
    assert store.read(lambda tx: tx.installation.get("id")) == "b"


def test_a_snapshot_is_written_chunk_by_chunk(store: Store) -> None:
    add_run(store)
    first = SnapshotRow(
        run=RUN, position=1, version="1", head=b"\0head", chunks={"parts/0": b"a", "parts/1": b"b"}
    )
    changed = SnapshotRow(run=RUN, position=2, version="1", head=b"new", chunks={"parts/1": b"c"})
    store.write(lambda tx: tx.snapshots.save(first, since=None))

    was_saved = store.write(lambda tx: tx.snapshots.save(changed, since=1))
    was_late = store.write(lambda tx: tx.snapshots.save(first, since=1))

    assert (was_saved, was_late) == (True, False)
    assert store.read(lambda tx: tx.snapshots.find(RUN)) == dataclasses.replace(
        changed, chunks={"parts/0": b"a", "parts/1": b"c"}
    )


def test_a_whole_snapshot_replaces_all_chunks_and_can_be_forgotten(store: Store) -> None:
    add_run(store)
    many = SnapshotRow(run=RUN, position=9, version="1", head=b"", chunks={"a": b"", "b": b""})
    few = SnapshotRow(run=RUN, position=3, version="2", head=b"", chunks={"c": b"x"})
    store.write(lambda tx: tx.snapshots.save(many, since=None))
    store.write(lambda tx: tx.snapshots.save(few, since=None))
    found = store.read(lambda tx: tx.snapshots.find(RUN))

    store.write(lambda tx: tx.snapshots.forget(RUN))

    assert found == few
    assert store.read(lambda tx: tx.snapshots.find(RUN)) is None


def test_a_turn_remembers_how_long_things_took(store: Store) -> None:
    add_run(store)

    advance(store, "1", durations=(Lasted(network=PAY, part="load", seconds=3.0),))

    assert store.read(lambda tx: tx.durations.usual(PAY)) == {"load": 3.0}


def test_a_turn_can_read_the_snapshot_of_its_run(store: Store) -> None:
    add_run(store)
    kept = SnapshotRow(run=RUN, position=0, version="1", head=b"h", chunks={})
    store.write(lambda tx: tx.snapshots.save(kept, since=None))
    seen: list[SnapshotRow | None] = []

    def look(turn: RunTurn) -> None:
        seen.append(turn.snapshot())

    store.turn(RUN, look, inputs_max=1)

    assert seen == [kept]
