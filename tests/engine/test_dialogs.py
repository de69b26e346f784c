"""Dialogs: answers, forms, votes, and what is refused."""

from typing import Any

import pytest
from jobnet.definition import FormField
from jobnet.engine.commands import OpenDialog
from jobnet.engine.orders import Answer
from jobnet.engine.waits import FileLook
from jobnet.errors.engine import AnswerRefused
from jobnet.ids import OperatorName, PartKey

from tests.engine.building import (
    dialog,
    network,
)
from tests.engine.examples import Example, says
from tests.engine.played import Played
from tests.engine.playing import play

D = PartKey("d")


FORM = {"form": {"n": FormField(type="int", required=True), "note": FormField(default="-")}}


def commands(played: Played, kind: type) -> list[Any]:
    return [command for command in played.commands if isinstance(command, kind)]


ABSENT, THERE = FileLook(), FileLook(exists=True, size=5, mtime=1.0, inode=9)


UNSEEN = FileLook(error="unreachable")


DIALOGS = (
    says(
        "an answer ends it NORMAL whatever exit code its choice gives",
        dialog("d"),
        orders_at={9: [Answer(part=D, choice="no")]},
        states={"d": "normal"},
        also=lambda p: (
            p["d"].exit_code == 1
            and p["d"].outputs == {"choice": "no", "by": "ann", "at": "2026-05-29T12:00:09+00:00"}
        ),
    ),
    says(
        "exit_codes may judge otherwise",
        dialog("d", exit_codes=[(1, 1, "abnormal")]),
        orders_at={9: [Answer(part=D, choice="no")]},
        run="abnormal",
    ),
    says(
        "nobody answers: it prompts",
        dialog("d", message="Post {{ operating_day }}?"),
        run="running",
        states={"d": "prompting"},
        also=lambda p: [c.message for c in commands(p, OpenDialog)] == ["Post 2026-05-29?"],
    ),
    says(
        "form fields become outputs of their type, with defaults",
        dialog("d", **FORM),
        orders_at={9: [Answer(part=D, choice="yes", form={"n": "5"})]},
        also=lambda p: (p["d"].outputs["n"], p["d"].outputs["note"]) == (5, "-"),
    ),
    says(
        "two votes have to agree; a second vote of the same one replaces the first",
        dialog("d", answer={"votes": 2}),
        orders_at={9: [Answer(part=D, choice="yes"), Answer(part=D, choice="no")]},
        run="running",
        states={"d": "prompting"},
        also=lambda p: p["d"].votes == (("ann", "no"),),
    ),
    says(
        "a message that cannot be evaluated ends it abnormally",
        dialog("d", message="{{ params.nothing }}"),
        run="abnormal",
    ),
)


REFUSED_ANSWERS: tuple[tuple[str, dict[str, Any], Answer, str], ...] = (
    ("no choice of it", {}, Answer(part=D, choice="maybe"), "choose yes, no"),
    ("a user who may not", {"answer": {"users": ("eve",)}}, Answer(part=D, choice="yes"), "ann"),
    ("no field of it", {}, Answer(part=D, choice="yes", form={"x": 1}), "no field"),
    ("a required field is missing", FORM, Answer(part=D, choice="yes"), "'n' is required"),
    (
        "a field of another type",
        FORM,
        Answer(part=D, choice="yes", form={"n": "many"}),
        "of type int",
    ),
    (
        "a form of 1 MB",
        FORM,
        Answer(part=D, choice="yes", form={"n": 1, "note": "x" * 10**6}),
        "64 KiB",
    ),
)


@pytest.mark.parametrize("example", DIALOGS)
def test_a_dialog(example: Example) -> None:
    example.prove()


@pytest.mark.parametrize(
    ("words", "answer", "because"),
    [row[1:] for row in REFUSED_ANSWERS],
    ids=[row[0] for row in REFUSED_ANSWERS],
)
def test_an_answer_that_does_not_fit_is_refused(
    words: dict[str, object], answer: Answer, because: str
) -> None:
    with pytest.raises(AnswerRefused, match=because):
        play(network(dialog("d", **words)), orders_at={9: [answer]})


def test_the_submitter_may_not_answer_where_somebody_else_has_to() -> None:
    main = network(dialog("d", answer={"not_submitter": True}))
    answer = Answer(part=D, choice="yes")

    with pytest.raises(AnswerRefused, match="somebody else"):
        play(main, orders_at={9: [answer]}, ordered_by=OperatorName("bob"))
