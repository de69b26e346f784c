"""What the job that looks at paths on hosts says, read back as looks."""

import pytest
from jobnet.engine.results import HostResult, HostState, JobEnd, JobResult
from jobnet.engine.waits import FileLook, FileLooks
from jobnet.ids import HostName, RunId
from jobnet.services.host_looks import PATH_BYTES_MAX, UNKNOWN_HOST, Hosts, look_order, looks_of

FTP = HostName("ftp1")
WEB = HostName("web1")


def answer(*rows: str, cuts: tuple[str, ...] = (), **others: HostResult) -> JobResult:
    hosts = {FTP: HostResult(state=HostState.OK, result={"msg": list(rows)})}
    hosts |= {HostName(name): result for name, result in others.items()}
    return JobResult(end=JobEnd.ENDED, is_normal=True, hosts=hosts, cuts=cuts)


@pytest.mark.parametrize(
    ("row", "look"),
    [
        ("True True 12 1716.25 99 ", FileLook(exists=True, size=12, mtime=1716.25, inode=99)),
        ("True False 4096 1716.25 99 ", FileLook(exists=True, size=0, mtime=1716.25, inode=99)),
        ("False     ", FileLook()),
        ("     Permission denied", FileLook(error="Permission denied")),
        ("     a reason of\nmany words", FileLook(error="a reason of\nmany words")),
        ("     ", FileLook(error="the host could not tell")),
        ("", FileLook(error="the host could not tell")),
    ],
)
def test_a_line_says_what_is_at_a_path(row: str, look: FileLook) -> None:
    assert looks_of(answer(row), ["/in/a"]) == ({FTP: look},)


@pytest.mark.parametrize("length", range(len("True True 12 1716.25 99 ")))
def test_a_line_that_was_cut_is_never_taken_for_a_look(length: int) -> None:
    row = "True True 12 1716.25 99 "[:length] + "… [cut, 9 more characters]"

    (looks,) = looks_of(answer(row, cuts=("hosts.results",)), ["/in/a"])

    assert looks[FTP].error


def test_every_path_gets_its_own_line() -> None:
    result = answer("False     ", "True True 1 2.0 3 ", "     no")

    found = looks_of(result, ["/in/a", "/in/b", "/in/c"])

    assert [(looks[FTP].exists, looks[FTP].error) for looks in found] == [
        (False, ""),
        (True, ""),
        (False, "no"),
    ]


@pytest.mark.parametrize(
    ("host", "error"),
    [
        (HostResult(state=HostState.UNREACHABLE, message="no route"), "no route"),
        (HostResult(state=HostState.UNREACHABLE), "the host is unreachable"),
        (HostResult(state=HostState.FAILED, message="no python"), "no python"),
        (HostResult(state=HostState.OK, result={}), "the host gave no answer"),
        (HostResult(state=HostState.OK, result={"msg": "text"}), "the host gave no answer"),
    ],
)
def test_a_host_that_says_nothing_has_an_error_and_the_others_none(
    host: HostResult, error: str
) -> None:
    found = looks_of(answer("False     ", "False     ", web1=host), ["/in/a", "/in/b"])

    assert [looks[WEB].error for looks in found] == [error, error]
    assert [looks[FTP].error for looks in found] == ["", ""]


def test_hosts_whose_answers_did_not_fit_are_told() -> None:
    silent = HostResult(state=HostState.OK)

    (looks,) = looks_of(answer("False     ", cuts=("hosts.results",), web1=silent), ["/in/a"])
    (wide,) = looks_of(answer("False     ", cuts=("hosts",)), ["/in/a"])

    assert "name fewer in `hosts`" in looks[WEB].error
    assert "only 1 hosts can be looked at" in wide[UNKNOWN_HOST].error


def test_a_job_that_reached_no_host_is_told_for_every_path() -> None:
    nobody = JobResult(end=JobEnd.FAILED_TO_START, message="no host matched 'ftp'")
    lost = JobResult(end=JobEnd.LOST)

    assert (
        looks_of(nobody, ["/a", "/b"])
        == ({UNKNOWN_HOST: FileLook(error="no host matched 'ftp'")},) * 2
    )
    assert looks_of(lost, ["/a"])[0][UNKNOWN_HOST].error == "the look ended lost"


@pytest.mark.parametrize("path", ["/in/\ud800", "/" + "x" * PATH_BYTES_MAX, "/" + "ä" * 2048])
def test_a_path_that_no_host_can_have_is_not_asked_for(path: str) -> None:
    hosts = Hosts(pattern="ftp", inventory=(), project_root="/p", network_folder="/p/n", warm=False)

    order = look_order(hosts, ["/in/a", path], run=RunId("r-1"), group=3, number=7)
    found: tuple[FileLooks, ...] = looks_of(
        answer("False     ", "True True 1 2.0 3 "), ["/in/a", path]
    )

    assert order.handed_over == {"params": {"paths": ["/in/a", "/"]}}
    assert (order.part, order.attempt, order.warm) == ("files:look3", 7, False)
    assert found[0][FTP] == FileLook()
    assert "the path is" in found[1][FTP].error
