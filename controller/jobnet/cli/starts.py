"""Says how many unit jobs of a run were started warm, and why the others were not."""

from collections.abc import Iterator

from jobnet.cli.wording import shown
from jobnet.ports.warmth import WORDS, Warmth

TOLD_MAX = 300


def starts_document(warmth: Warmth) -> dict[str, object]:
    """Return the counts for programs; reasons that did not occur are left out."""
    cold = {reason.value: number for reason, number in warmth.cold.items()}
    told = {reason.value: text for reason, text in warmth.told.items()}
    return {"warm": warmth.warm, "cold": cold, "told": told}


def start_lines(warmth: Warmth) -> Iterator[str]:
    """Yield the counts for people; nothing where no job was started."""
    if not warmth.jobs:
        return
    yield f"starts: {warmth.warm} warm, {warmth.jobs - warmth.warm} cold"
    for reason, number in warmth.cold.items():
        words, told = WORDS[reason], warmth.told.get(reason, "")
        more = f": {shown(told, length_max=TOLD_MAX)}" if told not in {"", words} else ""
        yield f"  {number} cold: {words}{more}"
