"""Makes the JSON Schemas of all kinds of document from the models that check them.

Editors complete and underline by these. They are wider than the reader in one point: a unit
job may hold any key, since modules and their arguments are Ansible's.
"""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from jobnet.project.keywords import INHERITED, PLAY_KEYWORDS, TASK_KEYWORDS
from jobnet.project.schema.attributes import PartShape, UnitShape
from jobnet.project.schema.bodies import BESIDE_BODIES, MAPPING_BODIES
from jobnet.project.schema.documents import SHAPES
from jobnet.project.schema.scenarios import ScenarioShape
from jobnet.project.schema.values import FLOW_MARK

DIALECT = "https://json-schema.org/draft/2020-12/schema"
JSON = dict[str, Any]
TEXT_OR_CONDITION = {"type": ["string", "boolean", "array"]}


def schemas() -> dict[str, JSON]:
    """Return the schema of each kind of document, complete in itself."""
    return {kind: _document(kind, shape) for kind, shape in SHAPES.items()}


def scenarios_schema() -> JSON:
    """Return the schema of a file of scenarios, which is no kind of document."""
    schema = ScenarioShape.model_json_schema(by_alias=True)
    definitions = {name: _bare(each) for name, each in schema.pop("$defs").items()}
    names = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    given = definitions["GivenShape"]["properties"]
    given["lose"] = {"anyOf": [*names["anyOf"], given["lose"]]}
    for properties, key in _ONE_OR_MORE:
        many = definitions[properties]["properties"][key]
        definitions[properties]["properties"][key] = {"anyOf": [many, *_items_of(many)]}
    definitions["scenario"] = schema
    one = {"$ref": "#/$defs/scenario"}
    return {
        "$schema": DIALECT,
        "title": "Jobnet: scenarios",
        "anyOf": [one, {"type": "array", "items": one}],
        "$defs": dict(sorted(definitions.items())),
    }


_ONE_OR_MORE = (
    ("GivenShape", "orders"),
    ("ExpectShape", "alerts"),
    ("ExpectShape", "no_alerts"),
    ("ExpectedPartShape", "flags"),
)
_BARE = frozenset({"AnswerShape", "OrderShape", "ExpectedPartShape", "ExpectedAlertShape"})


def _items_of(many: JSON) -> list[JSON]:
    return [many["items"]] if "items" in many else []


def _bare(schema: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a schema that takes the short form, one text, wherever there is one."""
    if isinstance(schema, list):
        return [_bare(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if str(schema.get("$ref", "")).rpartition("/")[2] in _BARE:
        return {"anyOf": [{"type": "string"}, {"$ref": schema["$ref"]}]}
    return {key: _bare(value) for key, value in schema.items()}


def _document(kind: str, shape: type[BaseModel]) -> JSON:
    schema = shape.model_json_schema(by_alias=True)
    definitions = schema.pop("$defs", {})
    if kind == "network":
        definitions |= _part_definitions()
    if kind == "job_type":
        schema["properties"] |= {
            key: {} for key in sorted(PLAY_KEYWORDS) if key not in schema["properties"]
        }
    schema["properties"]["kind"] = {"const": kind}
    made = {
        "$schema": DIALECT,
        "title": f"Jobnet: {kind}",
        **{key: value for key, value in schema.items() if key != "title"},
        "$defs": dict(sorted(definitions.items())),
    }
    return {key: _linked(value) for key, value in made.items()}


def _linked(schema: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a schema with a reference wherever a flow stands."""
    if isinstance(schema, list):
        return [_linked(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if FLOW_MARK in schema:
        return {"$ref": "#/$defs/flow"}
    return {key: _linked(value) for key, value in schema.items()}


def _part_definitions() -> JSON:
    """Return the definitions of a flow, of every kind of part, and of what they share."""
    models: list[type[BaseModel]] = [
        PartShape,
        UnitShape,
        *MAPPING_BODIES.values(),
        *BESIDE_BODIES.values(),
    ]
    _, generated = models_json_schema([(model, "validation") for model in models], by_alias=True)
    definitions: JSON = generated["$defs"]
    attributes = definitions.pop("PartShape")["properties"] | {
        "id": {"type": "string", "pattern": "^[a-z_][a-z0-9_]*$"},
        "name": {"type": ["string", "number"]},
        "when": TEXT_OR_CONDITION,
    }
    definitions |= {f"attribute_{key}": value for key, value in attributes.items()}
    shared = {key: {"$ref": f"#/$defs/attribute_{key}"} for key in attributes}
    unit = definitions.pop("UnitShape")["properties"]
    kinds: JSON = {}
    for name, model in BESIDE_BODIES.items():
        body = definitions.pop(model.__name__)
        own = body["properties"]
        if name in {"job", "playbook"}:
            own = unit | own
        if name in {"job", "block"}:
            own = {key: {} for key in INHERITED} | unit | own
        kinds[f"{name}_part"] = _closed({**shared, **own}, body.get("required", []))
    for name, model in MAPPING_BODIES.items():
        body = {"$ref": f"#/$defs/{model.__name__}"}
        kinds[f"{name}_part"] = _closed({**shared, name: body}, [name])
    kinds["module_part"] = _module_part(shared | unit, sorted(kinds))
    parts = {"anyOf": [{"$ref": f"#/$defs/{name}"} for name in sorted(kinds)]}
    flow = {"type": ["array", "null"], "items": {"$ref": "#/$defs/part"}}
    return definitions | kinds | {"part": parts, "flow": flow}


def _closed(properties: JSON, required: list[str]) -> JSON:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _module_part(shared: JSON, kinds: list[str]) -> JSON:
    """Return the schema of a task, a task list or a role: any further key is a module."""
    ansible: JSON = {key: {} for key in sorted(PLAY_KEYWORDS | TASK_KEYWORDS)}
    others = [kind.removesuffix("_part") for kind in kinds]
    taken = [name for name in others if name not in {"notify", "wait_for"}]
    return {
        "type": "object",
        "properties": {**ansible, "role": {"type": "string"}, **shared},
        "not": {"anyOf": [{"required": [name]} for name in taken]},
    }
