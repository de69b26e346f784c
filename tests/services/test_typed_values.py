"""One rule for every door: ``-e``, a called network and a dialog's form convert alike."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobnet.definition import FormField, Param
from jobnet.definition.typed_values import Misfit, typed_value
from jobnet.engine.param_values import fit
from jobnet.project.params import Unfit, convert
from jobnet.services.forms import field_value

TYPES = ("str", "path", "int", "float", "bool", "list", "dict")
REFUSED = "refused"


def by_option(type_: str, text: str) -> object:
    try:
        return convert(text, Param(type=type_))
    except Unfit:
        return REFUSED


def by_call(type_: str, text: str) -> object:
    try:
        return fit(Param(type=type_, required=True), text)
    except ValueError:
        return REFUSED


def by_form(type_: str, text: str) -> object:
    try:
        return field_value(FormField(type=type_), text)
    except ValueError:
        return REFUSED


TEXTS = (
    st.text(min_size=1, max_size=20)
    | st.integers().map(str)
    | st.floats().map(str)
    | st.sampled_from(
        ["yes", "T", "OFF", "1_0", "+-5", "nan", "[1]", "[1", '{"a": 1}', "a, b", "٣"]
    )
)


@given(st.sampled_from(TYPES), TEXTS)
def test_three_doors_give_the_same_value_for_the_same_text(type_: str, text: str) -> None:
    option = by_option(type_, text)

    assert by_call(type_, text) == option
    assert by_form(type_, text) == option


@pytest.mark.parametrize("text", ["nan", "inf", "-Infinity", "1e999"])
def test_a_number_that_no_journal_can_hold_is_refused(text: str) -> None:
    assert by_option("float", text) == by_call("float", text) == by_form("float", text) == REFUSED
    with pytest.raises(Misfit):
        typed_value(math.inf, type_="float")
    with pytest.raises(Misfit):
        typed_value("[NaN]", type_="list")


def test_items_of_a_list_and_choices_count_at_every_door() -> None:
    param = Param(type="list", elements="int", choices=(1, 2), required=True)

    assert convert("1, 2", param) == fit(param, "1, 2") == fit(param, [1, "2"]) == [1, 2]
    with pytest.raises(Unfit, match="none of its choices"):
        convert("1, 3", param)
    with pytest.raises(ValueError, match="one of 1, 2"):
        fit(param, ["3"])
    with pytest.raises(ValueError, match="of type int, not 'a'"):
        fit(param, "a")
    with pytest.raises(ValueError, match="write one of a, b"):
        field_value(FormField(type="list", choices=("a", "b")), "a, c")
