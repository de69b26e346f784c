"""One thing, one word: what the code calls a state, an order or a command is in the glossary."""

import enum
import importlib
import pkgutil
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
VOCABULARY = ("engine",)


def words() -> frozenset[str]:
    """Return everything that the glossary sets in code or bold type, in lower case."""
    text = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    marked = re.findall(r"`([^`\n]+)`|\*\*([^*\n]+)\*\*", text)
    capitals = re.findall(r"\b[A-Z]{4,}(?:_[A-Z]+)*\b", text)
    return frozenset(word.lower() for pair in marked for word in pair if word) | {
        word.lower() for word in capitals
    }


def modules_of(package: str) -> list[ModuleType]:
    """Import every module of a package of ours."""
    root = importlib.import_module(f"jobnet.{package}")
    names = [info.name for info in pkgutil.walk_packages(root.__path__, f"{root.__name__}.")]
    return [root, *(importlib.import_module(name) for name in names)]


def vocabularies() -> dict[str, type[enum.Enum]]:
    """Return every public enumeration of the engine: states, reasons, classes, orders."""
    found: dict[str, type[enum.Enum]] = {}
    for package in VOCABULARY:
        for module in modules_of(package):
            for name, value in vars(module).items():
                is_enum = isinstance(value, type) and issubclass(value, enum.Enum)
                if is_enum and value.__module__ == module.__name__ and not name.startswith("_"):
                    found[f"{module.__name__}.{name}"] = value
    return found


def commands() -> list[str]:
    """Return every command of the CLI as it is typed: ``jobnet play``, ``jobnet run start``."""
    typer = pytest.importorskip("typer")
    cli = pytest.importorskip("jobnet.cli", reason="there is no CLI yet")
    return typed("jobnet", typer.main.get_command(cli.app))


def typed(name: str, command: object) -> list[str]:
    below = getattr(command, "commands", None)
    if below is None:
        return [name]
    return [line for verb, entry in below.items() for line in typed(f"{name} {verb}", entry)]


def test_every_word_of_the_engine_is_in_the_glossary() -> None:
    known = words()

    unknown = {
        name: missing
        for name, vocabulary in vocabularies().items()
        if (missing := sorted({str(member.value).lower() for member in vocabulary} - known))
    }

    assert not unknown, f"docs/glossary.md does not explain: {unknown}"


def test_every_command_is_in_the_glossary() -> None:
    found = commands()

    unknown = sorted(set(found) - words())

    assert found
    assert not unknown


def test_no_word_stands_for_two_states() -> None:
    text = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    section = text.split("## States", 1)[1].split("### ", 1)[0]

    states = re.findall(r"^\| `([A-Z_]+)` \|", section, flags=re.MULTILINE)

    assert len(states) == len(set(states)) == 19


def test_the_glossary_does_not_know_everything() -> None:
    known = words()

    assert "held" in known
    assert "no_such_word" not in known
