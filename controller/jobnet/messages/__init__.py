"""Sends messages: mail over SMTP, and JSON to web addresses."""

from jobnet.messages.post_office import PostOffice
from jobnet.ports.mail_server import MailServer

__all__ = ["MailServer", "PostOffice"]
