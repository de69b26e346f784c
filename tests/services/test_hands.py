"""Those who carry out commands: asked twice, hinted at the wrong moment, delivered once."""

from datetime import UTC, date, datetime, timedelta

from jobnet.definition import Bundle, Match, Network, PlayJob, UnitJob, WaitFile
from jobnet.engine.commands import StartJob, WatchFile
from jobnet.engine.waits import EventWait, FileLook, SentEvent
from jobnet.expressions import parse_template
from jobnet.ids import EventId, EventName, NetworkName, PartKey, RunId
from jobnet.services.appointments import Appointments
from jobnet.services.board import Board
from jobnet.services.file_waits import FileWaits
from jobnet.services.inbox import Inbox, LookHint, LookMade
from jobnet.services.jobs import Jobs
from jobnet.testing import FakeDesk, FakeRunner, VirtualClock

from tests.services.playing import Looks, NoPieces

NOON = datetime(2026, 5, 29, 12, tzinfo=UTC)
NIGHT = NetworkName("night")
RUN = RunId("r-1")
BUNDLE = Bundle(
    main=NIGHT, networks={NIGHT: Network(name=NIGHT, flow=(), file="/project/night.yml")}
)


def test_a_job_that_is_ordered_twice_runs_once() -> None:
    clock = VirtualClock(NOON)
    runner = FakeRunner(clock.call_later, clock.now)
    jobs = Jobs(
        bundle=BUNDLE, run=RUN, runner=runner, desk=FakeDesk(clock.call_later), inbox=Inbox()
    )
    started: list[int] = []
    runner.on_start = lambda: started.append(1)
    command = StartJob(
        part=PartKey("dump"),
        attempt=1,
        network=NIGHT,
        name="Dump",
        job=UnitJob(content=PlayJob(hosts=None, keywords="")),
        hosts="db",
        inventory=(),
        handed_over={},
        host_vars={},
        only_hosts=(),
        check=False,
        diff=False,
        kill_grace_seconds=10,
    )

    jobs.start(command)
    jobs.start(command)

    assert started == [1]


def test_a_hint_during_a_look_leads_to_another_one() -> None:
    clock = VirtualClock(NOON)
    inbox: Inbox = Inbox()
    looks = Looks(clock, {"/in/orders.csv": lambda _: FileLook()})
    waits = FileWaits(
        bundle=BUNDLE,
        run=RUN,
        clock=clock,
        inbox=inbox,
        files=looks,
        runner=FakeRunner(clock.call_later, clock.now),
        pieces=NoPieces(),
        aside=lambda work: clock.call_later(1, work),
        appointments=Appointments(),
        is_hurried=False,
    )
    part = PartKey("got")
    body = WaitFile(hosts=None, path=parse_template("/in/orders.csv"), poll=timedelta(hours=1))
    waits.open(
        WatchFile(
            part=part, attempt=1, network=NIGHT, wait=body, hosts=None, inventory=(),
            path="/in/orders.csv",
        ),
        NOON,
    )  # fmt: skip
    hint = LookHint(part=part, attempt=1)

    waits.look(hint, NOON)
    waits.look(hint, NOON)
    for _ in range(2):
        made = clock.wait(inbox, NOON + timedelta(minutes=1))
        assert isinstance(made, LookMade)
        assert [seen.part for seen in waits.looked(made, clock.now())] == [part]

    assert looks.looked == [NOON + timedelta(seconds=1), NOON + timedelta(seconds=2)]
    assert not waits.is_looking
    waits.close(part, 1)
    late = LookMade(part=part, attempt=1, looks={})
    assert not waits.looked(late, clock.now())


def test_an_event_is_delivered_to_a_wait_once() -> None:
    board = Board()
    board.open(
        EventWait(
            run=RUN,
            part=PartKey("got"),
            attempt=1,
            name=EventName("ready"),
            where=None,
            names={},
            match=Match.ANY,
            within=None,
            operating_day=date(2026, 5, 29),
            opened_at=NOON,
        )
    )
    board.publish(
        SentEvent(
            id=EventId("e1"),
            name=EventName("ready"),
            data=None,
            sender="r-1",
            sent_at=NOON,
            operating_day=date(2026, 5, 29),
            keep_until=NOON + timedelta(days=1),
        )
    )

    first, second = board.deliveries(NOON), board.deliveries(NOON)

    assert [delivery.part for delivery in first] == ["got"]
    assert second == ()
