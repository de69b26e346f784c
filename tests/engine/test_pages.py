"""The pages on parts and on the engine say what the code does.

Run this file as a script to write the diagram of the moves into the page anew.
"""

import re
from pathlib import Path

import pytest
from jobnet.engine.states import ENDED, MOVES, State
from jobnet.project import read_file

DOCS = Path(__file__).resolve().parents[2] / "docs"
PARTS = DOCS / "reference/parts.md"
ENGINE = DOCS / "explanation/engine.md"
SECTION = re.compile(r"^## (.+?)\n(.*?)(?=^## |\Z)", re.DOTALL | re.MULTILINE)
MARKED = re.compile(r"(<!-- moves: .*? -->\n)(.*?)(<!-- end of moves -->)", re.DOTALL)
NETWORKS = {
    title: re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    for title, text in SECTION.findall(PARTS.read_text(encoding="utf-8"))
}


def diagram() -> str:
    """Return the moves as a Mermaid diagram; all ends are one state in it."""
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> planned"]
    for state, moves in MOVES.items():
        if state in ENDED:
            continue
        open_ones = [move for move in moves if move not in ENDED and move is not state]
        lines += [f"    {state.value} --> {move.value}" for move in dict.fromkeys(open_ones)]
        lines += [f"    {state.value} --> ended"] if set(moves) & ENDED else []
    again = [move for move in MOVES[State.NORMAL] if move not in ENDED]
    lines += [f"    ended --> {move.value}: rerun" for move in again]
    return "\n".join([*lines, "    ended --> [*]", "```", ""])


def test_the_page_has_one_network_for_each_of_the_18_parts() -> None:
    assert len(NETWORKS) == 18
    assert {len(blocks) for blocks in NETWORKS.values()} == {1}


@pytest.mark.parametrize("title", NETWORKS)
def test_the_network_of_a_part_is_read_without_a_problem(tmp_path: Path, title: str) -> None:
    file = tmp_path / "networks.yml"
    file.write_text(NETWORKS[title][0], encoding="utf-8")

    reading = read_file(file)

    told = [str(each) for each in reading.problems]
    assert reading.documents
    if title == "SAP command" and told:
        # Its collection is not installed with Jobnet; then the only word is what to install.
        assert [text for text in told if "community.sap_libs" not in text] == []
    else:
        assert told == []


def test_the_diagram_of_the_page_is_that_of_the_table_of_moves() -> None:
    found = MARKED.search(ENGINE.read_text(encoding="utf-8"))

    assert found is not None
    assert found.group(2) == diagram()


def test_the_page_names_every_end() -> None:
    text = ENGINE.read_text(encoding="utf-8")

    assert [state.name for state in ENDED if state.name not in text] == []


if __name__ == "__main__":
    page = ENGINE.read_text(encoding="utf-8")
    renewed = MARKED.sub(lambda found: found.group(1) + diagram() + found.group(3), page)
    ENGINE.write_text(renewed, encoding="utf-8")
