"""Answers that are given with ``--answer``, read against the dialogs of a network."""

from pathlib import Path

import pytest
from jobnet.definition import Bundle
from jobnet.errors import ControllerError
from jobnet.project import bundle, read_file, select_network
from jobnet.services.answers import read_answers

NETWORK = """
kind: network
name: night
flow:
  - id: ask
    dialog:
      message: Go?
      choices: {post: 0, reject: 1}
      form:
        rows: {type: int, required: true}
        day: {type: str, choices: [mon, tue]}
        note: {type: str, default: none}
  - {id: call, network: inner}
---
kind: network
name: inner
flow:
  - {id: sure, dialog: {message: Sure?, choices: {"yes": 0, "no": 1}}}
"""


@pytest.fixture
def pinned(tmp_path: Path) -> Bundle:
    path = tmp_path / "night.yml"
    path.write_text(NETWORK)
    reading = read_file(path)
    return bundle(reading, select_network(reading, None))


def test_choice_and_fields_of_a_dialog_are_put_together(pinned: Bundle) -> None:
    found = read_answers(["ask.rows=7", "ask=post", "ask.note=a=b"], pinned)

    assert found["ask"].choice == "post"
    assert found["ask"].form == {"rows": "7", "note": "a=b"}


def test_a_dialog_of_a_called_network_goes_by_its_id_or_its_key(pinned: Bundle) -> None:
    found = read_answers(["sure=no", "call.sure=yes"], pinned)

    assert {part: answer.choice for part, answer in found.items()} == {
        "sure": "no",
        "call.sure": "yes",
    }


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (["ask"], "names no part and choice"),
        (["=post"], "names no part and choice"),
        (["aks=post"], "did you mean 'ask'"),
        (["call=post"], "is no dialog"),
        (["ask=pots", "ask.rows=1"], r"does not offer 'pots'; give --answer ask=post\|reject"),
        (["ask.rows=1"], "does not offer ''"),
        (["ask=post"], "give --answer ask.rows=VALUE"),
        (["ask=post", "ask.rows=many"], "Field 'rows' of dialog 'ask': write a whole number"),
        (["ask=post", "ask.rows=1", "ask.day=sun"], "write one of mon, tue"),
        (["ask=post", "ask.rows=1", "ask.x=1"], "the form has rows, day, note"),
        (["sure=yes", "sure.x=1"], "the dialog has no form"),
        (["ask=" + "x" * 10_000, "ask.rows=1"], "does not offer"),
    ],
)
def test_what_cannot_be_an_answer_is_said_before_anything_starts(
    pinned: Bundle, texts: list[str], says: str
) -> None:
    with pytest.raises(ControllerError, match=says) as caught:
        read_answers(texts, pinned)

    assert len(str(caught.value)) < 400
