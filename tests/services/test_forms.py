"""What is typed for the fields of a form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobnet.definition import FormField
from jobnet.services.forms import completed, field_value, missing_fields


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("str", " a b ", " a b "),
        ("int", "-7", -7),
        ("float", "1.5", 1.5),
        ("bool", "Yes", True),
        ("bool", "off", False),
        ("list", "a, b", ["a", "b"]),
        ("list", '["a,b", 1]', ["a,b", 1]),
        ("dict", '{"a": 1}', {"a": 1}),
        ("path", "/in", "/in"),
    ],
)
def test_a_field_takes_what_its_type_says(kind: str, text: str, value: object) -> None:
    assert field_value(FormField(type=kind), text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("int", "1.5"),
        ("int", "\uff11\uff12"),
        ("int", "1_000"),
        ("int", "9" * 5000),
        ("float", "much"),
        ("bool", "maybe"),
        ("dict", "[1]"),
        ("dict", "{" * 100_000),
        ("list", "[1"),
        ("str", "x" * 70_000),
    ],
)
def test_what_does_not_fit_is_answered_with_what_would(kind: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"^write ") as caught:
        field_value(FormField(type=kind), text)

    assert len(str(caught.value)) < 100


def test_nothing_typed_is_the_default_but_not_of_a_required_field() -> None:
    assert field_value(FormField(default="x", required=True), "") == "x"
    assert field_value(FormField(), "") is None
    with pytest.raises(ValueError, match="required"):
        field_value(FormField(required=True), "")


def test_the_fields_that_still_miss_are_named_and_defaults_filled_in() -> None:
    form = {"a": FormField(required=True), "b": FormField(default=2), "c": FormField()}

    assert missing_fields(form, {"c": 1}) == ("a",)
    assert completed(form, {"a": 1}) == {"a": 1, "b": 2, "c": None}


@given(st.sampled_from(["str", "int", "float", "bool", "list", "dict"]), st.text())
def test_any_text_is_a_value_or_a_complaint(kind: str, text: str) -> None:
    complaint = "write"
    try:
        field_value(FormField(type=kind), text)
    except ValueError as error:
        complaint = str(error)

    assert complaint.startswith("write")
