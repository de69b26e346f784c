"""Key strokes become an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobnet.cli.asking import Asking, chosen
from jobnet.definition import FormField
from jobnet.ports.desk import Question, Reply

CHOICES = {"post": "0", "postpone": "2", "reject": "1"}


def asking(**form: FormField) -> Asking:
    return Asking(Question(key="k", title="ask", message="Post?", choices=CHOICES, form=form))


def typed(open_one: Asking, text: str) -> Reply | None:
    replies = [open_one.key(char) for char in text]
    assert all(reply is None for reply in replies[:-1])
    return replies[-1]


@pytest.mark.parametrize(
    ("text", "choice"),
    [("post", "post"), ("r", "reject"), ("3", "reject"), ("postp", "postpone")],
)
def test_a_choice_goes_by_name_beginning_or_number(text: str, choice: str) -> None:
    assert typed(asking(), f"{text}\r") == Reply(key="k", choice=choice)


@pytest.mark.parametrize("text", ["", "po", "x", "0", "4", "²", "\uff19", "99999999999999999999"])
def test_what_is_no_choice_is_asked_again(text: str) -> None:
    assert chosen(text, list(CHOICES)) is None
    open_one = asking()
    assert typed(open_one, f"{text}\r") is None
    assert open_one.complaint == "type one of post, postpone, reject"
    assert typed(open_one, "reject\r") == Reply(key="k", choice="reject")


def test_fields_follow_the_choice_and_may_be_corrected() -> None:
    open_one = asking(rows=FormField(type="int", required=True), note=FormField(default="none"))

    assert typed(open_one, "post\r") is None
    assert open_one.field_name == "rows"
    assert typed(open_one, "many\r") is None
    assert open_one.complaint == "rows: write a whole number"
    assert typed(open_one, "99\x7f\x7f\x157\r") is None

    assert typed(open_one, "\r") == Reply(key="k", choice="post", form={"rows": 7, "note": "none"})


@given(st.text())
def test_any_keys_leave_a_question_that_can_still_be_answered(text: str) -> None:
    open_one = asking()
    for char in text:
        if open_one.key(char) is not None:
            return

    assert typed(open_one, "\x15reject\r") == Reply(key="k", choice="reject")
