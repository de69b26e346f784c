"""Says whether a database is sound: the file itself, its journals, and the rows made of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from jobnet.errors import ControllerError
from jobnet.ids import RunId
from jobnet.ports.store import Store
from jobnet.ports.store.lists import Cursor, RunFilter
from jobnet.services.controller.rebuilding import Rebuilding

LINES_MAX = 100
RUNS_A_PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What is wrong, a line each, and how many runs were replayed."""

    problems: tuple[str, ...]
    replayed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """What was wrong with a run; ``problem`` says why nothing could be done about it."""

    run: RunId
    what: tuple[str, ...] = ()
    problem: str = ""


class Checking:
    """Looks at what is kept."""

    def __init__(self, store: Store, rebuilding: Rebuilding) -> None:
        self._store, self._rebuilding = store, rebuilding

    def look(self, *, runs: int) -> Checked:
        """Return what is wrong; the journals of so many of the latest runs are replayed."""
        damage = self._store.read(lambda tx: tx.soundness.damage(LINES_MAX))
        found = [f"the file: {line}" for line in damage]
        gaps = self._store.read(lambda tx: tx.soundness.incomplete_journals(LINES_MAX))
        found += [f"{run}: its journal is not as long as its row says" for run in gaps]
        replayed = 0
        for run in self._latest(runs):
            replayed += 1
            found += self._of_run(run)
        return Checked(problems=tuple(found), replayed=replayed)

    def mend_all(self) -> Iterator[Mended]:
        """Make the rows of all runs anew; yield those with which something was wrong."""
        for run in self._latest(None):
            yield from self.mend(run)

    def mend(self, run: RunId) -> Iterator[Mended]:
        """Make the rows of one run anew; yield it if something was wrong."""
        try:
            wrong = self._rebuilding.mend(run)
        except ControllerError as error:
            yield Mended(run=run, problem=str(error))
            return
        if wrong is not None:
            yield Mended(run=run, what=wrong.what)

    def _of_run(self, run: RunId) -> Iterator[str]:
        try:
            wrong = self._rebuilding.look(run)
        except ControllerError as error:
            yield f"{run}: {error}"
            return
        if wrong is not None:
            yield f"{run}: {', '.join(wrong.what)} differ from its journal"

    def _latest(self, count: int | None) -> Iterator[RunId]:
        """Yield the latest runs, all of them where no number is given."""
        after: Cursor | None = None
        left = count
        while left is None or left > 0:
            place = after
            limit = RUNS_A_PAGE if left is None else min(left, RUNS_A_PAGE)
            rows = self._store.read(
                lambda tx: tx.lists.runs(RunFilter(), after=place, limit=limit)  # noqa: B023
            )
            if not rows:
                return
            yield from (row.run for row in rows)
            after = Cursor(at=rows[-1].created_at, id=rows[-1].run)
            left = None if left is None else left - len(rows)
