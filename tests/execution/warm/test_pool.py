"""What the pool keeps and lets go, with servers that are none, and a clock of the test's own."""

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from jobnet.execution.manifest import Manifest
from jobnet.execution.prepare import PreparedJob
from jobnet.execution.spool import Spool
from jobnet.execution.supervisor_process import Ending
from jobnet.execution.warm.outside import Kept, Outside
from jobnet.execution.warm.pool import Bounds, WarmPool
from jobnet.execution.warm.server_handle import ServerUnusable
from jobnet.ports.warmth import ColdReason

MIB = 2**20


class Supervisor:
    """A supervisor that was forked."""

    def terminate(self) -> None:
        """Do nothing."""

    def kill(self) -> None:
        """Do nothing."""

    def wait(self) -> Ending:
        return Ending(status=0, was_warm=True)


@dataclass
class FakeServer:
    """A server that does as the test says."""

    pid: int
    started_at: float
    used_at: float
    world: "Bench"
    jobs: int = 0
    is_alive: bool = True
    trouble: ServerUnusable | None = None
    closed: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_closed(self) -> bool:
        return self.closed.is_set()

    def supervise(self, prepared: PreparedJob, *, ticks: int, is_leashed: bool) -> Supervisor:
        if self.trouble is not None:
            raise self.trouble
        with self.lock:
            self.jobs += 1
            self.used_at = self.world.now
        return Supervisor()

    def await_ready(self) -> None:
        if self.world.is_loading is not None:
            self.world.is_loading.wait(30)
        if self.world.says:
            raise ServerUnusable(self.world.says, reason=ColdReason.ANSIBLE_SPEAKS)

    def close(self) -> None:
        self.closed.set()


@dataclass
class Bench:
    """A pool and all servers that it has ever started."""

    folder: Path
    now: float = 1000.0
    free: int = 4096 * MIB
    says: str = ""
    is_loading: threading.Event | None = None
    servers: list[FakeServer] = field(default_factory=list)
    memory: dict[int, int] = field(default_factory=dict)

    def pool(self, **bounds: float) -> WarmPool:
        outside = Outside(
            start=self.start,
            seconds=lambda: self.now,
            memory_of=lambda pid: self.memory.get(pid, 0),
            memory_free=lambda: self.free,
        )
        given = Bounds(**{"servers_max": 2, **bounds})  # type: ignore[arg-type]
        return WarmPool(logs=self.folder, bounds=given, outside=outside)

    def start(self, _: Mapping[str, str], _root: str, _log: Path) -> Kept:
        server = FakeServer(len(self.servers) + 1, self.now, self.now, self)
        self.servers.append(server)
        return server

    def run(self, pool: WarmPool, name: str = "a") -> FakeServer:
        """Run one job of the environment ``name`` and return the server that it came from."""
        before = [server.jobs for server in self.servers] + [0]
        pool.supervise(self.job(name), ticks=-1, is_leashed=True)
        pairs = zip(self.servers, before, strict=False)
        return next(server for server, jobs in pairs if server.jobs > jobs)

    def job(self, name: str) -> PreparedJob:
        manifest = Manifest(
            program="", arguments=(), working_folder=str(self.folder), pattern="",
            kill_grace_seconds=1, is_single_task=True, empty_hosts_ok=False, keeps_host_vars=False,
        )  # fmt: skip
        spool = Spool(folder=self.folder)
        return PreparedJob(spool=spool, manifest=manifest, environment=environment(name))

    def expect(self, pool: WarmPool, name: str, seconds: float) -> None:
        pool.expect(environment(name), str(self.folder), keep_seconds=seconds)


def environment(name: str) -> dict[str, str]:
    return {"ANSIBLE_X": name, "HOME": "/nowhere"}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture
def pool(bench: Bench) -> Iterator[WarmPool]:
    made = bench.pool()
    yield made
    made.close()


def test_jobs_of_one_environment_share_a_server(bench: Bench, pool: WarmPool) -> None:
    first, second, other = bench.run(pool), bench.run(pool), bench.run(pool, "b")

    assert first is second
    assert other is not first


def test_the_least_recently_used_server_makes_room(bench: Bench, pool: WarmPool) -> None:
    a, b = bench.run(pool, "a"), bench.run(pool, "b")
    bench.run(pool, "a")

    bench.run(pool, "c")

    assert (a.is_closed, b.is_closed) == (False, True)


def many_jobs(_: Bench, server: FakeServer) -> None:
    server.jobs = 5_000


def a_long_life(bench: Bench, server: FakeServer) -> None:
    bench.now += 25 * 3600
    server.used_at = bench.now


def idling(bench: Bench, _: FakeServer) -> None:
    bench.now += 16 * 60


def much_memory(bench: Bench, server: FakeServer) -> None:
    bench.memory[server.pid] = 513 * MIB


def death(_: Bench, server: FakeServer) -> None:
    server.is_alive = False


@pytest.mark.parametrize("use_up", [many_jobs, a_long_life, idling, much_memory, death])
def test_a_server_that_has_served_enough_gets_a_successor(
    bench: Bench, pool: WarmPool, use_up: Callable[[Bench, FakeServer], None]
) -> None:
    first = bench.run(pool)
    use_up(bench, first)

    second = bench.run(pool)

    assert second is not first
    assert first.is_closed


def test_an_idle_server_goes_without_anybody_asking(bench: Bench) -> None:
    pool = bench.pool(idle_seconds_max=0.01)
    server = bench.run(pool)
    bench.now += 1

    has_gone = server.closed.wait(30)

    pool.close()
    assert has_gone


def test_one_that_is_within_all_bounds_stays(bench: Bench, pool: WarmPool) -> None:
    first = bench.run(pool)
    first.jobs, bench.memory[first.pid] = 4_998, 512 * MIB
    bench.now += 15 * 60

    assert bench.run(pool) is first


def test_a_planned_start_keeps_a_server_beyond_its_idle_time(bench: Bench, pool: WarmPool) -> None:
    bench.expect(pool, "a", 3600.0)
    bench.now += 3599
    kept = bench.run(pool)
    bench.now += 16 * 60

    after = bench.run(pool)

    assert (kept.pid, after.pid) == (1, 2)


def test_an_earlier_instant_shortens_nothing(bench: Bench, pool: WarmPool) -> None:
    bench.expect(pool, "a", 3600.0)
    bench.expect(pool, "a", 60.0)
    bench.now += 3000

    assert bench.run(pool).pid == 1


def test_a_kept_server_makes_room_last(bench: Bench, pool: WarmPool) -> None:
    bench.expect(pool, "a", 3600.0)
    b = bench.run(pool, "b")

    bench.run(pool, "c")

    assert (bench.servers[0].is_closed, b.is_closed) == (False, True)


def test_where_all_are_kept_the_least_recently_used_goes_all_the_same(
    bench: Bench, pool: WarmPool
) -> None:
    for name in ("a", "b", "c"):
        bench.expect(pool, name, 3600.0)

    assert [server.is_closed for server in bench.servers] == [True, False, False]


def test_a_trouble_is_remembered_for_a_while(bench: Bench, pool: WarmPool) -> None:
    bench.says = "Ansible says while it is loaded: old"
    reasons = [why_cold(bench, pool), why_cold(bench, pool)]
    started = len(bench.servers)
    bench.now += 301
    bench.says = ""

    assert reasons == [ColdReason.ANSIBLE_SPEAKS] * 2
    assert started == 1
    assert bench.run(pool).pid == 2


def test_the_trouble_of_one_environment_is_not_that_of_another(
    bench: Bench, pool: WarmPool
) -> None:
    bench.says = "something"
    why_cold(bench, pool, "a")
    bench.says = ""

    assert bench.run(pool, "b").pid == 2


def test_a_server_that_died_is_replaced_at_once(bench: Bench, pool: WarmPool) -> None:
    first = bench.run(pool)
    first.trouble, first.is_alive = ServerUnusable("it has gone"), False

    after = bench.run(pool)

    assert (after.pid, first.is_closed) == (2, True)


def test_a_server_that_cannot_fork_is_not_asked_again_soon(bench: Bench, pool: WarmPool) -> None:
    first = bench.run(pool)
    first.trouble = ServerUnusable("the warm server could not fork")

    reasons = [why_cold(bench, pool), why_cold(bench, pool)]

    assert reasons == [ColdReason.NO_SERVER] * 2
    assert (len(bench.servers), first.is_closed) == (1, True)


@pytest.mark.parametrize("status", [70, 1, -11])
def test_a_server_whose_fork_broke_is_not_asked_again_soon(
    bench: Bench, pool: WarmPool, status: int
) -> None:
    first = bench.run(pool)

    pool.note_broken(bench.job("a"), Ending(status=status, was_warm=True))

    assert why_cold(bench, pool) is ColdReason.ENDED_EARLY
    assert first.is_closed
    bench.now += 301
    assert bench.run(pool).pid == 2


@pytest.mark.parametrize("status", [-9, -15, None])
def test_a_fork_that_was_killed_says_nothing_about_its_server(
    bench: Bench, pool: WarmPool, status: int | None
) -> None:
    first = bench.run(pool)

    pool.note_broken(bench.job("a"), Ending(status=status, was_warm=True))

    assert bench.run(pool) is first


def test_a_broken_fork_of_a_server_that_has_gone_changes_nothing(
    bench: Bench, pool: WarmPool
) -> None:
    pool.note_broken(bench.job("a"), Ending(status=70, was_warm=True))

    assert bench.run(pool).pid == 1


def test_little_memory_starts_no_server_and_ends_none(bench: Bench, pool: WarmPool) -> None:
    first = bench.run(pool, "a")
    bench.free = 255 * MIB

    reason = why_cold(bench, pool, "b")

    assert reason is ColdReason.LOW_MEMORY
    assert bench.run(pool, "a") is first


def test_a_closed_pool_has_ended_all_and_starts_none(bench: Bench, pool: WarmPool) -> None:
    bench.run(pool, "a")

    pool.close()

    assert bench.servers[0].is_closed
    assert why_cold(bench, pool, "b") is ColdReason.CLOSING
    assert len(bench.servers) == 1


def test_what_is_expected_where_nothing_can_be_is_no_error(bench: Bench, pool: WarmPool) -> None:
    bench.says = "something"

    bench.expect(pool, "a", 0.0)

    assert why_cold(bench, pool) is ColdReason.ANSIBLE_SPEAKS


def test_many_who_come_first_at_once_start_one_server(bench: Bench, pool: WarmPool) -> None:
    bench.is_loading = threading.Event()
    threads = [
        threading.Thread(target=pool.supervise, args=(bench.job("a"),), kwargs=OPTIONS)
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()

    bench.is_loading.set()
    for thread in threads:
        thread.join()

    assert [server.jobs for server in bench.servers] == [8]


OPTIONS = {"ticks": -1, "is_leashed": True}


def why_cold(bench: Bench, pool: WarmPool, name: str = "a") -> ColdReason:
    with pytest.raises(ServerUnusable) as refused:
        pool.supervise(bench.job(name), ticks=-1, is_leashed=True)
    return refused.value.reason
