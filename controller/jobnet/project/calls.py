"""Checks the calls of a network against what the called ones declare."""

from collections.abc import Iterator, Mapping

from jobnet.definition import Arguments, Network, Param, Part, SubNetwork, walk
from jobnet.expressions import Template
from jobnet.project.params import Unfit, convert
from jobnet.project.problems import Problem
from jobnet.project.suggestions import shown, suggest


def call_problems(network: Network, called: Mapping[str, Network]) -> Iterator[Problem]:
    """Return what is wrong with the params of every call; templates are judged at run time."""
    for part in walk(network.flow):
        body = part.body
        if isinstance(body, SubNetwork) and body.network in called:
            yield from _call(part, body, called[body.network])


def _call(part: Part, body: SubNetwork, called: Network) -> Iterator[Problem]:
    for name, value in body.params.items():
        path = f"params.{name}"
        if name not in called.params:
            what = f"The network `{called.name}` has no param `{shown(name)}`"
            hint = suggest(name, called.params, otherwise="It declares no params")
            yield _problem(part, path, "unknown_param", what, hint)
        elif objection := _objection(value, called.params[name]):
            yield _problem(part, path, "wrong_type", objection, "")
    for name, param in called.params.items():
        if param.required and name not in body.params:
            what = f"The network `{called.name}` needs `{name}`"
            yield _problem(part, "params", "missing_param", what, f"Add `{name}` to `params`")


def _objection(value: Arguments, param: Param) -> str:
    if _has_template(value):
        return ""
    try:
        convert(value, param)
    except Unfit as objection:
        return str(objection)[:1].upper() + str(objection)[1:]
    return ""


def _has_template(value: Arguments) -> bool:
    if isinstance(value, Mapping):
        return any(_has_template(one) for one in value.values())
    if isinstance(value, tuple):
        return any(_has_template(one) for one in value)
    return isinstance(value, Template)


def _problem(part: Part, path: str, code: str, what: str, hint: str) -> Problem:
    return Problem(
        code=code, position=part.position, path=f"{part.path}.{path}", what=what, hint=hint
    )
