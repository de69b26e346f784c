"""Listens at an address of this machine and serves an ASGI application there, on a thread.

Only loopback addresses: whoever can connect needs nothing but the token.
"""

import errno
import socket
import threading
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import Any, Final

import uvicorn

from jobnet.errors.server import AddressInUse, NotLoopback

FAREWELL_SECONDS_MAX: Final = 5
START_SECONDS_MAX: Final = 30.0
_BACKLOG: Final = 128
_LOOK_AGAIN_SECONDS: Final = 0.01

Application = Callable[[Any, Any, Any], Awaitable[None]]


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at a loopback address; port 0 takes one that is free."""
    address = _loopback(host)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Whoever connects inherits it. Without it each answer waits 40 ms for an acknowledgement:
        # asyncio sets it only for sockets that were made with the number of their protocol.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listening.bind((address, port))
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        is_taken = error.errno == errno.EADDRINUSE
        problem = "another program listens there" if is_taken else str(error.strerror)
        raise AddressInUse(host, port, problem=problem) from error
    return listening


def url_of(listening: socket.socket) -> str:
    """Return the address as people type it.

    >>> with listen("localhost", 0) as one:
    ...     url_of(one).startswith("http://127.0.0.1:")
    True
    """
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class WebServer:
    """Serves one application at one socket until it is stopped."""

    def __init__(self, application: Application, listening: socket.socket) -> None:
        self._listening = listening
        self._server = uvicorn.Server(
            uvicorn.Config(
                application,
                http="h11",
                ws="none",
                loop="asyncio",
                lifespan="off",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=FAREWELL_SECONDS_MAX,
            )
        )
        self._thread = threading.Thread(target=self._serve, name="jobnet-web", daemon=True)

    def start(self) -> None:
        """Begin to serve; who connects before that waits a moment."""
        self._thread.start()
        waits = int(START_SECONDS_MAX / _LOOK_AGAIN_SECONDS)
        for _ in range(waits):
            self._thread.join(timeout=_LOOK_AGAIN_SECONDS)
            if self._server.started or not self._thread.is_alive():
                break
        assert self._server.started, "the web server has ended before it began"

    @property
    def is_serving(self) -> bool:
        """Whether requests are answered."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Take no new request; those under way get a few seconds."""
        self._server.should_exit = True

    def wait(self) -> None:
        """Wait until the last request is answered or was cut off."""
        self._thread.join(timeout=FAREWELL_SECONDS_MAX + 5)
        self._listening.close()

    def _serve(self) -> None:
        self._server.run(sockets=[self._listening])


def _loopback(host: str) -> str:
    """Return the address to listen at; a name other than localhost could mean anything."""
    if host == "localhost":
        return "127.0.0.1"
    try:
        address = ip_address(host)
    except ValueError as error:
        raise NotLoopback(host) from error
    if not address.is_loopback:
        raise NotLoopback(host)
    return str(address)
