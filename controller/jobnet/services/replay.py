"""Rebuilds the tracker of a run from its journal, with the definition as it is now.

``evolve`` trusts its definition, so facts about parts that it does not have any more are refused
here, and not shown as a mistake in Jobnet.
"""

from collections.abc import Callable, Iterable, Mapping

from jobnet.calendars import Calendar
from jobnet.definition import Bundle
from jobnet.engine import Tracker, begin, evolve
from jobnet.engine.facts import Fact
from jobnet.errors.pictures import JournalNotReplayed, RunNotBegun
from jobnet.ids import NetworkName
from jobnet.services.journal import facts_from_lines


def replay(
    run: str,
    bundle: Bundle,
    lines: Iterable[str],
    *,
    calendars: Mapping[str, Calendar] | None = None,
    seen: Callable[[Fact, Tracker], None] = lambda _fact, _tracker: None,
) -> Tracker:
    """Return the tracker after all facts.

    Only who goes on with it needs ``calendars``, since nothing is decided here. ``seen`` is
    called for every fact with the tracker that already has it.
    """
    tracker = begin(bundle, calendars or {})
    for entry, fact in enumerate(facts_from_lines(lines), start=1):
        try:
            tracker = evolve(tracker, fact)
            seen(fact, tracker)
        except (AssertionError, LookupError, AttributeError, TypeError, ValueError) as error:
            raise JournalNotReplayed(
                run, network=bundle.main, entry=entry, problem=str(error) or type(error).__name__
            ) from error
    if tracker.run is None:
        raise RunNotBegun(run)
    return tracker


def network_of(run: str, lines: Iterable[str]) -> NetworkName:
    """Return the network that a journal is about, as its first fact says."""
    for fact in facts_from_lines(lines):
        network = getattr(fact, "network", None)
        if network is not None:
            return NetworkName(network)
        break
    raise RunNotBegun(run)
