"""Holds what was typed after ``jobnet play``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jobnet.cli.options import Output
from jobnet.cli.rerun_options import RerunOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayOptions:
    """What was typed after ``jobnet play``."""

    target: str | None
    extra: tuple[str, ...]
    answers: tuple[str, ...]
    fast_forward: bool
    at: str | None
    day: str | None
    hosts: str | None
    check: bool
    diff: bool
    is_json: bool
    is_plain: bool
    is_quiet: bool
    is_verbose: bool
    keep: bool
    rerun: RerunOptions = field(default_factory=RerunOptions)
    cut_off: str | None = None


def read_play_options(typed: Mapping[str, Any]) -> PlayOptions:
    """Return the options by the names that the command gives them."""
    rerun = RerunOptions(
        run=typed["rerun"],
        from_parts=tuple(typed["from_parts"] or ()),
        only=tuple(typed["only"] or ()),
        failed=typed["failed"],
        after_failed=typed["after_failed"],
        warning=typed["warning"],
        cases=tuple(typed["case"] or ()),
        held=typed["held"],
        current=typed["current"],
        yes=typed["yes"],
    )
    return PlayOptions(
        target=typed["target"],
        extra=tuple(typed["extra"] or ()),
        answers=tuple(typed["answer"] or ()),
        fast_forward=typed["fast_forward"],
        at=typed["at"],
        day=typed["day"],
        hosts=typed["hosts"],
        check=typed["check"],
        diff=typed["diff"],
        is_json=typed["output"] is Output.JSON,
        is_plain=typed["plain"],
        is_quiet=typed["quiet"],
        is_verbose=typed["verbose"],
        keep=typed["keep"],
        rerun=rerun,
        cut_off=typed["cut_off"],
    )
