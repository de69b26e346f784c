"""Receives the mails and webhook calls of the demo, and keeps each as a file.

A mail server and a web server of the operators' office: real SMTP, real HTTP, loopback
only. Nothing is sent on.
"""

import asyncio
import contextlib
import itertools
import json
from collections.abc import AsyncIterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from aiosmtpd.smtp import SMTP, Envelope, Session

from .places import Place

BODY_BYTES_MAX = 1 << 20


class _Files:
    """Numbers what arrives: ``0001.eml``, ``0002.json``, in one order for both kinds."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        taken = [int(path.stem) for path in folder.iterdir() if path.stem.isdigit()]
        self._numbers = itertools.count(max(taken, default=0) + 1)
        self._folder = folder

    def keep(self, content: bytes, suffix: str) -> None:
        """Write ``content`` under the next number, whole or not at all."""
        path = self._folder / f"{next(self._numbers):04}{suffix}"
        draft = path.with_suffix(".part")
        draft.write_bytes(content)
        draft.replace(path)


class _Post:
    """Takes every mail for everybody."""

    def __init__(self, files: _Files) -> None:
        self._files = files

    async def handle_DATA(  # noqa: N802 -- aiosmtpd names its hooks
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes), "this server does not ask aiosmtpd to decode"
        self._files.keep(content, ".eml")
        return "250 Kept"


class _WebhookServer(ThreadingHTTPServer):
    """Keeps the body of each POST."""

    def __init__(self, port: int, files: _Files) -> None:
        super().__init__(("127.0.0.1", port), _Call)
        self.files = files


class _Call(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, _WebhookServer), "only that server uses this handler"
        size = int(self.headers.get("Content-Length") or 0)
        if not 0 <= size <= BODY_BYTES_MAX:
            self.send_error(413)
            return
        body = self.rfile.read(size).decode("utf-8", "replace")
        call = {"path": self.path, "headers": dict(self.headers.items()), "body": body}
        self.server.files.keep(json.dumps(call, indent=2).encode(), ".json")
        self.send_response(204)
        self.end_headers()


@contextlib.asynccontextmanager
async def listening(place: Place) -> AsyncIterator[None]:
    """Receive mails and calls on the demo's two ports for the length of the ``async with``."""
    files = _Files(place.mail)
    ports = place.ports()
    web = _WebhookServer(ports["webhook"], files)
    post = _Post(files)
    loop = asyncio.get_running_loop()
    mail = await loop.create_server(lambda: SMTP(post, loop=loop), "127.0.0.1", ports["mail"])
    Thread(target=web.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        mail.close()
        web.shutdown()
        web.server_close()
