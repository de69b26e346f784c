"""Writes a JobResult as JSON into the spool, and reads it back for whoever adopts the job."""

import dataclasses
import json

from jobnet.engine.results import HostResult, HostState, JobEnd, JobResult


def result_to_text(result: JobResult) -> str:
    """Return the result as JSON."""
    return to_json(dataclasses.asdict(result))


def to_json(value: object) -> str:
    """Return plain data as JSON; what JSON does not know becomes text."""
    return json.dumps(value, default=str)


def result_from_text(text: str) -> JobResult:
    """Read what ``result_to_text`` wrote."""
    fields = json.loads(text)
    fields["end"] = JobEnd(fields["end"])
    fields["cuts"] = tuple(fields["cuts"])
    fields["hosts"] = {
        name: HostResult(**{**host, "state": HostState(host["state"])})
        for name, host in fields["hosts"].items()
    }
    return JobResult(**fields)
