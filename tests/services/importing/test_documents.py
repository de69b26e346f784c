"""Documents that are made have names of their own and text that YAML gives back as it was."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jobnet.services.importing.documents import (
    NAME_LENGTH_MAX,
    ImportedDocument,
    Names,
    as_written,
    name_of,
    title_of,
)
from jobnet.services.importing.secret_texts import concealed, is_secret_name

from tests.services.importing.importing import Loader

TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=40) | st.sampled_from(
    ["yes", "no", "null", "~", "1", "0644", "22:00", "- x", "a: b", "# x", "{{ x }}", "a\nb\n", "'",
     "true", "1e3", "*x", "&x", "!x", "%x", "@x", " x ", "x:", "=", "<<", "", "\t", "x #y", "..."]
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(value=VALUES)
@settings(max_examples=100, deadline=None)
def test_what_is_written_is_read_back_as_it_was(value: object) -> None:
    text = ImportedDocument(kind="network", name="n", content={"x": value}, comments=("a\nb",)).text

    assert yaml.load(text, Loader) == {"kind": "network", "name": "n", "x": value}  # noqa: S506


def test_a_text_with_braces_is_marked_for_ansible() -> None:
    text = ImportedDocument(kind="network", name="n", content={"x": as_written("{{ y }}")}).text

    assert 'x: !unsafe "{{ y }}"' in text


def test_names_of_one_text_are_numbered_and_never_too_long() -> None:
    names = Names()

    taken = [names.take("x" * 200, otherwise="job") for _ in range(5_000)]

    assert len(set(taken)) == len(taken)
    assert max(map(len, taken)) <= NAME_LENGTH_MAX
    assert names.take("x_2", otherwise="job") == "x_2"


def test_a_numbered_name_does_not_take_that_of_another() -> None:
    names = Names()

    assert [names.take(one, otherwise="job") for one in ("a_2", "a", "a", "", "")] == [
        "a_2", "a", "a_3", "job", "job_2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Über Nacht!", "uber_nacht"),
        ("a--b__c", "a-b_c"),
        ("../../etc", "etc"),
        ("日本", ""),
        ("-", ""),
    ],
)
def test_a_name_is_plain_letters(text: str, name: str) -> None:
    assert name_of(text) == name


def test_a_title_is_one_line_that_nobody_templates() -> None:
    assert title_of("a {{ x }}\n\x1b[31mb") == "a (( x )) [31mb"


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("DB_PASSWORD", True), ("PGPASSWORD", True), ("api_token", True), ("SECRET", True),
     ("AWS_SECRET_ACCESS_KEY", True), ("PASSWORD_FILE", False), ("TOKEN_URL", False),
     ("PATH", False), ("COMPASS", False), ("AUTHOR", False), ("KEYBOARD", False)],
)  # fmt: skip
def test_a_name_tells_whether_its_value_is_secret(name: str, is_one: bool) -> None:  # noqa: FBT001
    assert is_secret_name(name) is is_one


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("x --password=hunter2 y", 'x --password="$IMPORTED_SECRET_1" y'),
        ("x --password 'a b' y", 'x --password "$IMPORTED_SECRET_1" y'),
        ("curl -H 'Authorization: Bearer abc' u", ("curl -H 'Authorization: Bearer '"
         "\"$IMPORTED_SECRET_1\"'' u")),
        ('curl "https://u:pw@h/"', 'curl "https://u:${IMPORTED_SECRET_1}@h/"'),
        ("TOKEN=abc ./x && API_KEY=def ./y", ('TOKEN="$IMPORTED_SECRET_1" ./x &&'
         ' API_KEY="$IMPORTED_SECRET_2" ./y')),
        ("mysqldump -phunter2 shop", 'mysqldump -p"$IMPORTED_SECRET_1" shop'),
        ("curl -u ann:pw https://h", 'curl -u ann:"$IMPORTED_SECRET_1" https://h'),
        ("x --password-file=/etc/p", "x --password-file=/etc/p"),
        ("x --password=$PASSWORD", "x --password=$PASSWORD"),
        ("x --token-url https://h/t", "x --token-url https://h/t"),
        ("rsync -a /passages /tokens", "rsync -a /passages /tokens"),
    ],
)  # fmt: skip
def test_secrets_of_a_command_become_variables(command: str, expected: str) -> None:
    assert concealed(command).text == expected
