"""A controller on a real database behind a real server, with a pump and without any job."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hmac import compare_digest
from pathlib import Path
from textwrap import dedent
from typing import Any

import httpx
from fastapi import FastAPI
from jobnet.ids import OperatorName, PartKey, RunId
from jobnet.machine.web_server import WebServer, listen, url_of
from jobnet.ports.store import Store
from jobnet.ports.store.outputs import OutputHit, OutputPiece, OutputRange, OutputStore
from jobnet.rest.app import create_app
from jobnet.services.controller.bells import Bells
from jobnet.services.controller.definitions import Definitions
from jobnet.services.controller.orders import Orders
from jobnet.services.controller.pump import Pump
from jobnet.services.controller.starts import Starts
from jobnet.services.controller.trackers import Trackers
from jobnet.services.controller.turns import Turns
from jobnet.services.controller.views.views import Views
from jobnet.services.controller.working import Health
from jobnet.storage import SqlitePlace, open_store

TOKEN = "t0ken-of-this-machine"
ROOT = "/api/v1"
PATIENCE_SECONDS = 60.0

ASK = """
kind: network
name: ask
title: Asks twice
flow:
  - id: go_on
    dialog: {message: Go on?, choices: {'yes': 0, 'no': 8}}
  - id: pause
    wait_for: 1h
  - id: sure
    dialog: {message: Sure?, choices: {'yes': 0}}
"""


def token_check(token: str) -> OperatorName | None:
    return OperatorName("admin") if compare_digest(token.encode(), TOKEN.encode()) else None


class PrintedByHand:
    """Outputs that a test has written, in memory."""

    def __init__(self) -> None:
        self._texts: dict[tuple[str, str, int], str] = {}

    def append(self, pieces: Sequence[OutputPiece]) -> None:
        for piece in pieces:
            key = (piece.run, piece.part, piece.attempt)
            self._texts[key] = self._texts.get(key, "")[: piece.offset] + piece.text

    def read(
        self, run: RunId, part: PartKey, attempt: int, *, offset: int, limit: int
    ) -> OutputRange:
        text = self._texts.get((run, part, attempt), "")
        begin = max(0, len(text) + offset) if offset < 0 else min(offset, len(text))
        return OutputRange(offset=begin, text=text[begin : begin + limit], total=len(text))

    def search(
        self, run: RunId, part: PartKey, attempt: int, *, text: str, limit: int
    ) -> Sequence[OutputHit]:
        lines = self._texts.get((run, part, attempt), "").splitlines(keepends=True)
        hits = [
            OutputHit(offset=sum(map(len, lines[:index])), line=index + 1, text=line.rstrip())
            for index, line in enumerate(lines)
            if text.lower() in line.lower()
        ]
        return hits[:limit]

    def forget(self, run: RunId) -> None:
        self._texts = {key: text for key, text in self._texts.items() if key[0] != run}

    def close(self) -> None:
        pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """The services of a controller, as far as no job is needed."""

    folder: Path
    store: Store
    outputs: OutputStore
    bells: Bells
    definitions: Definitions
    trackers: Trackers
    starts: Starts
    orders: Orders
    views: Views


class Caller(httpx.Client):
    """Somebody with the token."""

    def start(self, network: str = "ask", **fields: object) -> str:
        """Start a run and return its id once its first part has come."""
        answer = self.post("/runs", json={"network": network, **fields})
        assert answer.status_code == 201, answer.text
        run = answer.json()["run"]
        eventually(lambda: self.get(f"/runs/{run}").json()["position"] > 0)
        return str(run)

    def shown(self, path: str, **query: Any) -> Any:  # noqa: ANN401 - JSON
        answer = self.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def part(self, run: str, key: str) -> Any:  # noqa: ANN401 - JSON
        return self.shown(f"/runs/{run}/parts/{key}")


def eventually(holds: Callable[[], object]) -> None:
    """Wait until something holds."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < until, "it never came to that"
        time.sleep(0.01)


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A controller that is served."""

    workshop: Workshop
    app: FastAPI
    url: str
    client: Caller

    def apply(self, text: str, name: str = "networks.yml") -> None:
        """Write definitions below the project's folder and apply them."""
        folder = self.workshop.folder / "project"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(dedent(text), encoding="utf-8")
        answer = self.client.post("/definitions/apply", json={"paths": [str(folder)]})
        assert answer.status_code == 200, answer.text


@contextmanager
def workshop(folder: Path) -> Iterator[Workshop]:
    """Open a controller in a folder; its pump turns until the end."""
    store = open_store(SqlitePlace(path=folder / "jobnet.sqlite3"))
    outputs = PrintedByHand()
    bells = Bells()
    definitions = Definitions(store, home=folder / "home", bells=bells)
    trackers = Trackers(definitions)
    turns = Turns(store, trackers, bells)
    pump = Pump(store, turns.take, bells, Health())
    thread = threading.Thread(target=pump.keep_turning, daemon=True)
    thread.start()
    try:
        yield Workshop(
            folder=folder,
            store=store,
            outputs=outputs,
            bells=bells,
            definitions=definitions,
            trackers=trackers,
            starts=Starts(store, definitions, bells, zone="UTC"),
            orders=Orders(store, trackers, bells),
            views=Views(store=store, outputs=outputs, trackers=trackers),
        )
    finally:
        bells.close()
        thread.join()
        outputs.close()
        store.close()


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """Serve a controller at an address of this machine."""
    with workshop(folder) as shop:
        app = create_app(shop, token_check=token_check)
        listening = listen("127.0.0.1", 0)
        url = url_of(listening)
        server = WebServer(app, listening)
        server.start()
        headers = {"Authorization": f"Bearer {TOKEN}"}
        try:
            with Caller(base_url=f"{url}{ROOT}", headers=headers, timeout=60) as client:
                yield Served(workshop=shop, app=app, url=url, client=client)
        finally:
            app.state.streams.end()
            server.stop()
            server.wait()
