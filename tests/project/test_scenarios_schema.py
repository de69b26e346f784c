"""The JSON Schema of scenarios accepts what the guide writes and refuses what editors should."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
from jobnet.project.composing import compose
from jobnet.project.scalars import plain
from jobnet.project.schemas import scenarios_schema

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/guides/simulate.md").read_text(encoding="utf-8")
SCENARIOS = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)[1]
VALIDATOR = jsonschema.Draft202012Validator(scenarios_schema())


def written(text: str) -> object:
    """Return the data of a text as the reader of scenarios understands it."""
    (document,) = compose(text, file="x").documents
    assert document.root is not None
    return json.loads(json.dumps(plain(document.root)))


def test_it_is_a_schema_and_published() -> None:
    published = json.loads((ROOT / "docs/reference/schemas/scenarios.json").read_text())

    jsonschema.Draft202012Validator.check_schema(scenarios_schema())
    assert published == scenarios_schema(), (
        "run: jobnet schema scenarios > docs/reference/schemas/scenarios.json"
    )


@pytest.mark.parametrize(
    "text",
    [
        "{given: {lose: load, orders: 02:15 skip load}, expect: {alerts: lost}}",
        "{given: {lose: [load], answer: {ask: go}}, expect: {parts: {load: normal}}}",
        "[{given: {orders: [{at: '02:15', order: skip, part: load}]}}]",
        "{given: {answer: {ask: {choice: go, form: {why: so}}}}}",
    ],
)
def test_every_short_form_is_accepted(text: str) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(written(text))] == []


def test_the_scenarios_of_the_guide_are_accepted() -> None:
    assert [error.message for error in VALIDATOR.iter_errors(written(SCENARIOS))] == []


@pytest.mark.parametrize(
    "text", ["{givn: {}}", "{given: {loose: load}}", "{given: {orders: [{at: '02:15'}]}}", "3"]
)
def test_what_no_scenario_has_is_refused(text: str) -> None:
    assert not VALIDATOR.is_valid(written(text))
