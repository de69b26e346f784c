"""Letters to web addresses, against a real web server."""

import pytest
from jobnet.definition import Address
from jobnet.errors.play import MessageNotSent
from jobnet.messages import PostOffice
from jobnet.ports.messages import Attachment, Letter

from tests.messages.conftest import WebSink


def letter(url: str, **more: object) -> Letter:
    fields: dict[str, object] = {
        "subject": "Backup",
        "text": "Fertig ✓",
        "details": {"network": "backup", "run": "r-1", "part": None, "operating_day": "2026-05-29"},
        **more,
    }
    return Letter(to=Address(kind="webhook", target=url), **fields)  # type: ignore[arg-type]


def test_the_body_says_network_run_day_subject_and_message(web_sink: WebSink) -> None:
    attachments = (Attachment(name="report.xlsx", path="/nowhere"),)

    PostOffice(mail=None).send(letter(web_sink.url, attachments=attachments))

    assert web_sink.bodies == [
        {
            "network": "backup",
            "run": "r-1",
            "part": None,
            "operating_day": "2026-05-29",
            "subject": "Backup",
            "message": "Fertig ✓",
            "attachments": ["report.xlsx"],
        }
    ]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_every_answer_but_2xx_is_an_error(web_sink: WebSink, status: int) -> None:
    with pytest.raises(MessageNotSent, match=f"answered {status}"):
        PostOffice(mail=None).send(letter(f"{web_sink.url}/{status}"))

    assert len(web_sink.bodies) == 1


def test_a_server_that_never_answers_is_given_up(web_sink: WebSink) -> None:
    office = PostOffice(mail=None, webhook_timeout_seconds=0.2)

    with pytest.raises(MessageNotSent, match=r"no answer within 0\.2 seconds"):
        office.send(letter(f"{web_sink.url}/silent"))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/s3cret",
        "ftp://a/s3cret",
        "s3cret",
        "http://[/s3cret",
        "http://a:b/s3cret",
    ],
)
def test_an_address_that_cannot_be_reached_is_an_error_without_its_secret(url: str) -> None:
    with pytest.raises(MessageNotSent) as caught:
        PostOffice(mail=None).send(letter(url))

    assert "s3cret" not in str(caught.value)


def test_another_kind_of_address_is_refused() -> None:
    pigeon = Letter(to=Address(kind="pigeon", target="x"), subject="", text="")

    with pytest.raises(MessageNotSent, match="use mail or webhook"):
        PostOffice(mail=None).send(pigeon)
