"""Asks a controller one question at a time.

A question that is lost on its way is asked again only where that is harmless: reading, and acts
that carry an idempotency key, which the controller carries out once. Every act gets one here.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO, Final, Self
from urllib.parse import urlsplit
from uuid import uuid4

import httpx

from jobnet.client.address import Address
from jobnet.client.problems import refusal_of
from jobnet.client.stream import Event, read_events
from jobnet.errors.client import AnswerIsNoController, ControllerAway

API: Final = "/api/v1"
ATTEMPTS_MAX: Final = 4
PAUSE_SECONDS: Final = 0.2
CONNECT_SECONDS_MAX: Final = 5.0
ANSWER_SECONDS_MAX: Final = 60.0
PAGE_ROWS: Final = 100
_BUSY: Final = frozenset({429, 502, 503, 504})

Query = Mapping[str, str | int | bool | list[str] | None]


class Client:
    """One controller. Use as a context; not to be shared between threads."""

    def __init__(
        self,
        address: Address,
        *,
        transport: httpx.BaseTransport | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.url, self.is_local = address.url, address.is_local
        self._address, self._transport = address, transport
        self._pause = pause
        self._http = httpx.Client(
            base_url=address.url,
            headers={
                "Authorization": f"Bearer {address.token}",
                "Jobnet-User": address.user.encode("ascii", "replace").decode(),
                "User-Agent": "jobnet",
            },
            timeout=httpx.Timeout(ANSWER_SECONDS_MAX, connect=CONNECT_SECONDS_MAX),
            transport=transport,
            trust_env=not address.is_local,
            follow_redirects=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def another(self) -> "Client":
        """Return another client of the same controller, for another thread."""
        return Client(self._address, transport=self._transport, pause=self._pause)

    def get(self, path: str, /, **query: Any) -> Any:  # noqa: ANN401 - JSON, as it comes
        """Return the document at a path below the API; what is None in the query is left out."""
        return self._document(self._ask("GET", path, query=query))

    def health(self) -> Any:  # noqa: ANN401 - JSON, as it comes
        """Return whether the controller can work; one that cannot answers too, and says why."""
        try:
            return self._document(self._http.get("/readyz"))
        except httpx.HTTPError as error:
            raise ControllerAway(self.url, problem=_why(error)) from error

    def text(self, path: str, /, **query: Any) -> str:  # noqa: ANN401
        """Return a text that is no JSON, such as the output of a job."""
        return self._ask("GET", path, query=query).text

    def bytes(self, path: str, /, **query: Any) -> bytes:  # noqa: ANN401
        """Return a file."""
        return self._ask("GET", path, query=query).content

    def save(self, path: str, into: BinaryIO, /, **query: Any) -> None:  # noqa: ANN401
        """Write a file of any size, piece by piece; ControllerAway where it breaks off."""
        try:
            with self._http.stream("GET", API + path, params=_given(query) or None) as answer:
                if not answer.is_success:
                    answer.read()
                    raise refusal_of(answer, self.url)
                into.writelines(answer.iter_bytes())
        except httpx.HTTPError as error:
            raise ControllerAway(self.url, problem=_why(error)) from error

    def act(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str = "",
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:  # noqa: ANN401
        """Ask for an act and return its answer; the same key twice is one act."""
        sent = {"Idempotency-Key": key or uuid4().hex, **(headers or {})}
        answer = self._ask(method, path, query=query or {}, body=body, headers=sent)
        return self._document(answer)

    def pages(self, path: str, /, *, rows_max: int | None = None, **query: Any) -> Iterator[Any]:  # noqa: ANN401
        """Return the items of a list, page by page, at most ``rows_max`` of them."""
        left = rows_max
        limit = PAGE_ROWS if left is None else min(PAGE_ROWS, left)
        for page in self.sheets(path, **{**query, "limit": limit}):
            items = page["items"] if left is None else page["items"][:left]
            yield from items
            left = None if left is None else left - len(items)
            if left == 0:
                return

    def sheets(self, path: str, /, **query: Any) -> Iterator[Any]:  # noqa: ANN401
        """Return the pages of a list as they are, for those that hold more than items."""
        page = self.get(path, **query)
        yield page
        while page.get("next"):
            page = self.get(_below_api(page["next"]))
            yield page

    def events(self, *, after: str = "", **query: Any) -> Iterator[Event]:  # noqa: ANN401
        """Return what happens, from now on or after a cursor, until the caller has enough."""
        path = f"{API}/live/stream"
        return read_events(self._http, path, after=after, query=_given(query), pause=self._pause)

    def _ask(
        self,
        method: str,
        path: str,
        *,
        query: Query,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        request = self._http.build_request(
            method,
            API + path,
            params=_given(query) or None,
            json=body,
            headers=dict(headers or {}),
        )
        for attempt in range(1, ATTEMPTS_MAX + 1):
            is_last = attempt == ATTEMPTS_MAX
            try:
                answer = self._http.send(request)
            except httpx.ConnectError as error:
                raise ControllerAway(self.url, problem=_why(error)) from error
            except httpx.HTTPError as error:
                if is_last:
                    raise ControllerAway(self.url, problem=_why(error)) from error
            else:
                if answer.status_code not in _BUSY or is_last:
                    return self._checked(answer)
            self._pause(PAUSE_SECONDS * 2 ** (attempt - 1))
        raise AssertionError("the last attempt returns or raises")

    def _checked(self, answer: httpx.Response) -> httpx.Response:
        if answer.is_success:
            return answer
        raise refusal_of(answer, self.url)

    def _document(self, answer: httpx.Response) -> Any:  # noqa: ANN401
        if not answer.content:
            return None
        try:
            return answer.json()
        except (ValueError, RecursionError) as error:
            raise AnswerIsNoController(self.url, status=answer.status_code) from error


def _below_api(address: str) -> str:
    """Return an address that the controller gave, without its host: nobody else gets the token."""
    return urlsplit(address)._replace(scheme="", netloc="").geturl().removeprefix(API)


def _given(query: Query) -> dict[str, str | int | bool | list[str]]:
    return {name: value for name, value in query.items() if value is not None and value != ""}


def _why(error: httpx.HTTPError) -> str:
    return str(error) or type(error).__name__
