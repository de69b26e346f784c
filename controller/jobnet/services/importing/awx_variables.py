"""Carries the variables of AWX: those of templates, and surveys as params of a network.

A variable that looks like a secret, and what AWX has encrypted, is never written: a placeholder
that stops the job stands there instead.
"""

import keyword
import re
from collections.abc import Mapping

from jobnet.services.importing.awx_assets import Asset
from jobnet.services.importing.documents import as_written, title_of
from jobnet.services.importing.report import Report
from jobnet.services.importing.secret_texts import concealed, is_secret_name, placeholder
from jobnet.services.importing.shell_jobs import HIDDEN_ADVICE

_TYPES = {"text": "str", "textarea": "str", "password": "secret", "integer": "int",
          "float": "float", "multiplechoice": "str", "multiselect": "list"}  # fmt: skip
_ENCRYPTED = "$encrypted$"
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CONSTANTS = frozenset({"true", "false", "none", "null"})


def variables_of(
    variables: Mapping[str, object] | None, *, source: str, subject: str, report: Report,
    is_prompted: bool = False,
) -> dict[str, object]:  # fmt: skip
    """Return extra variables as they may be written; prompted ones are not templated by anyone."""
    if variables is None:
        what = "its extra variables cannot be read as a mapping of plain values"
        report.left(source, subject, what, "Write them as `vars` by hand.")
        return {}
    found: dict[str, object] = {}
    for name, value in variables.items():
        if not _IDENTIFIER.fullmatch(name):
            report.left(source, subject, f"{title_of(name)!r} is no name for a variable")
        else:
            found[name] = _safe(name, value, source, subject, report, is_prompted=is_prompted)
    return found


def _safe(
    name: str, value: object, source: str, subject: str, report: Report, *, is_prompted: bool
) -> object:
    """Return a value without its secrets, at whatever depth they lie."""
    if isinstance(value, Mapping):
        inner = {str(key): one for key, one in value.items()}
        return {
            key: _safe(key, one, source, subject, report, is_prompted=is_prompted)
            for key, one in inner.items()
        }
    if isinstance(value, list):
        return [_safe(name, one, source, subject, report, is_prompted=is_prompted) for one in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    if text == _ENCRYPTED or (text and is_secret_name(name) and "{{" not in text):
        report.left(source, subject, f"the value of {name} is secret; not written", HIDDEN_ADVICE)
        return placeholder(name)
    if concealed(text).variables:
        what = f"the value of {name} holds what looks like a secret; not written"
        report.left(source, subject, what, HIDDEN_ADVICE)
        return placeholder(name)
    return as_written(text) if is_prompted else text


def params_of(
    template: Asset, *, source: str, subject: str, report: Report
) -> dict[str, dict[str, object]]:
    """Return the params that the survey of a template asks for; none if it is switched off."""
    survey = template.related_one("survey_spec")
    if survey is None or not template.flag("survey_enabled"):
        return {}
    found: dict[str, dict[str, object]] = {}
    questions = survey.data.get("spec")
    for one in questions if isinstance(questions, list) else []:
        question = Asset(one if isinstance(one, dict) else {})
        name, type_ = question.text("variable"), _TYPES.get(question.text("type"))
        is_free = not keyword.iskeyword(name) and name.lower() not in _CONSTANTS
        if type_ is None or not _IDENTIFIER.fullmatch(name) or not is_free:
            what = f"the survey question {title_of(name or question.text('question_name'))!r}"
            report.left(source, subject, what, "Declare a param for it by hand.")
            continue
        found[name] = _param(question, type_)
        if any(isinstance(question.data.get(bound), int) for bound in ("min", "max")):
            what = f"the bounds of the survey question {name} are not checked"
            report.changed(source, subject, what)
        if _hands_over_nothing(question):
            what = f"the survey question {name} has no default: where AWX hands nothing over, its"
            what += f" jobs get {found[name]['default']!r}"
            report.changed(source, subject, what, "Give it a default that its playbook knows.")
    return found


def _hands_over_nothing(question: Asset) -> bool:
    is_optional = not question.flag("required") and question.text("type") != "password"
    return is_optional and question.data.get("default") in ("", None)


def _param(question: Asset, type_: str) -> dict[str, object]:
    param: dict[str, object] = {"type": type_}
    if type_ == "list":
        param["elements"] = "str"
    if words := title_of(question.text("question_name")):
        param["description"] = words
    choices = question.data.get("choices")
    if isinstance(choices, str):
        choices = choices.splitlines()
    if isinstance(choices, list) and type_ in {"str", "list"}:
        param["choices"] = [str(one) for one in choices]
    default = question.data.get("default")
    if type_ == "secret" or (default in ("", None) and question.flag("required")):
        return param | {"required": True}
    if type_ == "list":
        values = default if isinstance(default, list) else str(default or "").splitlines()
        return param | {"default": [str(one) for one in values]}
    if default in ("", None):  # AWX hands nothing over; a network has a value for each param
        param.pop("choices", None)
        return param | {"default": {"int": 0, "float": 0.0}.get(type_, "")}
    return param | {"default": default}


def passed(params: Mapping[str, object]) -> dict[str, object]:
    """Return the variables that hand a network's params to a playbook."""
    return {name: f"{{{{ params.{name} }}}}" for name in params}
