"""Serves the orders of the shop from its database: the program that the backup stops.

Runs on the application server with nothing of Jobnet around it; ``start`` detaches the
server and leaves its pid in a file. A pid file that was left behind is overwritten.
"""

import argparse
import json
import os
import signal
import sys
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pg8000.dbapi  # type: ignore[import-untyped]  # it ships no types

DATABASE_SECONDS_MAX = 5


class ShopServer(ThreadingHTTPServer):
    """The HTTP server; it knows where the database is."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, database_port: int, password: str) -> None:
        super().__init__(("127.0.0.1", port), Page)
        self.database_port = database_port
        self.password = password

    def ask(self, question: str) -> int:
        """Return the one number that ``question`` asks the database for."""
        with (
            closing(
                pg8000.dbapi.connect(
                    user="shop",
                    host="127.0.0.1",
                    port=self.database_port,
                    database="shop",
                    password=self.password,
                    timeout=DATABASE_SECONDS_MAX,
                )
            ) as connection,
            closing(connection.cursor()) as cursor,
        ):
            cursor.execute(question)
            return int(cursor.fetchone()[0])


class Page(BaseHTTPRequestHandler):
    """Answers ``/healthz`` and ``/orders/count``."""

    def do_GET(self) -> None:
        """Answer 200 with what the database says, 503 while it is away."""
        assert isinstance(self.server, ShopServer), "only that server uses this page"
        if self.path not in ("/healthz", "/orders/count"):
            self._send(404, {"error": f"There is no page {self.path}."})
            return
        try:
            self._send(200, {"orders": self.server.ask("SELECT count(*) FROM orders")})
        except (OSError, pg8000.dbapi.Error) as error:
            self._send(503, {"error": f"The database does not answer: {error}"})

    def _send(self, status: int, content: dict[str, object]) -> None:
        body = json.dumps(content).encode() + b"\n"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> int:
    """Start the server detached and return once it listens."""
    reader = argparse.ArgumentParser(description="The shop's application server.")
    reader.add_argument("--port", type=int, required=True)
    reader.add_argument("--database-port", type=int, required=True)
    reader.add_argument("--password-file", type=Path, required=True)
    reader.add_argument("--pid-file", type=Path, required=True)
    reader.add_argument("--log", type=Path, required=True)
    wish = reader.parse_args()
    password = wish.password_file.read_text("utf-8").strip()
    server = ShopServer(wish.port, wish.database_port, password)
    if pid := os.fork():
        wish.pid_file.write_text(f"{pid}\n", "ascii")
        return 0
    os.setsid()
    _redirect(wish.log)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server.serve_forever()
    return 0


def _redirect(log: Path) -> None:
    with log.open("ab") as output, Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)


if __name__ == "__main__":
    sys.exit(main())
