"""Reads the fields of a request for an order: text from outside becomes values, or a refusal."""

from collections.abc import Mapping

from jobnet.engine import Tracker
from jobnet.engine.orders import Rerun, RerunFrom
from jobnet.errors import ControllerError
from jobnet.ids import HostName, PartKey
from jobnet.services.reruns import changed_params

FAILED_HOSTS = "failed"
NAME_MAX = 1000
_FIELDS = ("part", "start", "hosts", "held", "params")
_OF_PARTS = frozenset({RerunFrom.PART, RerunFrom.ONLY})


class RequestUnfit(Exception):
    """A request that cannot be taken; the text says why."""


def text_of(request: Mapping[str, object], name: str, length_max: int) -> str:
    """Return a text of a request."""
    value = request.get(name)
    if not isinstance(value, str) or not value or len(value) > length_max:
        raise RequestUnfit(f"{name} is no text of 1 to {length_max} characters")
    return value


def read_rerun(given: Mapping[str, object], tracker: Tracker) -> Rerun:
    """Return the order; of a part it means this one and all after it, else the failed parts."""
    for each in given:
        if each not in _FIELDS:
            raise RequestUnfit(f"rerun takes no {str(each)[:40]!r}, only {', '.join(_FIELDS)}")
    parts = (PartKey(text_of(given, "part", NAME_MAX)),) if "part" in given else ()
    start = _start(given, has_part=bool(parts))
    hosts = text_of(given, "hosts", NAME_MAX).split(",") if "hosts" in given else []
    names = tuple(HostName(name.strip()) for name in hosts if name.strip())
    held = given.get("held", False)
    if not isinstance(held, bool):
        raise RequestUnfit("held is neither true nor false")
    is_failed_only = names == (FAILED_HOSTS,)
    return Rerun(
        start=start,
        parts=parts,
        params=_params(given.get("params", {}), tracker),
        failed_hosts_only=is_failed_only,
        held=held,
        hosts=() if is_failed_only else names,
    )


def _start(given: Mapping[str, object], *, has_part: bool) -> RerunFrom:
    if "start" not in given:
        return RerunFrom.PART if has_part else RerunFrom.FAILED
    word = text_of(given, "start", NAME_MAX).replace("-", "_")
    if word not in set(RerunFrom):
        raise RequestUnfit(f"start is none of {', '.join(each.value for each in RerunFrom)}")
    start = RerunFrom(word)
    if (start in _OF_PARTS) is not has_part:
        with_part = "needs" if start in _OF_PARTS else "takes no"
        raise RequestUnfit(f"rerun {start.value} {with_part} part")
    return start


def _params(given: object, tracker: Tracker) -> Mapping[str, object]:
    if not isinstance(given, dict) or not all(isinstance(name, str) for name in given):
        raise RequestUnfit("params is no JSON object")
    assert tracker.run is not None, "the run has begun"
    try:
        return changed_params(tracker.layout.bundle.network, tracker.run.params, given)
    except ControllerError as error:
        raise RequestUnfit(str(error).rstrip(".")) from error
