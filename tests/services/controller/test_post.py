"""Messages of notify parts and of occasions: sent once, told to the run, never sent twice."""

from pathlib import Path

from jobnet.engine.states import State
from jobnet.ids import PartKey
from jobnet.ports.store import MessageRow
from jobnet.testing import Script

from tests.services.controller.office import office, wait_until

TELLS = """
    kind: network
    name: tells
    flow:
      - name: tell
        id: tell
        notify: {to: [night@example.com], subject: hello, message: "run {{ run.id }}"}
"""
LISTENS = """
    kind: notification
    name: everybody
    to: [{mail: all@example.com}]
    on: [normal]
"""
SKIPS = """
    kind: network
    name: skips
    overlap: skip
    flow:
      - name: load
        id: load
        hosts: localhost
        tasks: [{ansible.builtin.ping: {}}]
"""
DIGESTS = """
    kind: network
    name: digests
    flow:
      - name: first
        id: first
        notify: {to: [night@example.com], message: one, digest: true}
      - name: second
        id: second
        notify: {to: [night@example.com], message: two, digest: true}
"""


def test_a_notify_part_sends_its_message_and_goes_on(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        here.apply(TELLS)

        run = here.start("tells")

        assert here.ended(run).state is State.NORMAL
        (letter,) = here.letters.sent
        assert (letter.to.target, letter.subject, letter.text) == (
            "night@example.com",
            "hello",
            f"run {run}",
        )
        assert letter.details["run"] == run


def test_who_listens_to_an_occasion_is_told_without_being_named(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        here.apply(TELLS)
        here.apply(LISTENS, "listens.yml")

        run = here.start("tells")
        here.ended(run)

        wait_until(lambda: len(here.letters.sent) == 2)
        told = here.letters.sent[1]
        assert told.to.target == "all@example.com"
        assert "ended normal" in told.subject
        wait_until(lambda: not here.store.read(lambda tx: tx.errands.messages()))


def test_messages_of_a_digest_leave_in_one_letter_when_the_run_has_ended(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        here.apply(DIGESTS)

        run = here.start("digests")
        assert here.ended(run).state is State.NORMAL

        wait_until(lambda: here.letters.sent)
        (letter,) = here.letters.sent
        assert "2 messages" in letter.subject
        assert "one" in letter.text
        assert "two" in letter.text
        wait_until(lambda: not here.store.read(lambda tx: tx.errands.messages()))


def test_a_message_that_may_have_left_when_a_process_died_is_lost_and_not_sent_again(
    tmp_path: Path,
) -> None:
    with office(tmp_path, is_started=False) as before:
        before.apply(TELLS)
        run = before.start("tells")
        before.take_turns(run)
        marked = before.store.read(lambda tx: tx.errands.messages())
        before.store.write(lambda tx: tx.errands.put([_marked(row) for row in marked]))

    with office(tmp_path) as after:
        after.wait_for(run, "tell", State.LOST)

        assert after.parts(run)["tell"].message.endswith("it may have arrived")
        assert after.letters.sent == []


def test_a_run_that_is_missed_is_told_to_who_listens(tmp_path: Path) -> None:
    with office(tmp_path, {"load": Script(seconds=600)}) as here:
        here.apply(SKIPS)
        here.apply(LISTENS.replace("normal", "missed"), "listens.yml")
        first = here.start("skips")
        here.wait_for(first, "load", State.RUNNING)

        second = here.start("skips")
        here.ended(second)

        wait_until(lambda: here.letters.sent)
        assert "is missed" in here.letters.sent[0].subject
        assert here.letters.sent[0].details["run"] == second


def test_a_check_run_sends_nothing(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        here.apply(TELLS)
        here.apply(LISTENS, "listens.yml")

        run = here.start("tells", check=True)

        assert here.ended(run).state is State.NORMAL
        assert here.letters.sent == []


def _marked(row: MessageRow) -> MessageRow:
    return MessageRow(
        run=row.run,
        part=PartKey(row.part),
        attempt=row.attempt,
        payload=row.payload,
        is_sending=True,
    )


def test_a_letter_that_cannot_be_sent_ends_its_part_abnormally(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        here.apply(TELLS)
        here.letters.problem = "the server is away"

        run = here.start("tells")

        assert here.ended(run).state is State.ABNORMAL
        assert "the server is away" in here.parts(run)["tell"].message
