"""Starts a controller: takes its folder, opens its address, works until it is asked to end.

Everything heavy is loaded after the folder and the address are ours, so that what keeps a
controller from starting is said at once. The first signal ends it gracefully, jobs stay at work;
a second Ctrl-C ends it as if it had been killed, which loses nothing either.
"""

import gc
import hmac
import logging
import os
import shlex
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from typing import Final

from jobnet.cli.calling import own_settings
from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.forms import say
from jobnet.cli.typed import Form
from jobnet.client.address import place_of
from jobnet.errors.server import ControllerRunsAlready
from jobnet.ids import OperatorName
from jobnet.machine.background import start_in_background
from jobnet.machine.run_folder import state_home
from jobnet.machine.server_home import announce, held_place, holder_of, read_server, token_of
from jobnet.machine.web_server import WebServer, listen, url_of
from jobnet.ports.server_place import ServerPlace, place_in
from jobnet.settings import Settings, database_of

LOOK_SECONDS: Final = 5.0
OWNER: Final = OperatorName("admin")
ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
INTERRUPTED: Final = 130


@dataclass(frozen=True, slots=True, kw_only=True)
class UpTyped:
    """What was typed; None leaves it to the environment."""

    host: str | None
    port: int | None
    database: str | None
    is_detached: bool
    form: Form


def start_controller(wish: UpTyped) -> int:
    """Be the controller until a signal comes, or start one in the background."""
    settings = _settings(wish)
    if wish.is_detached:
        return _start_detached(settings, wish.form)
    home = state_home(settings.home)
    settings = replace(settings, home=str(home))
    with (
        held_place(home) as place,
        listen(settings.host, settings.port) as listening,
        _ending() as asked,
    ):
        _log_to_stderr()
        _serve(settings, place, listening, asked, wish.form)
    return ExitCode.NORMAL


def _settings(wish: UpTyped) -> Settings:
    found = own_settings()
    return replace(
        found,
        host=found.host if wish.host is None else wish.host,
        port=found.port if wish.port is None else wish.port,
        database=found.database if wish.database is None else database_of(wish.database),
    )


def _serve(
    settings: Settings,
    place: ServerPlace,
    listening: socket.socket,
    asked: threading.Event,
    form: Form,
) -> None:
    """Work until it is asked to end, and end in order: requests first, then everybody else."""
    gc.disable()  # nothing of what is loaded now is garbage; it saves a sixth of the time
    from jobnet.bootstrap_controller import make_controller  # noqa: PLC0415 - start-up time
    from jobnet.rest.app import create_app  # noqa: PLC0415 - start-up time

    token = token_of(place)
    controller = make_controller(settings, place)
    try:
        application = create_app(controller, token_check=_check_of(token))
        controller.start()
        server = WebServer(application, listening)
        server.start()
        _announce(settings, place, url_of(listening), form)
        gc.freeze()
        gc.enable()
        while not asked.wait(LOOK_SECONDS) and server.is_serving:
            pass
        place.server.unlink(missing_ok=True)
        application.state.streams.end()
        server.stop()
        server.wait()
    finally:
        controller.stop()


def _check_of(token: str) -> Callable[[str], OperatorName | None]:
    """Return whose token a text is; a wrong one takes as long as the right one."""
    right = token.encode()

    def check(given: str) -> OperatorName | None:
        is_right = hmac.compare_digest(given.encode("utf-8", "surrogateescape"), right)
        return OWNER if is_right else None

    return check


def _announce(settings: Settings, place: ServerPlace, url: str, form: Form) -> None:
    document: dict[str, object] = {
        "url": url,
        "pid": os.getpid(),
        "version": version("jobnet"),
        "database": "postgresql" if settings.database else "sqlite",
        "token_file": str(place.token),
        "folder": str(place.folder),
    }
    announce(place, document)
    say(document, form, lambda: _ready_lines(document))
    sys.stdout.flush()


def _ready_lines(document: Mapping[str, object]) -> Iterator[str]:
    yield f"Jobnet {document['version']} is ready at {document['url']}"
    yield f"  token  {document['token_file']} (the other commands find it by themselves)"
    yield f"  state  {document['folder']}, {document['database']}"
    home = Path(str(document["folder"])).parent
    if place_of(own_settings()).folder.parent != home:
        yield f"  first  export JOBNET_HOME={shlex.quote(str(home))}"
    yield "  end    Ctrl-C, or jobnet down; its jobs go on and the next controller adopts them"


def _start_detached(settings: Settings, form: Form) -> int:
    home = state_home(settings.home)
    place = place_in(home)
    holder = holder_of(place)
    if holder is not None:
        url = str(read_server(place).get("url", ""))
        raise ControllerRunsAlready(str(place.folder), pid=holder.pid, url=url)
    place.server.unlink(missing_ok=True)
    command = [sys.executable, "-m", "jobnet", "up", "--host", settings.host]
    environment = {**os.environ, "JOBNET_HOME": str(home), "JOBNET_DATABASE": settings.database}
    command += ["--port", str(settings.port)]
    document = start_in_background(command, place, environment=environment)
    say(document, form, lambda: _ready_lines(document))
    return ExitCode.NORMAL


@contextmanager
def _ending() -> Iterator[threading.Event]:
    """Yield what is set when this process is asked to end; a second Ctrl-C ends it at once."""
    asked = threading.Event()

    def take(number: int, _frame: FrameType | None) -> None:
        if asked.is_set() and number == signal.SIGINT:
            os._exit(INTERRUPTED)
        asked.set()

    before = {each: signal.signal(each, take) for each in ENDING}
    try:
        yield asked
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _log_to_stderr() -> None:
    """Write what the workers tell, a line each; of the web server only what went wrong."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for name in ("uvicorn", "httpx", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
