"""Says how much of a job is kept, and cuts what is more, visibly.

Every limit has a name here. A cut is never silent: the text ends with a mark and the
result's ``cuts`` names the place. What is cut from outputs lies in full in the spool.
"""

from collections.abc import Mapping
from dataclasses import dataclass

MESSAGE_CHARS_MAX = 200
HOSTS_MAX = 1_000
OUTPUTS_BYTES_MAX = 64 * 1024
HOST_RESULTS_BYTES_MAX = 64 * 1024
HOST_VARS_BYTES_MAX = 64 * 1024
WHOLE_OUTPUTS_BYTES_MAX = 16 * 1024 * 1024
OUTPUT_HEAD_BYTES_MAX = 8 * 1024 * 1024
OUTPUT_TAIL_BYTES_MAX = 8 * 1024 * 1024
EVENTS_MAX = 20_000
EVENTS_BYTES_MAX = 32 * 1024 * 1024
EVENT_RESULT_CHARS_MAX = 64 * 1024
RECORDS_BYTES_MAX = 64 * 1024 * 1024
ARTIFACTS_MAX = 100
ARTIFACT_BYTES_MAX = 1024 * 1024 * 1024
MIRRORED_ENTRIES_MAX = 20_000
NESTING_MAX = 60

_NODE_COST = 8
_MARK = "… [cut, {left} more characters]"


@dataclass(slots=True)
class Allowance:
    """What may still be spent; ``was_cut`` tells whether something had to be left out."""

    left: int
    was_cut: bool = False

    def pay(self, cost: int) -> bool:
        """Take ``cost`` if there is that much left."""
        if cost > self.left:
            self.was_cut = True
            return False
        self.left -= cost
        return True


def shortened(text: str, length_max: int = MESSAGE_CHARS_MAX) -> str:
    """Return ``text`` on one line, at most ``length_max`` characters long.

    What is too long is cut in its middle: Ansible begins with the task and ends with the cause.
    """
    line = " ".join(text.split())
    if len(line) <= length_max:
        return line
    head = length_max // 4
    return f"{line[:head].rstrip()} … {line[head + 3 - length_max :]}"


def cut_value(value: object, allowance: Allowance, depth: int = 0) -> object:
    """Return plain data that fits the allowance: long texts end with a mark, the rest is dropped.

    Keys become text, tuples become lists, and what JSON does not know becomes text.
    """
    if value is None or isinstance(value, bool | int | float):
        return value if allowance.pay(_NODE_COST) else None
    if depth >= NESTING_MAX:
        allowance.was_cut = True
        return "… [cut, nested too deep]"
    if isinstance(value, Mapping):
        return _cut_mapping(value, allowance, depth)
    if isinstance(value, list | tuple):
        return _cut_list(value, allowance, depth)
    return _cut_text(str(value), allowance)


def _cut_mapping(
    value: Mapping[object, object], allowance: Allowance, depth: int
) -> dict[str, object]:
    kept: dict[str, object] = {}
    for key, item in value.items():
        if not allowance.pay(_NODE_COST + len(str(key))):
            break
        kept[str(key)] = cut_value(item, allowance, depth + 1)
    return kept


def _cut_list(
    value: list[object] | tuple[object, ...], allowance: Allowance, depth: int
) -> list[object]:
    kept: list[object] = []
    for item in value:
        if not allowance.pay(_NODE_COST):
            break
        kept.append(cut_value(item, allowance, depth + 1))
    return kept


def _cut_text(text: str, allowance: Allowance) -> str:
    size = len(text.encode(errors="replace"))
    if size <= allowance.left:
        allowance.pay(size)
        return text
    allowance.was_cut = True
    kept = text[: max(0, allowance.left // 4)]
    allowance.left = 0
    return kept + _MARK.format(left=len(text) - len(kept))
