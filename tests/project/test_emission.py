"""What Ansible is handed is what the author wrote: proved with Ansible's own loader."""

from typing import Any

import pytest
from ansible._internal._datatag._tags import TrustedAsTemplate
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import EncryptedString
from hypothesis import given, settings
from hypothesis import strategies as st
from jobnet.project.composing import compose
from jobnet.project.emission import emit

NASTY = (
    "0644",
    "'0644'",
    "yes",
    "NO",
    "on",
    "~",
    "null",
    "1_000",
    "0x1F",
    "12:30:45",
    "2026-01-01",
    "2001-12-14 21:59:43.10 -5",
    ".inf",
    "1e3",
    "1.10",
    "'it''s'",
    '"tab\\there \\u2028 \\x07 \\U0001F600"',
    "\"{{ lookup('pipe', 'id') }}\"",
    "'{{ x }}'",
    "!unsafe '{{ x }}'",
    "!!str 7",
    "!!binary aGk=",
    "a:b",
    "http://example.com:80/#x",
    "-x",
    "?x",
    "100%",
    "'# no comment'",
    "' leading'",
    "'trailing '",
    "''",
    "[]",
    "{}",
    "[a, 0644, [yes]]",
    '{a: 1, "b c": [x, {y: no}]}',
    "word # a comment",
    "\u00e9\u4e2d\U0001f600",
)
BLOCKS = (
    "|\n{pad}first\n{pad}  deeper\n\n{pad}last\n",
    "|-\n{pad}no end",
    "|+\n{pad}keep\n\n\n",
    ">\n{pad}folded\n{pad}text\n\n{pad}more\n",
    ">-\n{pad}a\n{pad}  b\n{pad}c",
    "|2\n{pad}  two leading\n{pad}x\n",
    "!vault |\n{pad}$ANSIBLE_VAULT;1.1;AES256\n{pad}3030\n",
    "|\n{pad}trailing  \n{pad}   \n{pad}end\n",
    "several\n{pad}lines of\n\n{pad}plain",
    '"quoted\n{pad}over\n\n{pad}lines"',
)

leaves = st.sampled_from(NASTY) | st.sampled_from(BLOCKS)
keys = st.sampled_from(["a", "yes", "0644", "'quoted key'", "b.c", "12:30", '"x\\ty"', "~", "é"])
trees: st.SearchStrategy[Any] = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4)
        | st.dictionaries(keys, inner, min_size=1, max_size=4)
    ),
    max_leaves=12,
)


def written(tree: object, pad: str) -> str:
    """Return a tree as an author may write it, to stand behind a colon."""
    if isinstance(tree, str):
        return " " + tree.replace("{pad}", f"{pad}  ") if "{pad}" in tree else f" {tree}"
    if isinstance(tree, list):
        return "".join(f"\n{pad}-{written(one, pad + '  ')}" for one in tree)
    assert isinstance(tree, dict)
    return "".join(f"\n{pad}{key}:{written(one, pad + '  ')}" for key, one in tree.items())


def loaded(text: str) -> object:
    return comparable(DataLoader().load(TrustedAsTemplate().tag(text)))


def comparable(value: object) -> object:
    """Return a value with everything that matters to Ansible: type, text, trust, vault."""
    if isinstance(value, dict):
        return [(comparable(key), comparable(one)) for key, one in value.items()]
    if isinstance(value, list):
        return [comparable(one) for one in value]
    if isinstance(value, EncryptedString):
        return ("vault", value._ciphertext)
    return (type(value).__name__, repr(value), TrustedAsTemplate.is_tagged_on(value))


def again(text: str) -> str:
    composition = compose(text, file="x.yml")
    assert not composition.problems
    (document,) = composition.documents
    assert document.root is not None
    return emit(document.root)


@settings(max_examples=200, deadline=None)
@given(trees)
def test_ansible_reads_the_same_values_from_what_is_written_again(tree: object) -> None:
    author = f"root:{written(tree, '  ')}\n"

    ours = again(author)

    assert loaded(ours) == loaded(author), ours


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_quoted_text_survives(text: str) -> None:
    escaped = "".join(f"\\U{ord(character):08x}" for character in text)
    author = f'root: "{escaped}"\n'

    assert loaded(again(author)) == loaded(author)


@pytest.mark.parametrize("style", ["|", "|-", "|+", ">", ">-"])
@pytest.mark.parametrize(
    "body", ["a\n\n b\n", "\n\nlate\n", "x\n\n\n", "x  \n \ny\n", "# no\n- no\n"]
)
def test_block_scalars_survive(style: str, body: str) -> None:
    lines = "".join(f"    {line}\n" if line else "\n" for line in body.split("\n")[:-1])
    author = f"root:\n  key: {style}\n{lines}  next: 1\n"

    assert loaded(again(author)) == loaded(author)


def test_aliases_and_merge_keys_are_written_out() -> None:
    author = "x: &x {a: 0644, b: [yes]}\ny: *x\nz: {<<: *x, a: 1}\nl: [*x, &s text, *s]\n"

    ours = again(author)

    assert "*" not in ours
    assert "&" not in ours
    assert loaded(ours) == loaded(author)


def test_quotes_of_the_author_are_kept() -> None:
    author = "a: '0644'\nb: 0644\nc: \"yes\"\nd: !unsafe '{{ x }}'\n"

    assert again(author) == author
