"""Reads what was typed about a rerun: which run, from where, with what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jobnet.engine.orders import Rerun, RerunFrom
from jobnet.errors.reruns import RerunOptionsRefused
from jobnet.ids import HostName, PartKey

FAILED_HOSTS = "failed"
ELSE = "else"


@dataclass(frozen=True, slots=True, kw_only=True)
class RerunOptions:
    """What was typed; ``run`` None: the last run of the network."""

    run: str | None = None
    from_parts: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    failed: bool = False
    after_failed: bool = False
    warning: bool = False
    cases: tuple[str, ...] = ()
    held: bool = False
    current: bool = False
    yes: bool = False

    @property
    def is_asked_for(self) -> bool:
        """Return whether a rerun is meant at all."""
        chosen = (self.run is not None, self.from_parts, self.only)
        return any((*chosen, self.failed, self.after_failed, self.warning))


def refuse_without_run(options: RerunOptions, *, but_current: bool = False) -> None:
    """Refuse what only a rerun can take; a run that was cut off may take ``--current``, too."""
    for name, is_given in (
        ("--case", options.cases),
        ("--held", options.held),
        ("--current", options.current and not but_current),
    ):
        if is_given:
            raise RerunOptionsRefused(f"{name} belongs to a rerun, and no run is named")


def rerun_order(options: RerunOptions, hosts: str | None, params: Mapping[str, object]) -> Rerun:
    """Return the order; without a word about where, the whole run is run again."""
    starts = [
        (RerunFrom.PART, bool(options.from_parts)),
        (RerunFrom.ONLY, bool(options.only)),
        (RerunFrom.FAILED, options.failed),
        (RerunFrom.AFTER_FAILED, options.after_failed),
        (RerunFrom.WARNING, options.warning),
    ]
    chosen = [start for start, is_given in starts if is_given]
    if len(chosen) > 1:
        names = "--from, --only, --failed, --after-failed and --warning"
        raise RerunOptionsRefused(f"Of {names} only one can be given")
    start = chosen[0] if chosen else RerunFrom.WHOLE
    is_failed_only = hosts == FAILED_HOSTS
    return Rerun(
        start=start,
        parts=tuple(PartKey(part) for part in (*options.from_parts, *options.only)),
        params=params,
        failed_hosts_only=is_failed_only,
        held=options.held,
        cases=_cases(options.cases),
        hosts=() if hosts is None or is_failed_only else _hosts(hosts),
    )


def _hosts(text: str) -> tuple[HostName, ...]:
    names = [name.strip() for name in text.split(",")]
    if not all(names):
        raise RerunOptionsRefused("--hosts takes failed, or names of hosts with commas between")
    return tuple(HostName(name) for name in names)


def _cases(texts: Sequence[str]) -> Mapping[PartKey, str]:
    found = {}
    for text in texts:
        part, equals, case = text.rpartition("=")
        is_number = case.isascii() and case.isdecimal() and int(case[:9]) >= 1
        if not equals or not part or not (is_number or case == ELSE):
            problem = f"--case {text[:80]!r} is none; write PART=1 for its first case, or PART=else"
            raise RerunOptionsRefused(problem)
        found[PartKey(part)] = ELSE if case == ELSE else f"case{int(case[:9]) - 1}"
    return found
