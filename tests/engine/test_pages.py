"""The page on the engine says what the code does.

Run this file as a script to write the moves into the page anew.
"""

import re
from pathlib import Path

from jobnet.engine.states import ENDED, MOVES, State

from tests.engine.state_diagram import PICTURE, state_diagram

ENGINE = Path(__file__).resolve().parents[2] / "docs/explanation/engine.md"
MARKED = re.compile(r"(<!-- moves: .*? -->\n)(.*?)(<!-- end of moves -->)", re.DOTALL)
OPEN = tuple(state for state in State if state not in ENDED)


def moves() -> str:
    """Return the moves as a table, from the left to the top; all ends are one state in it."""
    rows = [
        ["from \\ to", *(state.name for state in OPEN), "end"],
        ["---", *(":-:" for _ in (*OPEN, "end"))],
        *(_row(state.name, set(MOVES[state]) - {state}) for state in OPEN),
        _row("end", set(MOVES[State.NORMAL])),
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def _row(title: str, to: set[State]) -> list[str]:
    cells = [*("x" if state in to else "" for state in OPEN), "x" if to & ENDED else ""]
    return [title, *cells]


def test_the_picture_of_the_states_is_drawn_from_the_table_of_moves() -> None:
    assert PICTURE.read_text(encoding="utf-8") == state_diagram()


def test_the_moves_of_the_page_are_those_of_the_table_of_moves() -> None:
    found = MARKED.search(ENGINE.read_text(encoding="utf-8"))

    assert found is not None
    assert found.group(2) == f"\n{moves()}\n"


def test_the_page_names_every_end() -> None:
    text = ENGINE.read_text(encoding="utf-8")

    assert [state.name for state in ENDED if state.name not in text] == []


if __name__ == "__main__":
    page = ENGINE.read_text(encoding="utf-8")
    renewed = MARKED.sub(lambda found: f"{found.group(1)}\n{moves()}\n{found.group(3)}", page)
    ENGINE.write_text(renewed, encoding="utf-8")
