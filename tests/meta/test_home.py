"""The home that the tests give to Ansible is one that it can have loaded without a warning."""

import ast
import warnings
from contextlib import suppress

from tests.conftest import HOME_OF_THIS_SESSION


def test_python_warns_of_no_name_that_the_home_of_a_session_can_get() -> None:
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        for added in ("2if_abcd", "8or_abcd", "0x1for__", "1jin____", "7and8in_"):
            with suppress(SyntaxError):
                ast.parse(f"/home/{HOME_OF_THIS_SESSION}{added}/ansible/tmp", mode="eval")

    assert heard == []
