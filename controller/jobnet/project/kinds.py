"""Decides which of the parts an item of a flow is, where its keys alone do not say it.

Three words mean one thing to Ansible and another to Jobnet: ``wait_for`` is Ansible's module
with a mapping, ``k=v`` or ``hosts``, and a wait with a bare duration; ``notify`` is Ansible's
beside a module; ``block`` holds parts here and tasks inside ``tasks``.
"""

import re
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from functools import lru_cache

from jobnet.project.keywords import (
    BLOCK_ONLY,
    BUILTIN_MODULES,
    BUILTIN_PREFIXES,
    OTHER_KINDS,
    PART_ATTRIBUTES,
    PLAY_KEYWORDS,
    TASK_KEYWORDS,
    UNIT_ATTRIBUTES,
    UNIT_SHAPES,
)
from jobnet.project.nodes import Node, Scalar
from jobnet.project.suggestions import nearest, shown

MODULE = "module"
KEYS_MAX = 200
LIKENESS_OF_TYPO = 0.8
FULL_NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*){2,}\Z")
SHORT_NAME = re.compile(r"[A-Za-z_]\w*\Z")
KNOWN_KEYS = PART_ATTRIBUTES | UNIT_ATTRIBUTES | PLAY_KEYWORDS | TASK_KEYWORDS | BLOCK_ONLY
ACTIONS = ("action", "local_action")
ALL_WORDS = sorted(KNOWN_KEYS | set(OTHER_KINDS) | set(UNIT_SHAPES))


@dataclass(frozen=True, slots=True)
class Kind:
    """What an item is; ``module`` is the key of its module if it is a single task."""

    name: str
    module: str = ""


@dataclass(frozen=True, slots=True)
class NoKind:
    """Why an item is no part: the key to point at, what is wrong, what would be right."""

    code: str
    key: str
    what: str
    hint: str


def kind_of(pairs: MappingOf[str, tuple[Scalar, Node]]) -> Kind | NoKind:
    """Return what the item is, or why nobody can tell."""
    if len(pairs) > KEYS_MAX:
        what = f"A part with more than {KEYS_MAX} keys"
        return NoKind("too_many_keys", next(iter(pairs)), what, "Put data into `vars` or files")
    kinds = [key for key in (*UNIT_SHAPES, *OTHER_KINDS) if key in pairs]
    unknown = [key for key in pairs if _may_be_module(key)]
    modules = [key for key in unknown if is_module_name(key)]
    if kinds:  # its own words stand beside it: only what is surely a module is a second kind
        modules = [key for key in modules if key in BUILTIN_MODULES or FULL_NAME.match(key)]
    modules += [key for key in ACTIONS if key in pairs]
    if "wait_for" in kinds and _is_module_wait(pairs):
        kinds.remove("wait_for")
        modules.append("wait_for")
    if "notify" in kinds and (len(kinds) > 1 or modules):
        kinds.remove("notify")
    if len(kinds) + len(modules) > 1:
        return _several(kinds, modules)
    if kinds:
        return Kind(kinds[0])
    return Kind(MODULE, modules[0]) if modules else _none(pairs, unknown)


def _may_be_module(key: str) -> bool:
    return not (
        key in KNOWN_KEYS
        or key in OTHER_KINDS
        or key in UNIT_SHAPES
        or key == "args"
        or key.startswith("with_")
    )


def is_module_name(key: str) -> bool:
    """Return whether a key can be the name of a module rather than a misspelt word."""
    if FULL_NAME.match(key):
        return True
    if not SHORT_NAME.match(key):
        return False
    return key in BUILTIN_MODULES or not _is_like_a_word(key)


@lru_cache(maxsize=256)
def _is_like_a_word(key: str) -> bool:
    return nearest(key, ALL_WORDS, likeness_min=LIKENESS_OF_TYPO) is not None


def unknown_builtin(module: str) -> str | None:
    """Return the module that was meant where ansible-core surely has none of this name."""
    for prefix in BUILTIN_PREFIXES[:1]:
        short = module.removeprefix(prefix)
        if short != module and short not in BUILTIN_MODULES:
            return nearest(short, BUILTIN_MODULES) or ""
    return None


def _is_module_wait(pairs: MappingOf[str, tuple[Scalar, Node]]) -> bool:
    value = pairs["wait_for"][1]
    if "hosts" in pairs or not isinstance(value, Scalar):
        return True
    return bool(re.match(r"\s*\w+\s*=", value.value))


def _several(kinds: list[str], modules: list[str]) -> NoKind:
    first, second = (*kinds, *modules)[:2]
    what = f"`{first}` and `{shown(second)}` stand in one part"
    near = nearest(second, ALL_WORDS) if modules and second not in BUILTIN_MODULES else None
    hint = f"Did you mean `{near}`?" if near else "Write a part for each of them"
    return NoKind("several_kinds", second, what, hint)


def _none(pairs: MappingOf[str, tuple[Scalar, Node]], unknown: list[str]) -> NoKind:
    if unknown:
        near = nearest(unknown[0], (*ALL_WORDS, *BUILTIN_MODULES))
        hint = f"Did you mean `{near}`?" if near else "Write a module or a kind of part"
        return NoKind("unknown_key", unknown[0], f"`{shown(unknown[0])}` is not known here", hint)
    hint = "Add a module, tasks, role, playbook, job, or one of: " + ", ".join(OTHER_KINDS)
    first = next(iter(pairs), "")
    return NoKind("no_kind", first, "Nothing here says what this part does", hint)
