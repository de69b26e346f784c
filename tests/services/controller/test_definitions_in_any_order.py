"""Whatever is applied, edited and removed in whatever order, rows and files say the same."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from jobnet.errors.definitions import DefinitionsRefused
from jobnet.ids import EditionId
from jobnet.ports.store.editions import SourceFile
from jobnet.project.cutting import cut_documents
from jobnet.project.folders import qualified
from jobnet.services.controller.definitions import Definitions

from tests.services.controller.applied import ANN, Desk, opened

FILES = ("a.yml", "b.yml", "payroll/a.yml")
NAMES = ("one", "two", "three")
queues = st.builds(
    "{}kind: queue\nname: {}\nlimit: {}\n".format,
    st.sampled_from(["", "# a comment\n"]),
    st.sampled_from(NAMES),
    st.integers(1, 4),
)
texts = st.lists(queues, min_size=1, max_size=2, unique_by=lambda text: text.split("name: ")[1][:3])


class Applying(RuleBasedStateMachine):
    """Somebody at a desk, and what must always be true of what is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.opened = opened(Path(self.folder.name))
        self.store = self.opened.__enter__()
        self.editions: dict[EditionId, object] = {}

    @initialize()
    def begin(self) -> None:
        self.desk = Desk(Path(self.folder.name), self.store)

    def teardown(self) -> None:
        self.opened.__exit__(None, None, None)
        self.folder.cleanup()

    @rule(name=st.sampled_from(FILES), content=texts)
    def write(self, name: str, content: list[str]) -> None:
        self.desk.write(name, "---\n".join(content))

    @rule(name=st.sampled_from(FILES))
    def delete(self, name: str) -> None:
        (self.desk.folder / name).unlink(missing_ok=True)

    @rule(prune=st.booleans())
    def apply(self, *, prune: bool) -> None:
        before = self.desk.definitions.current()
        try:
            plan = self.desk.apply(prune=prune)
        except DefinitionsRefused:
            assert self.desk.definitions.current() == before
        else:
            assert self.desk.definitions.current() == plan.edition
            assert self.desk.apply(prune=prune).edition == plan.edition

    @rule(text=queues)
    def put(self, text: str) -> None:
        name = text.split("name: ")[1].splitlines()[0]
        self.desk.definitions.put("queue", name, text, by=ANN)

        assert self.desk.definitions.documents.find("queue", name).text == text

    @precondition(lambda self: self.desk.definitions.documents.every())
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        row = data.draw(st.sampled_from(list(self.desk.definitions.documents.every())))
        self.desk.definitions.remove("queue", qualified(row.folder, row.name), by=ANN)

    @rule()
    def forget(self) -> None:
        self.desk.definitions = Definitions(self.store, home=Path(self.folder.name) / "home")

    @invariant()
    def rows_are_what_stands_in_the_files(self) -> None:
        if not self.has_begun:
            return
        current = self.desk.definitions.current()
        files = self.files(current)
        rows = self.desk.definitions.documents.every()

        written = [(file.path, cut.text) for file in files for cut in cut_documents(file.text)]
        assert sorted((row.path, row.text) for row in rows) == sorted(written)
        assert len(self.desk.definitions.queues()) == len(rows)
        for row in rows:
            versions = self.desk.definitions.versions("queue", qualified(row.folder, row.name))
            assert [one.version for one in versions] == list(range(len(versions), 0, -1))

    @invariant()
    def no_edition_ever_changes(self) -> None:
        for number in range(1, (self.desk.definitions.current() if self.has_begun else 0) + 1):
            edition = EditionId(number)
            files = self.files(edition)
            assert self.editions.setdefault(edition, files) == files

    def files(self, edition: EditionId) -> list[SourceFile]:
        return list(self.store.read(lambda tx: tx.editions.files(edition)))

    @property
    def has_begun(self) -> bool:
        return hasattr(self, "desk")


def test_rows_and_files_say_the_same_in_any_order() -> None:
    run_state_machine_as_test(
        Applying,
        settings=settings(
            max_examples=12,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
