"""Work done in a fork gives its result, is heard once, and is done here where the fork cannot."""

import subprocess
import sys

PROGRAM = """
import os
from jobnet.execution.aside import computed_aside
print("before", end=" ")
{work}
me = os.getpid()
print(computed_aside(work), end="")
"""


def said(work: str) -> str:
    program = PROGRAM.format(work=work)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return done.stdout


def test_the_result_of_work_is_given_and_what_it_printed_is_heard_once() -> None:
    work = "def work():\n    print('working', end=' ')\n    return [1, (2, 3)], os.getpid() == me"

    assert said(work) == "before working ([1, (2, 3)], False)"


def test_a_result_that_cannot_travel_is_computed_here() -> None:
    work = "def work():\n    return [here := os.getpid() == me, None if here else work.__globals__]"

    assert said(work) == "before [True, None]"


def test_a_fork_that_is_killed_is_made_up_for() -> None:
    work = (
        "def work():\n    if os.getpid() != me:\n        os.kill(os.getpid(), 9)\n    return 'here'"
    )

    assert said(work) == "before here"
