"""What the client asks again, what it never asks twice, and what it makes of refusals."""

import json
from collections.abc import Callable, Iterator

import httpx
import pytest
from jobnet.client import Address, Client
from jobnet.errors.client import AnswerIsNoController, ControllerAway, ControllerRefused

ADDRESS = Address(url="http://controller", token="secret", user="ann")
Answers = Callable[[httpx.Request], httpx.Response]


def client(answers: Answers, pauses: list[float] | None = None) -> Client:
    said = pauses if pauses is not None else []
    return Client(ADDRESS, transport=httpx.MockTransport(answers), pause=said.append)


def scripted(*steps: httpx.Response | Exception) -> tuple[Answers, list[httpx.Request]]:
    """Answer with one step after the other, and keep what was asked."""
    left: Iterator[httpx.Response | Exception] = iter(steps)
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        step = next(left)
        if isinstance(step, Exception):
            raise step
        return step

    return answer, asked


def problem(status: int, **more: object) -> httpx.Response:
    document = {"title": "Refused", "status": status, "detail": "No; do that.", **more}
    return httpx.Response(status, json={"code": "not_now", **document})


def test_every_question_names_the_token_and_the_user() -> None:
    answers, asked = scripted(httpx.Response(200, json={"items": []}))

    with client(answers) as asking:
        asking.get("/runs", state=["held", "waiting"], network=None, folder="")

    assert str(asked[0].url) == "http://controller/api/v1/runs?state=held&state=waiting"
    assert asked[0].headers["Authorization"] == "Bearer secret"
    assert asked[0].headers["Jobnet-User"] == "ann"


def test_an_act_whose_answer_was_lost_is_asked_again_under_the_same_key() -> None:
    answers, asked = scripted(httpx.ReadError("reset"), httpx.Response(200, json={"run": "a"}))
    pauses: list[float] = []

    with client(answers, pauses) as asking:
        answer = asking.act("POST", "/runs", {"network": "night"})

    assert answer == {"run": "a"}
    keys = {request.headers["Idempotency-Key"] for request in asked}
    assert (len(asked), len(keys), pauses) == (2, 1, [0.2])
    assert json.loads(asked[1].content) == {"network": "night"}


def test_two_acts_have_two_keys_unless_one_is_given() -> None:
    answers, asked = scripted(*[httpx.Response(204)] * 3)

    with client(answers) as asking:
        asking.act("POST", "/runs")
        asking.act("POST", "/runs")
        asking.act("POST", "/runs", key="mine")

    keys = [request.headers["Idempotency-Key"] for request in asked]
    assert len(set(keys)) == 3
    assert keys[2] == "mine"


def test_a_controller_that_is_busy_is_asked_again_and_at_last_quoted() -> None:
    answers, asked = scripted(*[problem(503)] * 4)

    with client(answers) as asking, pytest.raises(ControllerRefused, match=r"No; do that\."):
        asking.get("/status")

    assert len(asked) == 4


def test_a_controller_that_is_away_is_said_at_once_with_the_command_that_helps() -> None:
    answers, asked = scripted(httpx.ConnectError("refused"))

    with client(answers) as asking, pytest.raises(ControllerAway, match="jobnet up"):
        asking.get("/status")

    assert len(asked) == 1


def test_a_refusal_keeps_its_code_and_its_facts() -> None:
    answers, _ = scripted(problem(409, run="night-1"))

    with client(answers) as asking, pytest.raises(ControllerRefused) as refused:
        asking.act("POST", "/runs/night-1/hold")

    assert (refused.value.told, refused.value.status) == ("not_now", 409)
    assert refused.value.facts == {"run": "night-1"}


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(404, text="<html>not here</html>"),
        httpx.Response(404, json=[1]),
        httpx.Response(404, json={"error": "nginx"}),
        httpx.Response(307, headers={"Location": "http://elsewhere/"}),
        httpx.Response(200, text="<html>hello</html>"),
        httpx.Response(404, text="[" * 100_000),
    ],
)
def test_what_no_controller_says_is_told_as_such(answer: httpx.Response) -> None:
    answers, _ = scripted(answer)

    with client(answers) as asking, pytest.raises(AnswerIsNoController):
        asking.get("/status")


def test_a_list_is_read_page_by_page_and_no_further_than_asked() -> None:
    following = "http://elsewhere/api/v1/runs?cursor=c1&limit=100"
    first = {"items": [{"run": str(number)} for number in range(100)], "next": following}
    second = {"items": [{"run": str(number)} for number in range(100, 200)], "next": "more"}
    answers, asked = scripted(*[httpx.Response(200, json=page) for page in (first, second)])

    with client(answers) as asking:
        items = list(asking.pages("/runs", rows_max=102))

    assert [item["run"] for item in items] == [str(number) for number in range(102)]
    assert [str(request.url) for request in asked] == [
        "http://controller/api/v1/runs?limit=100",
        "http://controller/api/v1/runs?cursor=c1&limit=100",
    ]


def test_a_controller_that_cannot_work_says_why() -> None:
    answers, _ = scripted(httpx.Response(503, json={"is_well": False, "problems": ["no disk"]}))

    with client(answers) as asking:
        assert asking.health() == {"is_well": False, "problems": ["no disk"]}
