"""A command line of a unit means the same to a shell as to systemd."""

import shlex
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jobnet.services.importing.unit_commands import CommandNotUnderstood, read_command

UNIT = "backup@shop.service"


def said_by_shell(line: str, **environment: str) -> list[str]:
    """Return the words that a real shell makes of the command."""
    command = read_command(f"/usr/bin/printf '%%s\\\\n' {line}", unit=UNIT).command
    done = subprocess.run(
        ["/bin/sh", "-c", command], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("one two", ["one", "two"]),
        ("'one two' \"three four\"", ["one two", "three four"]),
        ("$LIST", ["a", "b"]),
        ("${LIST}", ["a b"]),
        ("x${LIST}y", ["xa by"]),
        ("$$LIST", ["$LIST"]),
        ("100%% ; rm > /x | y", ["100%", ";", "rm", ">", "/x", "|", "y"]),
        ("*.txt ~ `id` $(id)", ["*.txt", "~", "`id`", "$(id)"]),
        (r"\x41 a\sb", ["A", "a b"]),
        ("%i %p %n", ["shop", "backup", UNIT]),
    ],
)
def test_the_words_of_a_line_are_those_that_systemd_makes(line: str, words: list[str]) -> None:
    assert said_by_shell(line, LIST="a b") == words


@given(words=st.lists(st.text("ab '\"$;|&<>*~`(){}[]!#\\\t", min_size=1), min_size=1, max_size=5))
@settings(max_examples=100, deadline=None)
def test_what_is_quoted_stays_one_word(words: list[str]) -> None:
    guarded = [word.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$") for word in words]
    line = " ".join(f'"{word}"' for word in guarded)

    command = read_command(f"/bin/x {line}", unit=UNIT).command

    assert shlex.split(command) == ["/bin/x", *words]


@pytest.mark.parametrize(
    ("line", "ignores", "privileged"),
    [("-/bin/x", True, False), ("+/bin/x", False, True), ("!!/bin/x", False, True),
     ("-+/bin/x", True, True), ("/bin/x", False, False)],
)  # fmt: skip
def test_the_prefixes_of_a_line_are_read(line: str, ignores: bool, privileged: bool) -> None:  # noqa: FBT001
    command = read_command(line, unit=UNIT)

    assert command.command == "/bin/x"
    assert (command.ignores_failure, command.is_privileged) == (ignores, privileged)


def test_the_name_that_a_program_is_told_is_left_out() -> None:
    command = read_command("@/bin/x its-name one", unit=UNIT)

    assert command.command == "/bin/x one"
    assert command.had_other_name


def test_a_colon_leaves_variables_alone() -> None:
    assert read_command(":/bin/x $HOME", unit=UNIT).command == "/bin/x '$HOME'"


@pytest.mark.parametrize("line", ["", "-", "/bin/x 'open", "/bin/x %H", "/bin/x %t/y"])
def test_a_line_that_cannot_be_carried_is_refused(line: str) -> None:
    with pytest.raises(CommandNotUnderstood):
        read_command(line, unit=UNIT)
