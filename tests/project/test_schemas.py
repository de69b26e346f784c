"""The published JSON Schemas accept what the reader accepts and refuse what editors should."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from jobnet.project import schemas
from jobnet.project.composing import compose
from jobnet.project.nodes import Mapping
from jobnet.project.scalars import plain

from tests.project.written import EXAMPLES

PUBLISHED = Path(__file__).parents[2] / "docs" / "reference" / "schemas"
SCHEMAS = schemas()


def documents(text: str) -> list[dict[str, object]]:
    found = [
        plain(one.root)
        for one in compose(text, file="x").documents
        if isinstance(one.root, Mapping)
    ]
    return json.loads(json.dumps(found))  # type: ignore[no-any-return]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_fits_the_schema_of_its_kind(path: Path) -> None:
    for document in documents(path.read_text()):
        validator = jsonschema.Draft202012Validator(SCHEMAS[str(document["kind"])])

        assert [error.message for error in validator.iter_errors(document)] == []


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_schema_is_one(kind: str) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[kind])


REFUSED = (
    "kind: network\nname: n\nflow: [{wait_event: {nme: x}}]\n",
    "kind: network\nname: n\nflow: [{wait_for: 1s, on_error: maybe}]\n",
    "kind: network\nname: n\nflow: [{branch: {cases: []}}]\n",
    "kind: network\nname: n\nflw: []\n",
    "kind: queue\nname: n\nlimit: many\n",
    "kind: notification\nname: n\nto: [{phone: '1'}]\n",
    "kind: credential\nname: n\ntype: smtp\nvalue: secret\n",
)


@pytest.mark.parametrize("text", REFUSED)
def test_editors_underline_what_is_wrong(text: str) -> None:
    (document,) = documents(text)

    assert not jsonschema.Draft202012Validator(SCHEMAS[str(document["kind"])]).is_valid(document)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_published_schema_is_the_one_of_the_code(kind: str) -> None:
    published = json.loads((PUBLISHED / f"{kind}.json").read_text())

    assert published == SCHEMAS[kind], (
        f"run: jobnet schema {kind} > docs/reference/schemas/{kind}.json"
    )


def test_examples_are_yaml_for_everybody() -> None:
    for path in EXAMPLES:
        assert list(yaml.safe_load_all(path.read_text()))
