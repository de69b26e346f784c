"""Recognises that a job waits for a keyboard, by the last line that it printed.

What Ansible itself asks while plays run (``vars_prompt``, ``pause``) is caught by our
callback plugin, with its name. These are the questions that are asked elsewhere.
"""

import re
from typing import Final

LINE_LENGTH_MAX: Final = 400

_QUESTIONS: Final = (
    (re.compile(r"^BECOME password.*:\s*$"), "the become password"),
    (re.compile(r"^\w*SU(DO)? password.*:\s*$"), "the become password"),
    (
        re.compile(r"^(SSH|PSRP|WINRM|CONNECTION) password.*:\s*$", re.IGNORECASE),
        "the connection password",
    ),
    (re.compile(r"^(New )?Vault password.*:\s*$", re.IGNORECASE), "the vault password"),
    (re.compile(r"Enter passphrase for .*:\s*$"), "the passphrase of an ssh key"),
    (re.compile(r"\(yes/no(/\[fingerprint\])?\)\?\s*$"), "the host key to be accepted"),
    (re.compile(r"^\S+'s password:\s*$"), "the ssh password"),
    (re.compile(r"^\[sudo\] .*:\s*$"), "the sudo password"),
    (re.compile(r"\(debug\)>\s*$"), "a debugger command"),
)


def asked_for(last_line: str) -> str | None:
    """Return what an unfinished last line asks for, or None if it is no known question."""
    line = last_line[-LINE_LENGTH_MAX:]
    return next((name for question, name in _QUESTIONS if question.search(line)), None)


def prompt_message(name: str) -> str:
    """Return the sentence that ends a job which asked."""
    return f"asks for {name}; give it in `vars`, or use a dialog"
