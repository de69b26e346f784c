"""Composes the value of ``--limit`` from the part's own limit and the hosts of a retry."""

import ipaddress
import re
from pathlib import Path

from jobnet.ids import HostName

# As ansible-core splits a pattern without commas: at colons outside of brackets.
_PIECE = re.compile(r"(?:[^\s:\[\]]|\[[^\]]*\])+")


def limit_argument(limit: str | None, only_hosts: tuple[HostName, ...], file: Path) -> str | None:
    """Return the pattern, or None for no limit; only_hosts narrows and never widens.

    The hosts go into ``file`` as one anchored expression: a command line has a length, and
    a host that has left the inventory must not come back by being named.
    """
    if not only_hosts:
        return limit
    names = "|".join(_escaped(host) for host in only_hosts)
    file.write_text(f"&~^({names})$")
    return ",".join([*_pieces(limit or ""), f"@{file}"])


def _pieces(pattern: str) -> list[str]:
    if "," in pattern:
        return [piece.strip() for piece in pattern.split(",") if piece.strip()]
    try:
        ipaddress.ip_address(pattern)
    except ValueError:
        return _PIECE.findall(pattern)
    return [pattern]


def _escaped(text: str) -> str:
    return "".join(c if c.isalnum() and c.isascii() else f"\\U{ord(c):08x}" for c in text)
