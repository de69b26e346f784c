"""A folder of definitions and a controller that they are applied to."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent

from jobnet.ids import OperatorName
from jobnet.ports.store import Store
from jobnet.services.controller.apply_plan import ApplyPlan
from jobnet.services.controller.definitions import Definitions
from jobnet.storage import SqlitePlace, open_store

ANN = OperatorName("ann")
HELLO = "kind: network\nname: hello\nflow:\n  - wait_for: 1s\n"
QUEUE = "kind: queue\nname: backup\nlimit: 2\n"


@contextmanager
def opened(folder: Path) -> Iterator[Store]:
    store = open_store(SqlitePlace(path=folder / "jobnet.sqlite3"))
    try:
        yield store
    finally:
        store.close()


class Desk:
    """Somebody who writes files below ``folder`` and applies them."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.folder = folder / "project"
        self.folder.mkdir(exist_ok=True)
        self.store = store
        self.definitions = Definitions(store, home=folder / "home")

    def write(self, name: str, text: str) -> Path:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text), encoding="utf-8")
        return file

    def apply(self, *names: str, prune: bool = False) -> ApplyPlan:
        paths = [self.folder / name for name in names or ("",)]
        return self.definitions.apply(paths, by=ANN, reason="test", prune=prune)


def told(plan: ApplyPlan) -> list[str]:
    """Return what becomes of each document, one line each."""
    return [f"{one.change} {one.kind} {one.name}" for one in plan.documents]
