"""Counts what a monitoring system wants to know: what is open, what waits, what went wrong."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from jobnet.ports.store import Transaction
from jobnet.ports.warmth import Warmth
from jobnet.services.controller.plan.firing import PlanCounts
from jobnet.services.controller.plan.keeper import PlanHealth
from jobnet.services.controller.views.status import lines
from jobnet.services.controller.working import HealthReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One number; ``is_total`` only ever grows while the process lives."""

    name: str
    about: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)
    is_total: bool = False


def measures_of_store(tx: Transaction) -> tuple[Measure, ...]:
    """Return what the database says at one instant."""
    return (*_runs(tx), *_errands(tx), *_lines(tx))


def _runs(tx: Transaction) -> Iterator[Measure]:
    states = Counter(row.state.value for row in tx.runs.unended())
    yield Measure(name="open_runs", about="Runs that have not ended.", value=states.total())
    for state, count in sorted(states.items()):
        yield Measure(
            name="open_runs_by_state",
            about="Runs that have not ended, by state.",
            value=count,
            labels={"state": state},
        )
    waiting = len(tx.runs.with_inputs())
    about = "Runs that have something in their inbox."
    yield Measure(name="runs_with_inputs", about=about, value=waiting)
    edition = tx.editions.current().id
    yield Measure(name="edition", about="The edition of all definitions that holds.", value=edition)


def _errands(tx: Transaction) -> Iterator[Measure]:
    jobs = tx.errands.jobs()
    begun = sum(1 for row in jobs if row.has_begun)
    yield Measure(name="jobs_running", about="Unit jobs that have begun.", value=begun)
    about = "Unit jobs that were ordered and have not begun."
    yield Measure(name="jobs_starting", about=about, value=len(jobs) - begun)
    dialogs = len(tx.errands.dialogs())
    yield Measure(name="open_dialogs", about="Dialogs that wait for an answer.", value=dialogs)
    messages = len(tx.errands.messages())
    yield Measure(name="unsent_messages", about="Messages that wait to be sent.", value=messages)


def _lines(tx: Transaction) -> Iterator[Measure]:
    for line in lines(tx.errands.slots()):
        labels = {"queue": line.queue}
        about = "Jobs that hold a slot of a queue."
        yield Measure(name="queue_running", about=about, value=line.holding, labels=labels)
        about = "Jobs that stand in the line of a queue."
        yield Measure(name="queue_waiting", about=about, value=line.waiting, labels=labels)


def measures_of_health(report: HealthReport) -> Iterator[Measure]:
    """Yield what went wrong since the process began; a good controller has only zeros here."""
    yield Measure(
        name="sweeps_found",
        about="What sweeps have found that nobody had announced.",
        value=sum(report.swept.values()),
        is_total=True,
    )
    about = "Faults that workers have met."
    for worker, count in sorted(report.faults.items()):
        labels = {"worker": worker}
        yield Measure(name="worker_faults", about=about, value=count, labels=labels, is_total=True)
    away = len(report.away)
    yield Measure(name="workers_without_database", about="Workers without database.", value=away)


def measures_of_warmth(warmth: Warmth) -> Iterator[Measure]:
    """Yield how unit jobs were started since the process began."""
    about = "Unit jobs that were started warm."
    yield Measure(name="warm_starts", about=about, value=warmth.warm, is_total=True)
    for reason, count in sorted(warmth.cold.items()):
        yield Measure(
            name="cold_starts",
            about="Unit jobs that were started cold, by reason.",
            value=count,
            labels={"reason": reason.value},
            is_total=True,
        )


def measures_of_plan(counts: PlanCounts, health: PlanHealth) -> Iterator[Measure]:
    """Yield what has become of planned starts since the process began, and how the plan is."""
    totals = {
        "planned_starts_fired": ("Planned starts whose run was started.", counts.fired),
        "planned_starts_missed": ("Planned starts that were missed.", counts.missed),
        "planned_starts_asked": ("Planned starts that wait for somebody's word.", counts.asked),
        "planned_starts_late_seconds": (
            "Seconds from planned starts to their runs, all together.",
            counts.seconds_late,
        ),
    }
    for name, (about, value) in totals.items():
        yield Measure(name=name, about=about, value=value, is_total=True)
    about = "The longest time from a planned start to its run."
    yield Measure(name="planned_start_late_seconds_max", about=about, value=counts.seconds_late_max)
    about = "Schedules whose starts nobody knows."
    yield Measure(name="silent_schedules", about=about, value=len(health.problems))
