"""Filters give what ansible-core itself gives."""

import re
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jobnet.expressions import ExpressionFailed, Value, evaluate, parse_expression
from jobnet.expressions.filters import FILTERS

from tests.expressions import examples
from tests.expressions.ansible_oracle import FAILED, ansible_value, our_value

texts = st.text(alphabet="abAB 1_.,-\n\u00fc", max_size=12)
scalars = st.none() | st.booleans() | st.integers(-99, 99) | st.sampled_from([0.5, 2.0]) | texts
lists = st.lists(st.integers(-9, 9), max_size=5) | st.lists(texts, max_size=5)
mappings = st.dictionaries(st.sampled_from(["a", "b", "c"]), scalars, max_size=3)

ON_ANYTHING = ["bool", "string", "int", "float", "default('x')", "default('x', true)", "to_json"]
ON_TEXT = [
    "upper", "lower", "capitalize", "title", "trim", "length", "first", "last", "list", "quote",
    "basename", "dirname", "b64encode", "hash", "split", "split(',')", "reverse", "wordcount",
    "replace('a', 'bb')", "truncate(5)", "truncate(5, true, '', 0)", "indent", "regex_escape",
    "indent(2, true, true)", "regex_replace('[ab]+', '<\\\\g<0>>')", "center(9)", "urlencode",
    "regex_findall('\\\\w+')", "regex_search('a(.)', '\\\\1')", "regex_replace('\\\\s+$', '')",
]  # fmt: skip
ON_LISTS = [
    "sort", "sort(reverse=true)", "unique", "min", "max", "first", "last", "length", "join('-')",
    "list", "flatten", "reverse | list", "batch(2) | list", "slice(2) | list", "to_json",
    "zip([1, 2, 3]) | list", "map('string') | list", "select | list", "reject('eq', 1) | list",
    "unique(case_sensitive=true)", "type_debug", "map('int') | sum",
]  # fmt: skip
ON_MAPPINGS = [
    "dict2items", "dict2items | items2dict", "length", "list", "items | list", "to_json",
    "combine({'a': 5, 'd': 6})", "to_nice_json", "dictsort",
]  # fmt: skip


def alike(ours: Value, ansibles: Value) -> bool:
    """Return whether two results are the same, types included."""
    return repr(ours) == repr(ansibles) or (ours == ansibles and type(ours) is type(ansibles))


@pytest.mark.parametrize("expression", examples.FILTERS)
def test_an_example_gives_what_ansible_gives(expression: str) -> None:
    expected = ansible_value(expression, examples.NAMES)

    result = our_value(expression, examples.NAMES)

    assert alike(result, expected)


def test_every_filter_has_an_example() -> None:
    used = {name for text in examples.FILTERS for name in re.findall(r"\| *(?:\w+\.)*(\w+)", text)}

    without = set(FILTERS) - used

    assert without == set()


@settings(max_examples=150, deadline=None)
@given(value=scalars, call=st.sampled_from(ON_ANYTHING))
def test_any_scalar_gives_what_ansible_gives(value: Value, call: str) -> None:
    expected = ansible_value(f"v | {call}", {"v": value})

    result = our_value(f"v | {call}", {"v": value})

    assert alike(result, expected)


@settings(max_examples=300, deadline=None)
@given(value=texts, call=st.sampled_from(ON_TEXT))
def test_any_text_gives_what_ansible_gives(value: str, call: str) -> None:
    expected = ansible_value(f"v | {call}", {"v": value})

    result = our_value(f"v | {call}", {"v": value})

    assert alike(result, expected)


@settings(max_examples=200, deadline=None)
@given(value=lists, call=st.sampled_from(ON_LISTS))
def test_any_list_gives_what_ansible_gives(value: list[Value], call: str) -> None:
    expected = ansible_value(f"v | {call}", {"v": value})

    result = our_value(f"v | {call}", {"v": value})

    assert alike(result, expected)


@settings(max_examples=100, deadline=None)
@given(value=mappings, call=st.sampled_from(ON_MAPPINGS))
def test_any_dictionary_gives_what_ansible_gives(value: dict[str, Value], call: str) -> None:
    expected = ansible_value(f"v | {call}", {"v": value})

    result = our_value(f"v | {call}", {"v": value})

    assert alike(result, expected)


@settings(max_examples=100, deadline=None)
@given(
    left=st.lists(st.integers(0, 5), max_size=5),
    right=st.lists(st.integers(0, 5), max_size=5),
    call=st.sampled_from(["union", "intersect", "difference", "symmetric_difference"]),
)
def test_sets_give_what_ansible_gives_in_the_order_of_the_lists(
    left: list[int], right: list[int], call: str
) -> None:
    expected = ansible_value(f"a | {call}(b)", {"a": left, "b": right})

    result = our_value(f"a | {call}(b)", {"a": left, "b": right})

    assert isinstance(result, list)
    assert isinstance(expected, list)
    assert sorted(result) == sorted(expected)
    both = left + right
    assert all(both.index(one) < both.index(two) for one, two in combinations(result, 2))


@settings(max_examples=100, deadline=None)
@given(
    low=st.recursive(mappings, lambda inner: st.dictionaries(st.sampled_from("ab"), inner)),
    high=st.recursive(mappings, lambda inner: st.dictionaries(st.sampled_from("ab"), inner)),
    recursive=st.booleans(),
)
def test_combine_merges_as_ansible_does(
    low: dict[str, Value], high: dict[str, Value], *, recursive: bool
) -> None:
    names: dict[str, Value] = {"a": low, "b": high, "r": recursive}
    expected = ansible_value("a | combine(b, recursive=r)", names)

    result = our_value("a | combine(b, recursive=r)", names)

    assert result == expected


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("i | combine", "dict"),  # Ansible lets a lone number pass
        ("i | b64encode(encoding='rot13')", "encoding is one of ascii"),
        ("s | hash('nope')", "hash"),
        ("d | to_json(indent=99)", "indent"),
        ("nums | map | list", "attribute="),
        ("nums | batch(0)", "batch"),
        ("x | round(101)", "round"),
        ("d | dict2items(key_name=[])", "name"),
        ("'10 QB' | human_to_bytes", "'QB' is no unit of size; units are "),
        ("'ten' | human_to_bytes", "a size is a number and a unit"),
        ("s | abs", "a number is needed, not a value of type 'str'"),
    ],
)
def test_arguments_without_meaning_are_refused(expression: str, reason: str) -> None:
    parsed = parse_expression(expression)

    with pytest.raises(ExpressionFailed) as caught:
        evaluate(parsed, examples.NAMES)

    assert caught.value.text == expression
    assert reason in str(caught.value)


def test_a_default_of_groupby_serves_items_without_the_attribute() -> None:
    # ansible-core 2.19 fails here, though Jinja documents it.
    parsed = parse_expression("gaps | groupby('b', default=0) | map(attribute='grouper')")

    result = evaluate(parsed, examples.NAMES)

    assert result == [0, 2]


def test_a_filter_never_sees_an_undefined_argument() -> None:
    assert our_value("s | replace('o', nope)", examples.NAMES) == FAILED
