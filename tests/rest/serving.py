"""A controller on a real database behind a real server; its jobs are scripts."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hmac import compare_digest
from pathlib import Path
from textwrap import dedent
from typing import Any
from urllib.parse import quote

import httpx
from fastapi import FastAPI
from jobnet.ids import OperatorName
from jobnet.machine.web_server import WebServer, listen, url_of
from jobnet.ports.projects import Projects
from jobnet.rest.app import create_app
from jobnet.storage import Place
from jobnet.testing import Script

from tests.services.controller.office import Office, office

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
---
kind: network
name: each
flow:
  - id: item
    for_each:
      as: place
      items: ["{{ 'eu/west' }}", "a]b%2Fc"]
      flow:
        - id: sure
          dialog: {message: Sure?, choices: {'yes': 0}}
"""


def token_check(token: str) -> OperatorName | None:
    return OperatorName("admin") if compare_digest(token.encode(), TOKEN.encode()) else None


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
        return self.shown(f"/runs/{run}/parts/{quote(key, safe='')}")


def eventually(holds: Callable[[], object]) -> None:
    """Wait until something holds."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < until, "it never came to that"
        time.sleep(0.01)


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A controller that is served."""

    office: Office
    app: FastAPI
    url: str
    client: Caller

    def apply(self, text: str, name: str = "networks.yml") -> None:
        """Write definitions below the project's folder and apply them."""
        folder = self.office.folder / "project"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(dedent(text), encoding="utf-8")
        answer = self.client.post("/definitions/apply", json={"paths": [str(folder)]})
        assert answer.status_code == 200, answer.text


@contextmanager
def served(
    folder: Path,
    scripts: Mapping[str, Script | Sequence[Script]] | None = None,
    *,
    place: Place | None = None,
    projects: Projects | None = None,
) -> Iterator[Served]:
    """Serve a controller whose jobs are scripts at an address of this machine."""
    with office(folder, scripts, place=place, projects=projects) as staff:
        app = create_app(staff.controller, token_check=token_check)
        listening = listen("127.0.0.1", 0)
        url = url_of(listening)
        server = WebServer(app, listening)
        server.start()
        headers = {"Authorization": f"Bearer {TOKEN}"}
        try:
            with Caller(base_url=f"{url}{ROOT}", headers=headers, timeout=60) as client:
                yield Served(office=staff, app=app, url=url, client=client)
        finally:
            app.state.streams.end()
            server.stop()
            server.wait()
