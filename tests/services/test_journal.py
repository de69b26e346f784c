"""The journal's codec: every fact comes back as it was, and nothing passes for another type."""

import json
import types
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobnet.engine.bounds import JOURNAL_ENTRY_MAX_BYTES
from jobnet.engine.facts import Fact, PartEnded, RunStarted
from jobnet.engine.states import State
from jobnet.errors.play import JournalEntryTooLong, JournalNotRead
from jobnet.ids import NetworkName, OperatorName, PartKey, RunId
from jobnet.ports.plain_values import from_json, to_json
from jobnet.services.journal import KINDS, fact_from_line, fact_to_line, facts_from_lines

NOON = datetime(2026, 5, 29, 12, tzinfo=UTC)

instants = st.datetimes(timezones=st.just(UTC))
texts = st.text(st.characters(), max_size=8) | st.sampled_from(["$date", "{{ x }}", "\ud800"])
leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | texts
    | instants
    | st.dates()
    | st.timedeltas()
)
WITH_UNKNOWN_TAG = (
    '{"position":1,"kind":"ArgumentsBound","version":1,"fact":'
    '{"at":"2026-05-29T12:00:00+00:00","part":"a","attempt":1,"values":{"$new":1}}}'
)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(texts | st.integers(), inner, max_size=3)
    ),
    max_leaves=8,
)


def strategy_of(hint: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401 - a type hint can be anything
    """Return values for a type hint of a fact's field; unlike the codec, by generating them."""
    simple = {
        object: values,
        str: texts,
        int: st.integers(),
        bool: st.booleans(),
        float: st.floats(allow_nan=False),
        datetime: instants,
        date: st.dates(),
    }
    if isinstance(hint, NewType):
        return strategy_of(hint.__supertype__)
    if hint in simple:
        return simple[hint]
    if get_origin(hint) in (Union, types.UnionType):
        return st.one_of(
            *(st.none() if arg is type(None) else strategy_of(arg) for arg in get_args(hint))
        )
    if get_origin(hint) is tuple:
        of = get_args(hint)
        if of[-1] is Ellipsis:
            return st.lists(strategy_of(of[0]), max_size=2).map(tuple)
        return st.tuples(*(strategy_of(item) for item in of))
    if get_origin(hint) is not None:
        key, value = get_args(hint)
        return st.dictionaries(strategy_of(key), strategy_of(value), max_size=2)
    if issubclass(hint, Enum):
        return st.sampled_from(hint)
    return facts_of(hint)


def facts_of(kind: type) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    return st.builds(kind, **{name: strategy_of(hints[name]) for name in names})


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_fact_comes_back_as_it_was(kind: type) -> None:
    @given(facts_of(kind))
    def comes_back(fact: Fact) -> None:
        line = fact_to_line(fact, position=7)

        again = fact_from_line(line, position=7)

        assert again == fact
        assert "\n" not in line
        assert line.isascii()

    comes_back()


def types_in(value: object) -> object:
    """Return the shape of a value by its types, since 1 == 1.0 == True."""
    if isinstance(value, Mapping):
        return [(types_in(key), types_in(item)) for key, item in value.items()]
    if isinstance(value, list | tuple):
        return [type(value), *(types_in(item) for item in value)]
    return type(value)


@given(values)
def test_plain_values_come_back_with_their_types(value: object) -> None:
    text = json.dumps(to_json(value), allow_nan=False)

    again = from_json(json.loads(text))

    assert again == value
    assert types_in(again) == types_in(value)


@pytest.mark.parametrize(
    "value",
    [float("inf"), 10**5000, -(10**5000), {"$date": "2026-01-01"}],
    ids=["infinite", "huge", "hugely negative", "looks like a tag"],
)
def test_what_json_cannot_hold_comes_back_too(value: object) -> None:
    text = json.dumps(to_json(value), allow_nan=False)

    assert from_json(json.loads(text)) == value


def ended(message: str) -> PartEnded:
    return PartEnded(at=NOON, part=PartKey("load"), attempt=1, state=State.NORMAL, message=message)


def test_a_line_says_its_kind_and_its_instant_in_plain_words() -> None:
    fact = RunStarted(
        at=NOON,
        run=RunId("r"),
        network=NetworkName("night"),
        by=OperatorName("ann"),
        operating_day=date(2026, 5, 29),
        planned_start=NOON,
        zone="Asia/Tokyo",
        params={"since": date(2026, 5, 1), "wait": timedelta(hours=1)},
    )

    entry = json.loads(fact_to_line(fact, position=1))

    assert entry["kind"] == "RunStarted"
    assert entry["version"] == 1
    assert entry["fact"]["at"] == "2026-05-29T12:00:00+00:00"
    assert entry["fact"]["operating_day"] == "2026-05-29"
    assert entry["fact"]["params"]["since"] == {"$date": "2026-05-01"}


def test_an_entry_that_is_too_long_is_refused_with_its_kind_and_its_size() -> None:
    fits = ended("x" * (JOURNAL_ENTRY_MAX_BYTES - 1_000))
    escaped = ended("\u591c" * (JOURNAL_ENTRY_MAX_BYTES // 5))

    assert len(fact_to_line(fits, position=1)) <= JOURNAL_ENTRY_MAX_BYTES
    with pytest.raises(JournalEntryTooLong, match=r"Entry 7 .* \(PartEnded\) would take 307 KiB"):
        fact_to_line(escaped, position=7)


def test_a_last_line_that_was_cut_off_is_left_out() -> None:
    lines = [fact_to_line(ended(text), position=n) + "\n" for n, text in enumerate("ab", 1)]

    facts = list(facts_from_lines([lines[0], lines[1][:-20]]))

    assert facts == [ended("a")]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "[]",
        "{}",
        "not json",
        "[" * 100_000,
        '{"position":1,"kind":"Nothing","version":1,"fact":{}}',
        '{"position":1,"kind":"PartHandled","version":2,"fact":{}}',
        '{"position":1,"kind":"PartHandled","version":1,"fact":{}}',
        '{"position":1,"kind":"PartHandled","version":1,"fact":{"at":1,"part":"a","how":"x"}}',
        '{"position":2,"kind":"PartHandled","version":1,"fact":{}}',
        '{"position":1,"kind":"PartHandled","version":1,"fact":{"more":1}}',
        WITH_UNKNOWN_TAG,
    ],
)
def test_a_line_that_holds_no_known_fact_is_refused_with_its_number(line: str) -> None:
    with pytest.raises(JournalNotRead) as caught:
        fact_from_line(line, position=1)

    assert caught.value.line == 1
