"""Draws the states of a part and the moves between them from the table ``MOVES``, as SVG.

Run it as a script to write the picture of the documentation anew:
``PYTHONPATH=controller python -m tests.engine.state_diagram``.
"""

from html import escape
from pathlib import Path

from jobnet.engine.states import ENDED, MOVES, State

PICTURE = Path(__file__).parents[2] / "docs" / "pictures" / "states.svg"

_WIDTH, _HEIGHT = 1180, 430
_BOX_WIDTH, _BOX_HEIGHT = 108, 40
_LINE = 210
_PLACES = {
    State.PLANNED: (70, _LINE),
    State.FIXED: (220, _LINE),
    State.WAITING: (400, _LINE),
    State.QUEUED: (570, _LINE),
    State.STARTING: (740, _LINE),
    State.RUNNING: (910, _LINE),
    State.HELD: (400, 60),
    State.PROMPTING: (570, 360),
}
_ENDS_LEFT, _ENDS_TOP, _ENDS_WIDTH = 1020, 60, 150
_STYLE = (
    "text{font:13px sans-serif;fill:#222}.box{fill:#eef3fa;stroke:#4a6fa5}"
    ".move{fill:none;stroke:#4a6fa5;marker-end:url(#tip)}"
    ".back{fill:none;stroke:#b07a2a;stroke-dasharray:5 3;marker-end:url(#tip)}"
)


def state_diagram() -> str:
    """Return the picture as SVG."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">',
        "<title>States of a part and the moves between them</title>",
        f"<style>{_STYLE}</style>",
        (
            '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" '
            'markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="#4a6fa5"/></marker>'
            "</defs>"
        ),
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
    ]
    parts += [_move(one, other) for one in _PLACES for other in _PLACES if other in _moves(one)]
    parts += [_returns(), *(_box(state) for state in _PLACES), _ends(), "</svg>"]
    return "\n".join(parts) + "\n"


def _moves(state: State) -> set[State]:
    return set(MOVES[state]) - {state}


def _box(state: State) -> str:
    x, y = _PLACES[state]
    left, top = x - _BOX_WIDTH // 2, y - _BOX_HEIGHT // 2
    return (
        f'<rect class="box" x="{left}" y="{top}" width="{_BOX_WIDTH}" height="{_BOX_HEIGHT}" '
        f'rx="6"/><text x="{x}" y="{y + 5}" text-anchor="middle">{state.name}</text>'
    )


def _move(one: State, other: State) -> str:
    """Return an arrow: on the line straight or in a bow, forward above and back below."""
    (x1, y1), (x2, y2) = _PLACES[one], _PLACES[other]
    if y1 == y2 == _LINE:
        steps = abs(list(_PLACES).index(other) - list(_PLACES).index(one))
        if x1 < x2 and steps == 1:
            half = _BOX_WIDTH // 2
            return f'<path class="move" d="M{x1 + half} {y1}H{x2 - half}"/>'
        side = -1 if x1 < x2 else 1
        edge, bow = y1 + side * _BOX_HEIGHT // 2, y1 + side * (30 + 26 * steps)
        shift = 8 if x1 < x2 else -8
        return (
            f'<path class="move" d="M{x1 + shift} {edge}C{x1 + shift} {bow} {x2 - shift} {bow} '
            f'{x2 - shift} {edge}"/>'
        )
    down = 1 if y2 > y1 else -1
    start, end = y1 + down * _BOX_HEIGHT // 2, y2 - down * _BOX_HEIGHT // 2
    shift = 12 if x1 <= x2 else -12
    return f'<path class="move" d="M{x1 + shift} {start}L{x2 + shift} {end}"/>'


def _ends() -> str:
    """Return the box of all ends, and from where each of them is reached."""
    lines = [state.name for state in State if state in ENDED]
    height = 30 + 20 * len(lines)
    texts = "".join(
        f'<text x="{_ENDS_LEFT + 14}" y="{_ENDS_TOP + 26 + 20 * row}">{name}</text>'
        for row, name in enumerate(lines)
    )
    whole = [state.name for state in _PLACES if set(lines) <= {s.name for s in MOVES[state]}]
    few = [
        f"{state.name} to {', '.join(s.name for s in MOVES[state] if s in ENDED)} only"
        for state in _PLACES
        if state.name not in whole
    ]
    note = f"Any end may follow {', '.join(whole)}; {'; '.join(few)}."
    return (
        f'<rect class="box" x="{_ENDS_LEFT}" y="{_ENDS_TOP}" width="{_ENDS_WIDTH}" '
        f'height="{height}" rx="6"/>{texts}'
        f'<text x="20" y="{_HEIGHT - 14}">{escape(note)}</text>'
    )


def _returns() -> str:
    """Return the moves out of an end: what a rerun or another result does."""
    back = [state for state in _PLACES if state in MOVES[State.NORMAL]]
    same = all(set(MOVES[state]) == set(MOVES[State.NORMAL]) for state in ENDED)
    assert same, "the picture shows all ends as one"
    drawn = []
    for state in back:
        x, y = _PLACES[state]
        top = 18
        drawn.append(
            f'<path class="back" d="M{_ENDS_LEFT + 60} {_ENDS_TOP}C{_ENDS_LEFT + 40} {top - 30} '
            f'{x - 20} {top - 30} {x - 20} {y - _BOX_HEIGHT // 2}"/>'
        )
    names = " and ".join(state.name for state in back)
    drawn.append(f'<text x="560" y="14">rerun: {names}</text>')
    return "".join(drawn)


if __name__ == "__main__":
    PICTURE.write_text(state_diagram(), encoding="utf-8")
