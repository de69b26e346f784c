"""Checks the names that expressions read against what exists at their place.

Only what can be known from the text is checked: a part that exists but has not run is never
an error, and what stands behind ``outputs`` is known when the run knows it.
"""

# ruff: noqa: SIM905 - tables of words are read as words

from collections.abc import Collection, Mapping
from dataclasses import replace

from jobnet.definition import Flow, Part, UnitJob
from jobnet.project.context import Build, KnownPart
from jobnet.project.mentions import Mention, Path
from jobnet.project.rewriting import rewritten
from jobnet.project.suggestions import shown, suggest
from jobnet.project.validation import Text

EVERYWHERE = frozenset(
    """params parts now at operating_day next_open_day previous_open_day is_open network run
    range dict true false none True False None""".split()
)
PART_WORDS = frozenset(
    """state normal warning abnormal exit_code outputs artifacts hosts failed unreachable started
    ended attempts iterations message""".split()
)
FAILED_WORDS = frozenset({"part", "hosts", "message", "exit_code"})
EVENT_WORDS = frozenset({"data", "sender", "sent_at", "name"})
METHODS = frozenset(dir(dict))


def check_mentions(build: Build, *, params: Collection[str]) -> None:
    """Tell every name that nothing defines, at the place where it is read."""
    for mention in build.mentions:
        if build.text.findings.is_full:
            build.text.findings.is_cut = True
            return
        for path in mention.references:
            objection = _objection(path, mention, build.parts, params)
            if objection is not None:
                _tell(build.text, mention, *objection)


def with_known_reads(flow: Flow, parts: Mapping[str, KnownPart]) -> Flow:
    """Return a flow whose jobs are handed only parts that exist and are visible to them.

    The text of a job is not parsed: "parts.list" may be a file, and no part at all.
    """

    def change(part: Part) -> Part:
        body = part.body
        if not isinstance(body, UnitJob) or not body.reads_parts:
            return part
        loops = parts[part.id].loops if part.id in parts else ()
        visible = (name for name in body.reads_parts if _is_visible(parts.get(name), loops))
        return replace(part, body=replace(body, reads_parts=tuple(visible)))

    return rewritten(flow, change)


def _is_visible(part: KnownPart | None, loops: tuple[str, ...]) -> bool:
    return part is not None and part.is_named and loops[: len(part.loops)] == part.loops


def _tell(text: Text, mention: Mention, code: str, what: str, hint: str) -> None:
    text.object_to(mention.node, mention.path, code, what, hint)


def _objection(
    path: Path, mention: Mention, parts: Mapping[str, KnownPart], params: Collection[str]
) -> tuple[str, str, str] | None:
    root, scope = path[0], mention.scope
    if root in scope.loop_names:
        return None
    if root == "parts":
        return _part_objection(path, mention, parts)
    if root == "params":
        return _word_objection(path, params, "unknown_param", "No param is called")
    if mention.is_loose or root in EVERYWHERE:
        return None
    if root == "failed" and scope.in_rescue:
        return _word_objection(path, FAILED_WORDS, "unknown_name", "`failed` has no")
    if root == "event" and scope.sees_event:
        return _word_objection(path, EVENT_WORDS, "unknown_name", "`event` has no")
    return "unknown_name", f"`{shown(root)}` is not known here", _root_hint(root, mention, parts)


def _root_hint(root: str, mention: Mention, parts: Mapping[str, KnownPart]) -> str:
    if root == "failed":
        return "`failed` exists only in a rescue"
    if root == "event":
        return "`event` exists only in `where`"
    if root in parts:
        return f"Did you mean `parts.{root}`?"
    known = EVERYWHERE | set(mention.scope.loop_names)
    return suggest(root, known, otherwise="Names of Ansible exist only inside a job")


def _word_objection(
    path: Path, known: Collection[str], code: str, what: str
) -> tuple[str, str, str] | None:
    if len(path) < 2 or path[1] in known or path[1] in METHODS:  # noqa: PLR2004 - root and word
        return None
    otherwise = "The network declares no params" if not known else ""
    return code, f"{what} `{shown(path[1])}`", suggest(path[1], known, otherwise=otherwise)


def _part_objection(
    path: Path, mention: Mention, parts: Mapping[str, KnownPart]
) -> tuple[str, str, str] | None:
    if len(path) < 2:  # noqa: PLR2004 - `parts` alone, or with a computed id
        return None
    name = path[1]
    part = parts.get(name)
    if part is None:
        named = [one for one, known in parts.items() if known.is_named]
        return "unknown_part", f"No part has the id `{shown(name)}`", suggest(name, named)
    if not part.is_named:
        return (
            "unnamed_part",
            f"The id `{name}` was made up and moves with the text",
            "Give that part an `id`",
        )
    if not _is_visible(part, mention.scope.loops):
        loop = part.loops[-1]
        return (
            "inside_for_each",
            f"`{name}` runs once for each item of `{loop}`",
            f"Write parts.{loop}.by_key['KEY'].parts.{name}",
        )
    return _attribute_objection(path, part)


def _attribute_objection(path: Path, part: KnownPart) -> tuple[str, str, str] | None:
    if len(path) < 3:  # noqa: PLR2004 - parts.x without an attribute
        return None
    known = set(PART_WORDS)
    if part.kind in {"for_each", ""}:
        known |= {"by_key", "results"}
    if part.kind in {"network", ""}:
        known |= {"parts"}
    if path[2] in known:
        return None
    hint = suggest(path[2], known, otherwise=f"Results stand in parts.{path[1]}.outputs")
    return "unknown_attribute", f"A part has no `{shown(path[2])}`", hint
