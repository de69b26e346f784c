"""Writes nodes back as YAML text for Ansible, so that Ansible reads what the author wrote.

Plain scalars stay plain and quoted ones quoted, tags stay, and nothing is interpreted: not
``0644``, not ``yes``, not ``{{ x }}``. Aliases are written out, so every text stands alone.
Comments and the line breaks of folded texts are not kept; the values are.
"""

import re

from jobnet.project.nodes import Mapping, Node, Scalar, Sequence

INDENT = "  "
STANDARD_TAGS = "tag:yaml.org,2002:"
KEY_LENGTH_MAX = 120
PRINTABLE = re.compile(
    r"[\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*\Z"
)
LITERAL = re.compile(r"(?![ \n])[^\t\x85\u2028\u2029\ufeff]*\Z")
SINGLE_QUOTABLE = re.compile(r"[^\n\t\x85\u2028\u2029\ufeff]*\Z")
SHORT_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}


def emit(node: Node) -> str:
    """Return the block text of a node at indent 0, with a line break at its end."""
    if isinstance(node, Scalar):
        return f"{_scalar(node, INDENT)}\n"
    if _is_empty(node):
        return f"{_inline_empty(node)}\n"
    head = f"{_tag(node.tag)}\n" if _tag(node.tag) else ""
    return head + "".join(f"{line}\n" for line in _lines(node, ""))


def is_plain_word(text: str) -> bool:
    """Return whether a text is read as itself without quotes, by YAML 1.1 as well."""
    return bool(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.]*", text)) and text.lower() not in _WORDS


_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def quoted(text: str) -> str:
    """Return a text as a double-quoted scalar on one line."""
    return '"' + "".join(_escaped(c) for c in text) + '"'


def _escaped(character: str) -> str:
    if character in SHORT_ESCAPES:
        return SHORT_ESCAPES[character]
    code = ord(character)
    if " " <= character <= "~" or (character > "\xa0" and character.isprintable()):
        return character
    if code <= 0xFF:  # noqa: PLR2004 - two hexadecimal digits
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - four of them


def _lines(node: Mapping | Sequence, pad: str) -> list[str]:
    lines: list[str] = []
    if isinstance(node, Sequence):
        for item in node.items:
            lines += _item_lines(item, pad)
        return lines
    for key, value in node.pairs:
        if isinstance(key, Scalar) and _is_simple_key(key):
            lines += _pair_lines(_scalar(key, pad), value, pad)
        else:
            lines += _marked_lines("?", key, pad) + _marked_lines(":", value, pad)
    return lines


def _is_simple_key(key: Scalar) -> bool:
    return key.style not in {"|", ">"} and "\n" not in key.value and len(key.value) < KEY_LENGTH_MAX


def _pair_lines(key: str, value: Node, pad: str) -> list[str]:
    if isinstance(value, Scalar):
        return [f"{pad}{key}: {_scalar(value, pad + INDENT)}".rstrip(" ")]
    if _is_empty(value):
        return [f"{pad}{key}: {_inline_empty(value)}"]
    tag = _tag(value.tag)
    return [f"{pad}{key}:{' ' if tag else ''}{tag}", *_lines(value, pad + INDENT)]


def _item_lines(item: Node, pad: str) -> list[str]:
    return _marked_lines("-", item, pad)


def _marked_lines(mark: str, node: Node, pad: str) -> list[str]:
    """Return the lines of a list item, or of the key or the value of an entry with ``?``."""
    if isinstance(node, Scalar):
        return [f"{pad}{mark} {_scalar(node, pad + INDENT)}"]
    if _is_empty(node):
        return [f"{pad}{mark} {_inline_empty(node)}"]
    tag = _tag(node.tag)
    inner = _lines(node, pad + INDENT)
    if tag:
        return [f"{pad}{mark} {tag}", *inner]
    return [f"{pad}{mark} {inner[0].lstrip(' ')}", *inner[1:]]


def _is_empty(node: Mapping | Sequence) -> bool:
    return not (node.items if isinstance(node, Sequence) else node.pairs)


def _inline_empty(node: Mapping | Sequence) -> str:
    tag = _tag(node.tag)
    return f"{tag} " * bool(tag) + ("[]" if isinstance(node, Sequence) else "{}")


def _scalar(node: Scalar, pad: str) -> str:
    tag = _tag(node.tag)
    text = _scalar_text(node, pad)
    return f"{tag} {text}".rstrip(" ") if tag else text


def _scalar_text(node: Scalar, pad: str) -> str:
    value = node.value
    if not node.style:
        return value if "\n" not in value else quoted(value)
    if (
        node.style in {"|", ">"}
        and value.strip()
        and LITERAL.match(value)
        and PRINTABLE.match(value)
    ):
        return _literal(value, pad)
    if node.style == "'" and SINGLE_QUOTABLE.match(value) and PRINTABLE.match(value):
        return "'" + value.replace("'", "''") + "'"
    return quoted(value)


def _literal(value: str, pad: str) -> str:
    """Return a literal block; ``+`` keeps line breaks at the end, ``-`` says there is none."""
    body = value.rstrip("\n")
    breaks = len(value) - len(body)
    sign = "-" if breaks == 0 else "" if breaks == 1 else "+"
    lines = [f"{pad}{line}" if line else "" for line in body.split("\n")]
    lines += [""] * (breaks - 1)
    return "\n".join([f"|{sign}", *lines])


def _tag(tag: str | None) -> str:
    if tag is None:
        return ""
    if tag.startswith(STANDARD_TAGS):
        return "!!" + tag.removeprefix(STANDARD_TAGS)
    return tag if re.fullmatch(r"![A-Za-z0-9_-]*", tag) else f"!<{tag}>"
