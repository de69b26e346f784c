"""Fetches the pinned pip wheel with the standard library alone.

Debian's Python comes without ensurepip, so ``.venv`` starts without pip. The wheel is looked
for where pip itself would look: the index, certificate and proxy that the environment or a
``pip.conf`` names. Its hash is pinned here, so it does not matter which mirror answers.
"""

import configparser
import hashlib
import os
import re
import ssl
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from pathlib import Path

WHEEL = "pip-26.3-py3-none-any.whl"
WHEEL_SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"
PUBLIC_INDEX = "https://pypi.org/simple"
TIMEOUT_SECONDS = 30
PAGE_BYTES_MAX = 50_000_000


class NoWheel(Exception):
    """No index gave the wheel; the text says what each of them answered."""


def fetch_wheel(folder: Path) -> Path:
    """Return the path of the checked wheel in ``folder``; the first index that has it wins."""
    settings = pip_settings()
    opener = _opener(settings)
    answers = []
    for index in index_urls(settings):
        try:
            content = _download(index, opener)
        except (OSError, ValueError, LookupError) as error:
            answers.append(f"{_without_password(index)}: {_reason(error)}")
            continue
        target = folder / WHEEL
        target.write_bytes(content)
        return target
    raise NoWheel("; ".join(answers))


def pip_settings() -> dict[str, str]:
    """Return pip's settings; the environment wins over the user's file over the machine's."""
    settings: dict[str, str] = {}
    for path in _config_files():
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read(path, encoding="utf-8")
        except (OSError, configparser.Error, UnicodeDecodeError):
            continue  # pip itself will name what is wrong with the file
        for section in ("global", "install"):
            if parser.has_section(section):
                settings.update({k.replace("_", "-"): v for k, v in parser.items(section)})
    for name, value in os.environ.items():
        if name.startswith("PIP_") and value:
            settings[name[4:].lower().replace("_", "-")] = value
    return settings


def index_urls(settings: dict[str, str]) -> list[str]:
    """Return the indexes in the order in which pip names them."""
    if settings.get("no-index", "").lower() in {"1", "true", "yes", "on"}:
        return []
    urls = [settings.get("index-url", PUBLIC_INDEX), *settings.get("extra-index-url", "").split()]
    return [url.strip().rstrip("/") for url in urls if url.strip()]


def _config_files() -> list[Path]:
    named = os.environ.get("PIP_CONFIG_FILE")
    if named == os.devnull:
        return []
    machine = os.environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
    home = Path(os.environ.get("HOME") or "/nonexistent")
    user = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    files = [Path(part) / "pip/pip.conf" for part in machine.split(os.pathsep)]
    files += [Path("/etc/pip.conf"), home / ".pip/pip.conf", user / "pip/pip.conf"]
    return [*files, Path(named)] if named else files


def _opener(settings: dict[str, str]) -> urllib.request.OpenerDirector:
    context = ssl.create_default_context()
    authority = settings.get("cert") or os.environ.get("REQUESTS_CA_BUNDLE")
    if authority:
        path = Path(authority)
        context.load_verify_locations(**{"capath" if path.is_dir() else "cafile": authority})
    handlers: list[urllib.request.BaseHandler] = [urllib.request.HTTPSHandler(context=context)]
    if settings.get("proxy"):
        proxy = settings["proxy"]
        handlers.append(urllib.request.ProxyHandler({"http": proxy, "https": proxy}))
    return urllib.request.build_opener(*handlers)


def _download(index: str, opener: urllib.request.OpenerDirector) -> bytes:
    page = f"{index}/pip/" + ("index.html" if index.startswith("file:") else "")
    text, page = _get(page, opener)
    links = _Links()
    links.feed(text.decode("utf-8", "replace"))
    for link in links.found:
        url = urllib.parse.urldefrag(urllib.parse.urljoin(page, link)).url
        if urllib.parse.unquote(url).endswith("/" + WHEEL):
            content, _ = _get(url, opener)
            if hashlib.sha256(content).hexdigest() != WHEEL_SHA256:
                raise ValueError(f"{WHEEL} there is not the file that this project knows")
            return content
    raise LookupError(f"it has no {WHEEL}")


def _get(url: str, opener: urllib.request.OpenerDirector) -> tuple[bytes, str]:
    """Return the body and the address it came from in the end; a login in the URL is sent."""
    parts = urllib.parse.urlsplit(url)
    request = urllib.request.Request(  # noqa: S310 - http, https and file are pip's own schemes
        _without_password(url), headers={"Accept": "text/html"}
    )
    if parts.username:
        manager = urllib.request.HTTPPasswordMgrWithPriorAuth()
        manager.add_password(
            None,
            _without_password(f"{parts.scheme}://{parts.netloc}"),
            urllib.parse.unquote(parts.username),
            urllib.parse.unquote(parts.password or ""),
            is_authenticated=True,
        )
        opener.add_handler(urllib.request.HTTPBasicAuthHandler(manager))
    with opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
        return answer.read(PAGE_BYTES_MAX), answer.geturl()


def _without_password(url: str) -> str:
    return re.sub(r"//[^/@]*@", "//", url)


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"it answered {error.code} {error.reason}"
    return str(getattr(error, "reason", "") or error)


class _Links(HTMLParser):
    """Collects the addresses of a page of the simple index."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]
