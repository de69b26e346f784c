"""Explains an operating day of a schedule: for every rule why it starts something, or why not."""

from dataclasses import dataclass
from datetime import date

from jobnet.calendars.resolution import no_candidate_step
from jobnet.schedules.occurrence import Occurrence, OccurrenceEnd
from jobnet.schedules.planning import CompiledRule, Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleExplanation:
    """What one rule (counted from 0) has to say about a day.

    ``steps`` are the ways of its candidates; ``occurrences`` are what becomes of this day's.
    """

    rule: int
    steps: tuple[str, ...]
    occurrences: tuple[Occurrence, ...]

    @property
    def matches(self) -> bool:
        """Whether the rule starts something on this day."""
        return any(one.end is OccurrenceEnd.PLANNED for one in self.occurrences)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayExplanation:
    """Why a schedule starts something on a day, or not; ``steps`` are about the schedule."""

    schedule: str
    day: date
    steps: tuple[str, ...]
    rules: tuple[RuleExplanation, ...]

    @property
    def matches(self) -> bool:
        """Whether the schedule starts something on this day."""
        return any(rule.matches for rule in self.rules)


def explain_rule(plan: Plan, rule: CompiledRule, ordinal: int) -> RuleExplanation:
    """Return why a rule has starts on a day; a candidate that moved away is followed."""
    days = rule.days
    absent = plan.absences.between(ordinal, ordinal)
    ways = days.ways(ordinal, ordinal)
    steps = [step for way in ways for step in days.steps(way)]
    if ways and (absence := absent.get(ordinal)) is not None:
        steps.append(absence.step)
    if not ways and days.candidates(ordinal, ordinal):
        steps.extend(days.steps(days.way_of(ordinal)))
    if not steps:
        steps.append(no_candidate_step(date.fromordinal(ordinal), days.calendar))
    found = tuple(one for way in ways for one in plan.of_way(rule, way, absent, None))
    return RuleExplanation(rule=rule.place, steps=tuple(steps), occurrences=found)
