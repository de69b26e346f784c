"""File waits: looks are compared with what the wait saw first."""

from typing import Any

import pytest
from jobnet.engine.commands import WatchFile
from jobnet.engine.inputs import FilesSeen
from jobnet.engine.orders import ClearWait
from jobnet.engine.waits import FileLook
from jobnet.ids import HostName, PartKey

from tests.engine.building import (
    wait_file,
)
from tests.engine.examples import Example, says
from tests.engine.played import Played

W = PartKey("w")


def commands(played: Played, kind: type) -> list[Any]:
    return [command for command in played.commands if isinstance(command, kind)]


def seen(**hosts: FileLook) -> FilesSeen:
    looks = {HostName(host): look for host, look in hosts.items()}
    return FilesSeen(part=W, attempt=1, looks=looks)


ABSENT, THERE = FileLook(), FileLook(exists=True, size=5, mtime=1.0, inode=9)


GROWN = FileLook(exists=True, size=50, mtime=2.0, inode=9)
UNSEEN = FileLook(error="unreachable")


FILE_WAITS = (
    says(
        "created: absent, then present",
        wait_file("w"),
        arrivals_at={1: [seen(h=ABSENT)], 9: [seen(h=THERE)]},
        seconds=9,
        also=lambda p: p["w"].outputs == {"h": {"path": "/in/orders.csv", "size": 5, "mtime": 1.0}},
    ),
    says(
        "a file that was already there is not created",
        wait_file("w"),
        arrivals_at={1: [seen(h=THERE)]},
        run="running",
    ),
    says(
        "existing accept takes one already there",
        wait_file("w", accepts_existing=True),
        arrivals_at={1: [seen(h=THERE)]},
        seconds=1,
    ),
    says(
        "there, deleted, there again: created",
        wait_file("w"),
        arrivals_at={1: [seen(h=THERE)], 2: [seen(h=ABSENT)], 3: [seen(h=THERE)]},
        seconds=3,
    ),
    says(
        "updated: size, mtime or inode differ",
        wait_file("w", event="updated"),
        arrivals_at={1: [seen(h=THERE)], 2: [seen(h=THERE)], 3: [seen(h=GROWN)]},
        seconds=3,
    ),
    says(
        "deleted: present, then absent",
        wait_file("w", event="deleted"),
        arrivals_at={1: [seen(h=ABSENT)], 2: [seen(h=THERE)], 3: [seen(h=ABSENT)]},
        seconds=3,
    ),
    says(
        "settle counts from the last change",
        wait_file("w", settle=10),
        arrivals_at={1: [seen(h=ABSENT)], 5: [seen(h=THERE)], 12: [seen(h=GROWN)]},
        seconds=22,
    ),
    says(
        "a file that vanishes while it settles is not there",
        wait_file("w", settle=10),
        arrivals_at={1: [seen(h=ABSENT)], 5: [seen(h=THERE)], 12: [seen(h=ABSENT)]},
        run="running",
    ),
    says(
        "a look that fails is not absent: the wait goes on and says why",
        wait_file("w", event="deleted"),
        arrivals_at={1: [seen(h=THERE)], 2: [seen(h=UNSEEN)]},
        run="running",
        also=lambda p: "h: unreachable" in p["w"].detail,
    ),
    says(
        "any of the hosts",
        wait_file("w"),
        arrivals_at={1: [seen(h=ABSENT, i=ABSENT)], 2: [seen(h=THERE, i=ABSENT)]},
        seconds=2,
    ),
    says(
        "all of the hosts",
        wait_file("w", hosts_match="all"),
        arrivals_at={
            1: [seen(h=ABSENT, i=ABSENT)],
            2: [seen(h=THERE, i=ABSENT)],
            3: [seen(h=THERE, i=THERE)],
        },
        seconds=3,
    ),
    says(
        "no host at all: it waits",
        wait_file("w", hosts_match="all"),
        arrivals_at={1: [seen()]},
        run="running",
    ),
    says(
        "the path is bound once",
        wait_file("w", "/in/{{ operating_day }}.csv"),
        orders_at={5: [ClearWait(part=W)]},
        also=lambda p: [c.path for c in commands(p, WatchFile)] == ["/in/2026-05-29.csv"],
    ),
    says(
        "a path that cannot be evaluated",
        wait_file("w", "{{ params.nothing }}"),
        run="abnormal",
    ),
)


@pytest.mark.parametrize("example", FILE_WAITS)
def test_a_file_wait(example: Example) -> None:
    example.prove()
