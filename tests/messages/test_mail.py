"""Mail against a real SMTP server."""

from pathlib import Path

import pytest
from jobnet.definition import Address
from jobnet.errors.play import MessageNotSent
from jobnet.messages import MailServer, PostOffice
from jobnet.messages.mail import ATTACHMENT_BYTES_MAX
from jobnet.messages.wording import SUBJECT_MAX, TEXT_MAX
from jobnet.ports.messages import Attachment, Letter

from tests.messages.conftest import MailSink

Sink = tuple[MailSink, int]


def server(port: int, **more: object) -> MailServer:
    return MailServer(host="127.0.0.1", port=port, sender="jobnet@example.com", **more)  # type: ignore[arg-type]


def letter(to: str = "ops@example.com", **more: object) -> Letter:
    fields: dict[str, object] = {"subject": "Backup", "text": "It is done.", **more}
    return Letter(to=Address(kind="mail", target=to), **fields)  # type: ignore[arg-type]


def test_a_mail_arrives_with_its_subject_text_and_attachment(
    mail_sink: Sink, tmp_path: Path
) -> None:
    sink, port = mail_sink
    report = tmp_path / "report.xlsx"
    report.write_bytes(b"PK\x03\x04")
    sheet = Attachment(name="報告.xlsx", path=str(report))

    PostOffice(mail=server(port)).send(
        letter(subject="月次バックアップ ✓", text="Größe: 3 GiB\n", attachments=(sheet,))
    )

    (mail,) = sink.mails
    assert mail["Subject"] == "月次バックアップ ✓"
    assert mail["From"] == "jobnet@example.com"
    assert sink.recipients == [["ops@example.com"]]
    body = mail.get_body()
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == "Größe: 3 GiB\n"
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "報告.xlsx"
    assert attached.get_content() == b"PK\x03\x04"


def test_a_subject_cannot_bring_a_header_of_its_own(mail_sink: Sink) -> None:
    sink, port = mail_sink

    PostOffice(mail=server(port)).send(
        letter(subject="Done\r\nBcc: thief@example.com\x00\u2028X: y")
    )

    assert sink.mails[0]["Subject"] == "Done Bcc: thief@example.com X: y"
    assert sink.mails[0]["Bcc"] is None
    assert sink.recipients == [["ops@example.com"]]


@pytest.mark.parametrize(
    "address",
    ["ops@example.com\r\nDATA", "a@b, c@d", "", "ops", "a b@c", f"{'a' * 300}@b", "<a@b>"],
)
def test_what_is_no_address_is_refused_before_anything_is_sent(
    mail_sink: Sink, address: str
) -> None:
    sink, port = mail_sink

    with pytest.raises(MessageNotSent, match="no mail address"):
        PostOffice(mail=server(port)).send(letter(address))

    assert sink.mails == []


def test_a_huge_message_is_cut_where_one_sees_it(mail_sink: Sink) -> None:
    sink, port = mail_sink

    PostOffice(mail=server(port)).send(letter(subject="s" * 10**6, text="é\ud800\0" * 10**6))

    (mail,) = sink.mails
    assert len(mail["Subject"]) == SUBJECT_MAX
    body = mail.get_body()
    assert body is not None
    assert body.get_content().rstrip().endswith(f"longer than {TEXT_MAX} characters]")


def test_an_attachment_that_is_too_large_or_gone_stops_the_mail(
    mail_sink: Sink, tmp_path: Path
) -> None:
    sink, port = mail_sink
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(ATTACHMENT_BYTES_MAX + 1)
    office = PostOffice(mail=server(port))

    for path, problem in ((large, "larger than"), (tmp_path / "gone", "could not be read")):
        with pytest.raises(MessageNotSent, match=problem):
            office.send(letter(attachments=(Attachment(name="x", path=str(path)),)))

    assert sink.mails == []


def test_a_recipient_that_the_server_refuses_is_named_with_its_answer(mail_sink: Sink) -> None:
    _, port = mail_sink

    with pytest.raises(MessageNotSent, match=r"refused@example\.com.*550 nobody of that name"):
        PostOffice(mail=server(port)).send(letter("refused@example.com"))


def test_no_password_leaves_without_tls_for_another_machine(
    mail_sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink, port = mail_sink
    monkeypatch.setattr(MailServer, "is_local", property(lambda _: False))

    with pytest.raises(MessageNotSent, match="no TLS") as caught:
        PostOffice(mail=server(port, user="ann", password="hunter2")).send(letter())

    assert "hunter2" not in str(caught.value)
    assert sink.mails == []


def test_a_server_that_is_not_there_is_named_with_the_setting_to_look_at() -> None:
    nobody_listens = 1

    with pytest.raises(MessageNotSent, match="JOBNET_SMTP_URL"):
        PostOffice(mail=server(nobody_listens)).send(letter())


def test_without_a_mail_server_the_setting_is_named() -> None:
    with pytest.raises(MessageNotSent, match="JOBNET_SMTP_URL=smtp://host:port"):
        PostOffice(mail=None).send(letter())


def test_the_password_is_not_in_the_text_of_the_server() -> None:
    assert "hunter2" not in repr(server(25, user="ann", password="hunter2"))
