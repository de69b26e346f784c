"""Text from outside in a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobnet.cli.exit_codes import ExitCode, exit_code_of
from jobnet.cli.wording import colour_of, shown, shown_lines, symbol_of, word_of
from jobnet.engine.states import ENDED, State


@given(st.text(), st.integers(2, 300))
def test_nothing_that_a_terminal_obeys_is_left(text: str, length: int) -> None:
    line = shown("\x1b[31m" + text + "\x07", length_max=length)

    assert line.isprintable()
    assert len(line) <= length
    assert all(row.isprintable() for row in shown_lines("\x1b]0;owned\x07" + text))


def test_words_stay_and_escapes_go() -> None:
    assert shown("a\x1b[2J\tb\r\nc \x1b]0;owned\x07d") == "a b c d"
    assert shown("x" * 1000, length_max=10) == "xxxxxxxxx…"


@pytest.mark.parametrize("state", State)
def test_every_state_has_a_word_two_symbols_and_a_colour(state: State) -> None:
    assert word_of(state)
    assert len(symbol_of(state, is_unicode=True)) == 1
    assert symbol_of(state, is_unicode=False).isascii()
    assert colour_of(state)


def test_a_state_of_a_newer_controller_is_told_by_its_word() -> None:
    assert word_of("frozen_over") == "Frozen over"
    assert symbol_of("frozen_over", is_unicode=False) == "."
    assert not colour_of("frozen_over")


@pytest.mark.parametrize("state", sorted(ENDED))
def test_every_end_has_an_exit_status(state: State) -> None:
    good = {State.NORMAL, State.SKIPPED, State.BYPASSED}

    code = exit_code_of(state, has_lost_part=False)

    assert (code is ExitCode.NORMAL) == (state in good)
    assert code not in {ExitCode.REFUSED, ExitCode.USAGE, ExitCode.BUG}


def test_an_abnormal_run_with_a_lost_part_is_lost() -> None:
    assert exit_code_of(State.ABNORMAL, has_lost_part=True) is ExitCode.LOST
    assert exit_code_of(State.NORMAL, has_lost_part=True) is ExitCode.NORMAL
