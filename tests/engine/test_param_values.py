"""Values that a call gives to params take the declared type, or say what they would have to be."""

import pytest
from jobnet.definition import Param
from jobnet.engine.param_values import fit, fit_params
from jobnet.errors.expressions import ExpressionFailed

from tests.engine.building import job, network


@pytest.mark.parametrize(
    ("param", "given", "value"),
    [
        (Param(), 5, "5"),
        (Param(type="int"), " -5", -5),
        (Param(type="float"), "2.5", 2.5),
        (Param(type="bool"), "Off", False),
        (Param(type="list", elements="int"), ["1", 2], [1, 2]),
        (Param(type="raw"), None, None),
    ],
)
def test_a_value_takes_its_type(param: Param, given: object, value: object) -> None:
    fitted = fit(param, given)

    assert fitted == value
    assert type(fitted) is type(value)


@pytest.mark.parametrize(
    ("type_", "given", "problem"),
    [
        ("str", [1], "has to be of type str, not list"),
        ("int", 2.5, "has to be of type int, not float"),
        ("int", "five", "has to be of type int, not 'five'"),
        ("float", "x" * 99, "has to be of type float, not '" + "x" * 39),
        ("bool", "maybe", "has to be of type bool, not 'maybe'"),
        ("dict", [1], "has to be of type dict, not list"),
        ("int", None, "has to be of type int, not NoneType"),
    ],
)
def test_a_value_that_does_not_fit_says_what_it_has_to_be(
    type_: str, given: object, problem: str
) -> None:
    with pytest.raises(ValueError, match="has to be") as caught:
        fit(Param(type=type_), given)

    assert str(caught.value) == problem


def test_a_value_has_to_be_one_of_the_choices_after_it_took_its_type() -> None:
    param = Param(type="int", choices=(1, 2))

    assert fit(param, "2") == 2
    with pytest.raises(ValueError, match=r"^has to be one of 1, 2$"):
        fit(param, 3)


def test_a_param_that_is_not_required_may_be_none_whatever_its_type() -> None:
    assert fit(Param(type="int", required=False), None) is None


def test_all_params_that_do_not_fit_are_said_at_once() -> None:
    declared = {
        "n": Param(type="int"),
        "m": Param(),
        "d": Param(type="int", required=False, default=7),
    }
    called = network(job("a"), name="sub", params=declared)

    with pytest.raises(ExpressionFailed) as caught:
        fit_params(called, {"n": "x", "zip": 1})

    for word in ("'sub'", "'n' has to be of type int", "'m'", "'zip'"):
        assert word in str(caught.value)
    assert fit_params(called, {"n": "1", "m": "x"}) == {"n": 1, "m": "x", "d": 7}
