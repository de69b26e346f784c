"""Compares plans: a controller's with what would be applied, or those of two folders."""

from dataclasses import dataclass

from jobnet.cli.applying import ApplyTyped
from jobnet.cli.calling import own_settings
from jobnet.cli.file_sources import texts_of
from jobnet.cli.plan_commands import compare_plans, told_difference
from jobnet.cli.typed import Form
from jobnet.errors.client import CommandUsage
from jobnet.errors.project import DefinitionRefused
from jobnet.machine import MachineClock
from jobnet.services.controller.document_texts import FileTexts
from jobnet.services.controller.plan.diff import plan_diff
from jobnet.services.controller.plan.schedules import ScheduleBook
from jobnet.wire.plan import difference_of


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffTyped:
    """What was typed after ``jobnet schedule diff``: paths for a controller, or two folders."""

    paths: tuple[str, ...]
    prunes: bool
    base: str
    project: str | None
    against: str | None


def compare(wish: DiffTyped, form: Form) -> int:
    """Say how a plan would differ: of a controller, or of one folder from another."""
    if (wish.project is None) != (wish.against is None) or bool(wish.paths) == bool(wish.project):
        problem = "name PATHs to be applied, or two folders by --project and --against"
        raise CommandUsage(problem, command="jobnet schedule diff")
    if wish.project is not None and wish.against is not None:
        return compare_files(wish.project, against=wish.against, form=form)
    return compare_plans(ApplyTyped(paths=wish.paths, base=wish.base, prunes=wish.prunes), form)


def compare_files(project: str, *, against: str, form: Form) -> int:
    """Say how the plan of one folder differs from that of another; the exit status tells."""
    before, after = texts_of(against), texts_of(project)
    _refuse_errors(before, after)
    book = ScheduleBook(before, zone=own_settings().zone)
    found = plan_diff(before.look, book, after.reading, MachineClock(None).now())
    return told_difference(difference_of(found).model_dump(mode="json"), form)


def _refuse_errors(*texts: FileTexts) -> None:
    """Refuse files with errors: what cannot be read would look like starts that are removed."""
    for one in texts:
        if errors := [problem for problem in one.reading.problems if problem.is_error]:
            raise DefinitionRefused(errors)
