"""Gives each letter to the way that its address asks for; one ``Messenger`` for all of them."""

from jobnet.errors.play import MessageNotSent
from jobnet.messages.mail import send_mail
from jobnet.messages.webhook import send_webhook
from jobnet.ports.mail_server import MailServer
from jobnet.ports.messages import Letter


class PostOffice:
    """The real messenger. Without a mail server only web addresses can be reached."""

    def __init__(self, *, mail: MailServer | None, webhook_timeout_seconds: float = 10.0) -> None:
        self._mail = mail
        self._webhook_timeout_seconds = webhook_timeout_seconds

    def send(self, letter: Letter) -> None:
        """Send by mail or web; see the port."""
        match letter.to.kind:
            case "mail" if self._mail is None:
                problem = "no mail server is set; set JOBNET_SMTP_URL=smtp://host:port."
                raise MessageNotSent(letter.to.target, problem=problem)
            case "mail":
                assert self._mail is not None, "the case above"
                send_mail(self._mail, letter)
            case "webhook":
                send_webhook(letter, timeout_seconds=self._webhook_timeout_seconds)
            case kind:
                problem = f"{kind!r} is no way to send a message; use mail or webhook."
                raise MessageNotSent(letter.to.target, problem=problem)
