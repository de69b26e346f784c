"""pip itself is fetched from where pip's own settings point, and only if its hash is known."""

import base64
import hashlib
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / ".ci"))

import pip_wheel  # noqa: E402 - lies beside the tools

WHEEL = b"the wheel"


class Index(BaseHTTPRequestHandler):
    """A simple index that knows one wheel and remembers who asked."""

    logins: list[str]

    def do_GET(self) -> None:
        self.logins.append(self.headers.get("Authorization", ""))
        page = f'<a href="../../files/{pip_wheel.WHEEL}#sha256=0">pip</a>'.encode()
        bodies = {"/simple/pip/": page, f"/files/{pip_wheel.WHEEL}": WHEEL}
        body = bodies.get(self.path)
        self.send_response(200 if body is not None else 404)
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Keep the output of the tests clean."""


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Serve the index on a free port and let pip's settings come from the test alone."""
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_CERT", "PIP_PROXY", "PIP_NO_INDEX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(pip_wheel, "WHEEL_SHA256", hashlib.sha256(WHEEL).hexdigest())
    monkeypatch.setattr(Index, "logins", [], raising=False)
    with ThreadingHTTPServer(("127.0.0.1", 0), Index) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"127.0.0.1:{server.server_address[1]}/simple"
        server.shutdown()
        thread.join(timeout=10)


def test_the_wheel_comes_from_the_index_of_the_environment(
    index: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", f"http://{index}/")

    wheel = pip_wheel.fetch_wheel(tmp_path)

    assert wheel.read_bytes() == WHEEL


def test_a_login_in_the_address_is_sent_and_never_shown(
    index: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", f"http://ann:s%40cret@{index}")
    monkeypatch.setattr(pip_wheel, "WHEEL_SHA256", "0")

    with pytest.raises(pip_wheel.NoWheel) as caught:
        pip_wheel.fetch_wheel(tmp_path)

    assert Index.logins[0] == "Basic " + base64.b64encode(b"ann:s@cret").decode()
    assert "cret" not in str(caught.value)


def test_another_file_under_the_same_name_is_refused(
    index: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", f"http://{index}")
    monkeypatch.setattr(pip_wheel, "WHEEL_SHA256", "0")

    with pytest.raises(pip_wheel.NoWheel, match="not the file that this project knows"):
        pip_wheel.fetch_wheel(tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_the_next_index_is_asked_when_one_has_it_not(
    index: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", f"http://{index}/nothing/here")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", f"http://{index}")

    wheel = pip_wheel.fetch_wheel(tmp_path)

    assert wheel.read_bytes() == WHEEL


@pytest.mark.usefixtures("index")
def test_every_index_that_did_not_help_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")

    with pytest.raises(pip_wheel.NoWheel, match=r"http://127\.0\.0\.1:9/simple: .*refused"):
        pip_wheel.fetch_wheel(tmp_path)


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "pip.conf"
    file.write_text("[global]\nindex-url = http://file\nproxy = http://proxy\n", encoding="utf-8")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(file))
    monkeypatch.setenv("PIP_INDEX_URL", "http://environment")

    settings = pip_wheel.pip_settings()

    assert (settings["index-url"], settings["proxy"]) == ("http://environment", "http://proxy")


def test_no_index_means_that_none_is_asked() -> None:
    assert pip_wheel.index_urls({"no-index": "true", "index-url": "http://x"}) == []
