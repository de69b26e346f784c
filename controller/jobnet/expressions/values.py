"""Says what a value is: what may go in, how it is weighed, copied and written as text.

Data comes from hosts, operators and other systems. It is only ever data: nothing here looks
for ``{{`` in it. What a newcomer would get wrong: comparing, hashing, sorting or printing a
container costs as much as the whole tree below it (and a few shared lists can stand for
millions of items), so every such act weighs its operands first.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import chain
from typing import NamedTuple, Protocol, TypeGuard

from jobnet.errors.expressions import ExpressionFailed, UnknownName
from jobnet.expressions.budget import Meter

Value = object
"""Null, bool, int, float, str, list, tuple, dict, date, aware datetime, timedelta, Namespace."""

INTEGER_BITS_MAX = 4096
"""No whole number is longer; it can be printed at any time."""

CELL = 8
"""What a scalar that is no text, and each slot of a container, counts in bytes."""


class Namespace(Protocol):
    """What ``parts``, ``parts.x``, ``failed`` or ``run`` are while an expression is evaluated.

    It reads like a mapping with fixed names; as a result it becomes a dictionary.
    """

    def attribute(self, name: str) -> Value:
        """Return what ``name`` stands for; raise ``UnknownName`` for one that is not known."""
        ...

    def names(self) -> tuple[str, ...]:
        """Return every name that ``attribute`` knows."""
        ...


@dataclass(frozen=True, slots=True)
class Function:
    """A name that may be called, such as ``at("23:00")`` or ``is_open()``.

    ``call`` is trusted code of the caller; it may raise ``ExpressionFailed``.
    """

    name: str
    call: Callable[..., Value]


@dataclass(frozen=True, slots=True)
class Undefined:
    """The value of a name that nothing defines: only ``default`` and ``is defined`` take it."""

    name: str
    known: tuple[str, ...] = ()
    owner: str = ""

    def error(self) -> UnknownName:
        """Return what to raise when it is used for anything else."""
        return UnknownName(self.name, self.known, owner=self.owner)


class Group(NamedTuple):
    """One group of the filter ``groupby``: a pair whose members have names."""

    grouper: Value
    list: Value


LISTS = (list, tuple)
MAPPINGS = (dict, Mapping)
"""Tuples, for ``list | tuple`` would make a new object at each of very many calls."""

SCALARS = frozenset((type(None), bool, int, float, date, datetime, timedelta))


@lru_cache(maxsize=256)
def _reads_like_a_namespace(cls: type) -> bool:
    return all(callable(getattr(cls, method, None)) for method in ("attribute", "names"))


def is_namespace(value: Value) -> TypeGuard[Namespace]:
    """Return whether the value is a namespace (``isinstance`` with a Protocol takes too long)."""
    return _reads_like_a_namespace(type(value))  # type: ignore[arg-type] # typeshed on object


def kind(value: Value) -> str:
    """Return the name of the value's type, as Ansible's messages write it."""
    return "dict" if is_namespace(value) else type(value).__name__


def defined(value: Value) -> Value:
    """Return the value, or raise the error of an undefined one."""
    if value.__class__ is Undefined:
        assert isinstance(value, Undefined)
        raise value.error()
    return value


def weigh(meter: Meter, value: Value) -> int:
    """Return the size of a whole value in bytes, paying a step for each item below it."""
    total = 0
    # A stack of our own: a call for each item may cost twenty times as much where CPython 3.11
    # happens to need a new piece of its stack.
    levels: list[Iterator[Value]] = [iter((value,))]
    while levels:
        for item in levels[-1]:
            if isinstance(item, str):
                total += len(item)
            elif type(item) in SCALARS:
                total += CELL
            else:
                meter.descend(len(levels) - 1)
                total += CELL * _slots(item)
                levels.append(_below(meter, item))
                break
        else:
            levels.pop()
    return total


def _slots(value: Value) -> int:
    if isinstance(value, LISTS):
        return len(value)
    if isinstance(value, Mapping):
        return 2 * len(value)
    return 2 * len(value.names()) if is_namespace(value) else 0


def _below(meter: Meter, value: Value) -> Iterator[Value]:
    if isinstance(value, LISTS):
        meter.step(len(value))
        return iter(value)
    if is_mapping(value):
        return chain.from_iterable(entries(meter, value))
    raise _unusable(value)


def plain(meter: Meter, value: Value, depth: int = 0) -> Value:
    """Return a copy made of JSON-like values and dates only; namespaces become dictionaries."""
    if isinstance(value, str):
        meter.build(len(value))
        return str.__str__(value)
    if type(value) in SCALARS:
        meter.build(CELL)
        return value
    meter.descend(depth)
    if isinstance(value, LISTS):
        meter.step(len(value))
        meter.build(CELL * len(value))
        return [item if type(item) in SCALARS else plain(meter, item, depth + 1) for item in value]
    if is_mapping(value):
        copy: dict[Value, Value] = {}
        for key, item in entries(meter, value):
            meter.build(2 * CELL)
            name = str.__str__(key) if isinstance(key, str) else hashable(meter, key)
            copy[name] = plain(meter, item, depth + 1)
        return copy
    raise _unusable(value)


def is_mapping(value: Value) -> bool:
    """Return whether the value has keys: a dictionary or a namespace."""
    return isinstance(value, MAPPINGS) or is_namespace(value)


def entries(meter: Meter, value: Value) -> Iterator[tuple[Value, Value]]:
    """Yield the keys and values of a mapping, paying for each."""
    if isinstance(value, Mapping):
        meter.step(len(value))
        yield from value.items()
    elif is_namespace(value):
        for name in value.names():
            meter.step()
            yield name, value.attribute(name)
    else:
        raise ExpressionFailed(f"a dictionary is needed here, not a value of type {kind(value)!r}")


def mapping(meter: Meter, value: Value) -> Mapping[Value, Value]:
    """Return the value as a mapping that can be read; it is never changed."""
    if isinstance(value, Mapping):
        return value
    return dict(entries(meter, defined(value)))


def items(meter: Meter, value: Value) -> list[Value]:
    """Return what a loop over the value yields: items, characters or keys, each one paid for."""
    if isinstance(value, (list, tuple, str, Mapping)):
        meter.step(len(value))
        meter.build(CELL * len(value))
        return list(value)
    if is_namespace(value):
        names = value.names()
        meter.step(len(names))
        return list(names)
    defined(value)
    raise ExpressionFailed(f"a list is needed here, not a value of type {kind(value)!r}")


def hashable(meter: Meter, value: Value) -> Value:
    """Return a value that may be a key; its whole weight is paid for."""
    if isinstance(value, str) or type(value) in SCALARS:
        return value
    weigh(meter, value)
    try:
        hash(value)
    except TypeError as error:
        raise ExpressionFailed(f"a value of type {kind(value)!r} cannot be a key") from error
    return value


def text(meter: Meter, value: Value) -> str:
    """Return the value as Ansible writes it into a text (``None``, ``True``, ``['a', 1]``)."""
    if isinstance(value, str):
        return str.__str__(value)
    if type(value) in SCALARS:
        written = str(value)
    else:
        # Writing costs at most twice the weight, but for characters that need an escape.
        meter.build(2 * weigh(meter, value))
        written = str(plain_tuples(meter, value))
    meter.build(len(written))
    return written


def plain_tuples(meter: Meter, value: Value) -> Value:
    """Return a copy for printing, in which tuples stay tuples."""
    if isinstance(value, list):
        return [plain_tuples(meter, item) for item in value]
    if isinstance(value, tuple):
        return tuple(plain_tuples(meter, item) for item in value)
    if is_mapping(value):
        return {key: plain_tuples(meter, item) for key, item in entries(meter, value)}
    return value


def whole_number(meter: Meter, value: int) -> int:
    """Return a whole number that is not longer than ``INTEGER_BITS_MAX``."""
    if value.bit_length() > INTEGER_BITS_MAX:
        raise ExpressionFailed(f"a whole number may have at most {INTEGER_BITS_MAX} bits")
    meter.build(CELL)
    return value


def _unusable(value: Value) -> ExpressionFailed:
    if isinstance(value, Undefined):
        return value.error()
    if isinstance(value, Function):
        return ExpressionFailed(f"{value.name!r} is a function; call it: {value.name}(...)")
    return ExpressionFailed(f"a value of type {kind(value)!r} cannot be used in an expression")
