"""Filters that search texts with regular expressions."""

import re

from jobnet.errors.expressions import ExpressionFailed
from jobnet.expressions.regex import Pattern, compiled, matches, search
from jobnet.expressions.values import CELL, Value, kind, text
from jobnet.expressions.work import Filter, Work

GROUP = re.compile(r"\\g<([^<>]+)>|\\(\d+)")
REPLACEMENT = re.compile(
    r"\\(?:g<(?P<name>[^<>]*)>|(?P<number>[1-9][0-9]?)|(?P<sign>.)|$)", re.DOTALL
)
SIGNS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}


def regex_search(
    work: Work,
    value: Value,
    regex: Value,
    *groups: Value,
    ignorecase: Value = False,
    multiline: Value = False,
) -> Value:
    """Return what the pattern finds first, or a list of the groups asked for; else null."""
    meter, subject = work.meter, text(work.meter, value)
    wanted = [_asked(group) for group in groups]
    pattern = _pattern(regex)
    found = search(meter, pattern, subject, ignorecase=bool(ignorecase), multiline=bool(multiline))
    if found is None:
        return None
    if not wanted:
        return found.group(0)
    ready = compiled(pattern, subject, ignorecase=bool(ignorecase), multiline=bool(multiline))
    return [found.group(ready.number(group)) for group in wanted]


def regex_findall(
    work: Work,
    value: Value,
    regex: Value,
    multiline: Value = False,  # noqa: FBT002
    ignorecase: Value = False,  # noqa: FBT002
) -> Value:
    """Return all that the pattern finds: texts, or lists of groups if it has several."""
    subject = text(work.meter, value)
    found: list[Value] = []
    for match in matches(work.meter, _pattern(regex), subject, ignorecase=bool(ignorecase),
                         multiline=bool(multiline)):  # fmt: skip
        parts = [match.group(number) or "" for number in range(len(match.spans))]
        work.meter.build(sum(map(len, parts)) + CELL * len(parts))
        found.append(parts[0] if len(parts) == 1 else parts[1] if len(parts) == 2 else  # noqa: PLR2004
                     tuple(parts[1:]))  # fmt: skip
    return found


def regex_replace(
    work: Work,
    value: Value,
    pattern: Value = "",
    replacement: Value = "",
    ignorecase: Value = False,  # noqa: FBT002
    multiline: Value = False,  # noqa: FBT002
    count: Value = 0,
    mandatory_count: Value = 0,
) -> str:
    r"""Return the text with what the pattern finds replaced; ``\\1`` stands for a group."""
    meter, subject = work.meter, text(work.meter, value)
    expression, new = _pattern(pattern), text(meter, replacement)
    options = {"ignorecase": bool(ignorecase), "multiline": bool(multiline)}
    parts = replacement_parts(new, compiled(expression, subject, **options))
    pieces: list[str] = []
    end = made = 0
    for match in matches(meter, expression, subject, **options):
        put_in = [part if isinstance(part, str) else match.group(part) or "" for part in parts]
        meter.build(sum(map(len, put_in)))
        pieces += [subject[end : match.spans[0][0]], *put_in]
        end = match.spans[0][1]
        made += 1
        if made == count:
            break
    if mandatory_count and mandatory_count != made:
        raise ExpressionFailed(f"the pattern should match {mandatory_count} times, not {made}")
    return "".join([*pieces, subject[end:]])


def replacement_parts(new: str, ready: Pattern) -> list[str | int]:
    """Return the pieces of a replacement: texts, and numbers of groups."""
    parts: list[str | int] = []
    end = 0
    for found in REPLACEMENT.finditer(new):
        parts.append(new[end : found.start()])
        end = found.end()
        if found["name"] is not None:
            name = found["name"]
            parts.append(ready.number(int(name) if name.isdecimal() else name))
        elif found["number"]:
            parts.append(ready.number(int(found["number"])))
        else:
            parts.append(_sign(found["sign"]))
    return [*parts, new[end:]]


def _sign(sign: str | None) -> str:
    if sign in SIGNS:
        return SIGNS[sign]
    if sign is None or (sign.isascii() and sign.isalnum()):
        raise ExpressionFailed(f"\\{sign or ''} has no meaning in a replacement; write \\\\")
    return "\\" + sign


def regex_escape(work: Work, value: Value, re_type: Value = "python") -> str:
    """Return a pattern that finds exactly this text."""
    subject = text(work.meter, value)
    work.meter.build(2 * len(subject))
    if re_type == "python":
        return re.escape(subject)
    if re_type == "posix_basic":
        return re.sub(r"([].[^$*\\])", r"\\\1", subject)
    raise ExpressionFailed("re_type is python or posix_basic")


def _pattern(value: Value) -> str:
    if not isinstance(value, str):
        raise ExpressionFailed(f"a pattern is a text, not a value of type {kind(value)!r}")
    return value


def _asked(group: Value) -> int | str:
    found = GROUP.match(group) if isinstance(group, str) else None
    if found is None:
        raise ExpressionFailed("a group is asked for by '\\\\1' or '\\\\g<name>'")
    return int(found[2]) if found[2] else found[1]


FILTERS: dict[str, Filter] = {
    "regex_escape": regex_escape,
    "regex_findall": regex_findall,
    "regex_replace": regex_replace,
    "regex_search": regex_search,
}
