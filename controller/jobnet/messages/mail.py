"""Sends one letter by SMTP.

TLS: ``smtps`` begins with it; ``smtp`` switches to it where the server offers it, and a
password never leaves this machine without it. Certificates are always verified.
"""

import mimetypes
import re
import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from pathlib import Path

from jobnet.errors.play import MessageNotSent
from jobnet.messages.wording import body_text, subject_line
from jobnet.ports.mail_server import MailServer
from jobnet.ports.messages import Attachment, Letter

ADDRESS_MAX = 254
ATTACHMENT_BYTES_MAX = 10 * 1024 * 1024

_ADDRESS = re.compile(r"[^\s@<>,;:\"\\()\[\]]{1,64}@[^\s@<>,;:\"\\()\[\]]{1,253}")


def send_mail(server: MailServer, letter: Letter) -> None:
    """Hand the letter to the server, or raise ``MessageNotSent``."""
    target = letter.to.target
    if len(target) > ADDRESS_MAX or not _ADDRESS.fullmatch(target):
        raise MessageNotSent(repr(target[:80]), problem="this is no mail address.")
    message = _message(server, letter)
    try:
        with _connection(server) as connection:
            connection.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, reason = next(iter(error.recipients.values()))
        raise MessageNotSent(target, problem=_said(server, code, reason)) from error
    except smtplib.SMTPResponseException as error:
        problem = _said(server, error.smtp_code, error.smtp_error)
        raise MessageNotSent(target, problem=problem) from error
    except (smtplib.SMTPException, OSError, ValueError) as error:
        problem = f"{server.host}:{server.port} did not take it ({error}); see JOBNET_SMTP_URL."
        raise MessageNotSent(target, problem=problem) from error


def _said(server: MailServer, code: int, reason: bytes | str) -> str:
    text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
    return f"{server.host}:{server.port} answered {code} {subject_line(text)}"


def _connection(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    timeout = server.timeout_seconds
    if server.is_tls:
        return _logged_in(
            smtplib.SMTP_SSL(server.host, server.port, timeout=timeout, context=context), server
        )
    connection = smtplib.SMTP(server.host, server.port, timeout=timeout)
    try:
        connection.ehlo()
        if connection.has_extn("starttls"):
            connection.starttls(context=context)
            connection.ehlo()
        else:
            _refuse_password_in_clear(server)
    except BaseException:
        connection.close()
        raise
    return _logged_in(connection, server)


def _refuse_password_in_clear(server: MailServer) -> None:
    if server.user and not server.is_local:
        raise smtplib.SMTPException("it offers no TLS, so no password is sent; use smtps://")


def _logged_in(connection: smtplib.SMTP, server: MailServer) -> smtplib.SMTP:
    if server.user:
        try:
            connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
    return connection


def _message(server: MailServer, letter: Letter) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = server.sender
    message["To"] = letter.to.target
    message["Subject"] = subject_line(letter.subject)
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = make_msgid(domain="jobnet.invalid")
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    message.set_content(body_text(letter.text))
    for attachment in letter.attachments:
        _attach(message, attachment, target=letter.to.target)
    return message


def _attach(message: EmailMessage, attachment: Attachment, *, target: str) -> None:
    try:
        with Path(attachment.path).open("rb") as file:
            content = file.read(ATTACHMENT_BYTES_MAX + 1)
    except OSError as error:
        problem = f"{attachment.name} could not be read ({error.strerror})."
        raise MessageNotSent(target, problem=problem) from error
    if len(content) > ATTACHMENT_BYTES_MAX:
        problem = f"{attachment.name} is larger than {ATTACHMENT_BYTES_MAX} bytes."
        raise MessageNotSent(target, problem=problem)
    kind, _ = mimetypes.guess_type(attachment.name)
    main, _, sub = (kind or "application/octet-stream").partition("/")
    name = subject_line(attachment.name)
    message.add_attachment(content, maintype=main, subtype=sub, filename=name)
