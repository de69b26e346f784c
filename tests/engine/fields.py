"""Every field of what is journaled or handed in, with its default, as ``fields.txt`` keeps it.

A journal of an earlier release is read with these names and defaults, so a published field stays
for ever. ``python -m tests.engine.fields`` writes the file anew after fields were added.
"""

from dataclasses import MISSING, Field, fields, is_dataclass
from inspect import getmembers
from pathlib import Path
from types import ModuleType

from jobnet.engine import commands, facts, inputs, orders, results, timers, tracker, waits

FILE = Path(__file__).parent / "fields.txt"
MODULES: tuple[ModuleType, ...] = (
    facts, inputs, orders, results, timers, waits, tracker, commands,
)  # fmt: skip


def lines() -> list[str]:
    """Return one line for each class, sorted."""
    found = {
        f"{kind.__module__.split('.')[2]}.{name}: {_fields(kind)}"
        for module in MODULES
        for name, kind in getmembers(module)
        if isinstance(kind, type)
        and is_dataclass(kind)
        and kind.__module__.startswith("jobnet.engine")
    }
    return sorted(found)


def _fields(kind: type) -> str:
    return ", ".join(_shown(field) for field in fields(kind))


def _shown(field: Field[object]) -> str:
    if field.default_factory is not MISSING:
        return f"{field.name}={field.default_factory()!r}"
    return field.name if field.default is MISSING else f"{field.name}={field.default!r}"


if __name__ == "__main__":
    FILE.write_text("".join(f"{line}\n" for line in lines()), encoding="utf-8")
