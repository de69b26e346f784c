"""Finds the secret of a credential: in the environment of the controller, or in a file beside it.

Nothing of a secret is kept: it is read when a request comes. Credentials that lie elsewhere are
told as a problem, for nothing could be checked with them.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jobnet.project import Reading
from jobnet.project.documents import PlainDocument
from jobnet.project.schedule_bundles import PlannedTrigger
from jobnet.schedules import WebhookCalled, leaves

SECRET_BYTES_MIN: Final = 16
SECRET_BYTES_MAX: Final = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """Where the secret of a credential lies; ``problem`` says why it cannot be had from there."""

    credential: str
    environment: str = ""
    file: str = ""
    problem: str = ""

    def read(self) -> tuple[bytes, str]:
        """Return the secret, or b"" and why there is none."""
        if self.problem:
            return b"", self.problem
        found = _from_file(self.file) if self.file else os.environb.get(self.environment.encode())
        where = f"the file {self.file}" if self.file else f"the variable {self.environment}"
        if found is None:
            return b"", f"{where} of credential {self.credential} cannot be read"
        secret = found.strip(b"\r\n")
        if not SECRET_BYTES_MIN <= len(secret) <= SECRET_BYTES_MAX:
            bounds = f"{SECRET_BYTES_MIN} to {SECRET_BYTES_MAX} bytes"
            return b"", f"{where} of credential {self.credential} does not hold {bounds}"
        return secret, ""


def secrets_of(reading: Reading, planned: Iterable[PlannedTrigger]) -> Mapping[str, Secret]:
    """Return the secrets of the credentials that webhooks name, by qualified name."""
    sources = (leaf.source for one in planned for leaf in leaves(one.condition.when))
    names = {one.credential for one in sources if isinstance(one, WebhookCalled)}
    return {name: _secret(reading, name) for name in sorted(names)}


def _secret(reading: Reading, name: str) -> Secret:
    found = reading.shelf.find("credential", name, "")
    if found is None or not isinstance(found.value, PlainDocument):
        return Secret(credential=name, problem=f"no credential {name} has been applied")
    value = found.value.data.get("value")
    if isinstance(value, Mapping) and isinstance(value.get("env"), str):
        return Secret(credential=name, environment=value["env"])
    if isinstance(value, Mapping) and isinstance(value.get("file"), str):
        return Secret(credential=name, file=str(Path(found.file).parent / value["file"]))
    told = f"the value of credential {name} is neither `env` nor `file`; no other can be read yet"
    return Secret(credential=name, problem=told)


def _from_file(path: str) -> bytes | None:
    try:
        with Path(path).open("rb") as stream:
            return stream.read(SECRET_BYTES_MAX + 3)
    except OSError:
        return None
