"""One thing, one word: what the code calls a state, an order or a command is in the glossary."""

import enum
import importlib
import pkgutil
import re
from pathlib import Path
from typing import get_args

import pytest
from jobnet.engine.orders import Order
from jobnet.engine.states import State
from jobnet.ports.store.plan import PlanState
from jobnet.wire.plan import EntryState
from typer import Typer
from typer.main import get_command

ROOT = Path(__file__).resolve().parents[2]
WORDS_OF = ("states", "orders", "results", "timers")


def words() -> frozenset[str]:
    """Return everything that the glossary sets in code or bold type, in lower case."""
    text = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    marked = re.findall(r"`([^`\n]+)`|\*\*([^*\n]+)\*\*", text)
    capitals = re.findall(r"\b[A-Z]{4,}(?:_[A-Z]+)*\b", text)
    return frozenset(word.lower() for pair in marked for word in pair if word) | {
        word.lower() for word in capitals
    }


def vocabularies() -> dict[str, frozenset[str]]:
    """Return the members of every enumeration in the modules of the engine that hold its words."""
    return {
        f"{module}.{name}": frozenset(member.name.lower() for member in value)
        for module in WORDS_OF
        for name, value in vars(importlib.import_module(f"jobnet.engine.{module}")).items()
        if isinstance(value, type) and issubclass(value, enum.Enum) and list(value)
    }


def first_column(title: str) -> list[str]:
    """Return what the first column of the first table below a heading names."""
    text = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    section = re.split(r"^##+ ", text.split(f"\n{title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)
    return re.findall(r"^\| `(\w+)` \|", section[0], flags=re.MULTILINE)


def snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def commands() -> list[str]:
    """Return every command of the CLI as it is typed: ``jobnet play``, ``jobnet run start``."""
    cli = importlib.import_module("jobnet.cli")
    if cli.__file__ is None:
        pytest.skip("there is no CLI yet")
    names = [info.name for info in pkgutil.walk_packages(cli.__path__, "jobnet.cli.")]
    modules = [cli, *(importlib.import_module(name) for name in names)]
    roots = {id(app): app for m in modules if isinstance(app := getattr(m, "app", None), Typer)}
    assert len(roots) == 1, "exactly one Typer of the CLI is called app"
    return typed("jobnet", get_command(*roots.values()))


def typed(name: str, command: object) -> list[str]:
    below = getattr(command, "commands", None)
    if below is None:
        return [name]
    return [line for verb, entry in below.items() for line in typed(f"{name} {verb}", entry)]


def test_every_word_of_the_engine_is_in_the_glossary() -> None:
    known = words()

    unknown = {
        name: sorted(members - known)
        for name, members in vocabularies().items()
        if not members <= known
    }

    assert not unknown, f"docs/glossary.md does not explain: {unknown}"


def test_the_glossary_has_exactly_the_states_of_the_engine() -> None:
    written = first_column("## States")

    assert written == [state.name for state in State]


def test_the_glossary_has_exactly_the_states_of_a_start() -> None:
    written = first_column("### Starts of the plan")

    assert written == ["planned", *(state.value for state in PlanState)]
    assert written == list(get_args(EntryState))


def test_the_glossary_has_exactly_the_orders_of_the_engine() -> None:
    written = first_column("## Orders")
    orders = [snake_case(order.__name__) for order in get_args(Order)]

    assert sorted(written) == sorted(orders)


def test_every_command_is_in_the_glossary() -> None:
    found = commands()

    unknown = sorted(set(found) - words())

    assert found
    assert not unknown


def test_the_glossary_does_not_know_everything() -> None:
    known = words()

    assert "held" in known
    assert "no_such_word" not in known
