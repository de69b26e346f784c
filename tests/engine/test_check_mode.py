"""In check mode a job that was skipped has the exit code that whoever plays assumes, or none."""

import pytest
from jobnet.engine.inputs import AttemptAnswered
from jobnet.engine.results import JobEnd, JobResult
from jobnet.ids import PartKey

from tests.engine.building import for_each, job, network
from tests.engine.played import Played
from tests.engine.playing import play
from tests.engine.scripting import NEVER

SKIPPED = JobResult(end=JobEnd.ENDED, is_normal=True, exit_code=0, skipped_by_check_mode=True)


def skipped(**assumed: int) -> Played:
    """Play two items in check mode; ``key`` stands for the key of the first one's job."""
    codes = {"f[x].a" if name == "key" else name: code for name, code in assumed.items()}
    keys = [PartKey("f[x].a"), PartKey("f[y].a")]
    return play(
        network(for_each("f", ["x", "y"], job("a", on_error="continue"))),
        dict.fromkeys(keys, NEVER),
        arrivals_at={
            1: [AttemptAnswered(part=keys[0], attempt=1, result=SKIPPED)],
            2: [AttemptAnswered(part=keys[1], attempt=1, result=SKIPPED)],
        },
        check=True,
        assumed_exit_codes=codes,
    )


@pytest.mark.parametrize(
    ("assumed", "codes"),
    [
        ({}, [None, None]),
        ({"a": 0}, [0, 0]),
        ({"a": 3}, [3, 3]),
        ({"key": 4}, [4, None]),
        ({"key": 4, "a": 0}, [4, 0]),
        ({"f": 5}, [None, None]),
    ],
)
def test_the_code_of_the_key_counts_before_that_of_the_id(
    assumed: dict[str, int], codes: list[int | None]
) -> None:
    played = skipped(**assumed)

    records = [played["f[x].a"], played["f[y].a"]]
    assert [record.exit_code for record in records] == codes
    assert [record.state.value for record in records] == [
        "abnormal" if code else "normal" for code in codes
    ]
    assert [record.message for record in records] == [
        "" if code is None else "check mode: its exit code is assumed" for code in codes
    ]
