"""Finds, in what Ansible printed, the sentence that says why it gave up, with file and line."""

import re
from typing import Final

from jobnet.execution.bounds import shortened

MESSAGE_LENGTH_MAX: Final = 600

_ERROR: Final = re.compile(
    r"^(?:\[ERROR\]|ERROR!|\[FATAL\]|Unexpected Exception.*?|ansible-playbook: error):? ?",
    re.MULTILINE,
)
_ORIGIN: Final = re.compile(r"^Origin: (?P<place>.+)$", re.MULTILINE)
_NO_HOSTS: Final = "leaves us with no hosts to target"
_INVENTORY_TROUBLE: Final = re.compile(
    r"^\[WARNING\]: "
    r"((?:Failed to parse|Unable to parse|Unable to read|No inventory was parsed).*)$",
    re.MULTILINE,
)


def why_ansible_stopped(output: str) -> str:
    """Return Ansible's last error on one line, its place in parentheses; "" if there is none."""
    errors = list(_ERROR.finditer(output))
    if not errors:
        return ""
    text = output[errors[-1].end() :]
    origin = _ORIGIN.search(text)
    end = min(_paragraph_end(text), origin.start() if origin else len(text))
    sentence = shortened(text[:end], MESSAGE_LENGTH_MAX)
    return f"{sentence} ({origin['place'].strip()})" if origin else sentence


def is_empty_limit(output: str) -> bool:
    """Tell whether Ansible stopped because the limit matched no host."""
    return _NO_HOSTS in " ".join(output.split())


def inventory_trouble(output: str) -> str:
    """Return what Ansible warned about the inventory, or ""."""
    found = _INVENTORY_TROUBLE.search(output)
    return shortened(found.group(1), MESSAGE_LENGTH_MAX) if found else ""


def last_lines(output: str) -> str:
    """Return the end of the output on one line, for a program that died without a word."""
    return shortened(output[-MESSAGE_LENGTH_MAX:].strip(), MESSAGE_LENGTH_MAX)


def _paragraph_end(text: str) -> int:
    blank = text.find("\n\n")
    return blank if blank >= 0 else len(text)
