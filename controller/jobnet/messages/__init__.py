"""Sends messages: mail over SMTP, and JSON to web addresses."""

from jobnet.messages.mail import MailServer
from jobnet.messages.post_office import PostOffice

__all__ = ["MailServer", "PostOffice"]
