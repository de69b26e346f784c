"""Says how states and kinds look: a state is always a colour, a word and a symbol together.

Symbols and icons are strokes in a square of 16 by 16, drawn here, so that no picture depends
on the fonts of whoever looks at it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from jobnet.engine.states import State


class Tone(Enum):
    """A family of colours: lines and words, and the ground behind them."""

    GREEN = ("#2f6b1f", "#f1f8ee")
    AMBER = ("#8a5a00", "#fdf5e1")
    RED = ("#a8281c", "#fdeeec")
    BLUE = ("#0b5cad", "#eaf3fc")
    PURPLE = ("#8a1f7a", "#faeef8")
    GREY = ("#5f6870", "#f7f8f9")
    INK = ("#35424e", "#ffffff")

    @property
    def line(self) -> str:
        """The colour of lines and words, dark enough to read on white."""
        return self.value[0]

    @property
    def ground(self) -> str:
        """The colour behind them."""
        return self.value[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The tone of a state and the strokes of its symbol."""

    tone: Tone
    symbol: str


_RING = "M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 1 1 0-13z"
_CHECK = f"{_RING}M4.8 8.2l2.3 2.3L11.3 5.8"
_CROSS = f"{_RING}M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2"
_CLOCK = f"{_RING}M8 4.2V8l2.8 1.8"
_PLAY = f"{_RING}M6.4 4.9l4.8 3.1l-4.8 3.1z"
_PAUSE = f"{_RING}M6.2 5v6M9.8 5v6"
_QUESTION = f"{_RING}M6 6.3a2 2 0 1 1 2.9 1.8c-.6.3-.9.6-.9 1.3M8 11.5v.2"
_LINES = "M2.5 4h11M2.5 8h11M2.5 12h11"
_TRIANGLE = "M8 1.8L15 14H1zM8 6v4M8 11.9v.2"
_HOP = "M2 10.5c1-6 9-7 11-1.5M13.3 5.2V9.2H9.3"
_DASH = f"{_RING}M4.8 8h6.4"
_SLASH = f"{_RING}M3.6 12.4l8.8-8.8"
_AROUND = "M2 5.5h6.5a3 3 0 0 1 0 6H4M6.5 9L4 11.5L6.5 14M12 3v2.5"
_SWORDS = "M3 3l10 10M13 3L3 13"

LOOKS: Mapping[State, Look] = {
    State.PLANNED: Look(tone=Tone.GREY, symbol=_RING),
    State.FIXED: Look(tone=Tone.GREY, symbol=_RING),
    State.WAITING: Look(tone=Tone.AMBER, symbol=_CLOCK),
    State.QUEUED: Look(tone=Tone.AMBER, symbol=_LINES),
    State.STARTING: Look(tone=Tone.BLUE, symbol="M5 3l8 5l-8 5z"),
    State.RUNNING: Look(tone=Tone.BLUE, symbol=_PLAY),
    State.HELD: Look(tone=Tone.PURPLE, symbol=_PAUSE),
    State.PROMPTING: Look(tone=Tone.PURPLE, symbol=_QUESTION),
    State.NORMAL: Look(tone=Tone.GREEN, symbol=_CHECK),
    State.WARNING: Look(tone=Tone.AMBER, symbol=_TRIANGLE),
    State.ABNORMAL: Look(tone=Tone.RED, symbol=_CROSS),
    State.KILLED: Look(tone=Tone.RED, symbol=_SWORDS),
    State.FAILED_TO_START: Look(tone=Tone.RED, symbol=f"{_RING}M8 4.5v4.3M8 11.2v.2"),
    State.LOST: Look(tone=Tone.RED, symbol=_QUESTION),
    State.SKIPPED: Look(tone=Tone.GREEN, symbol=_HOP),
    State.BYPASSED: Look(tone=Tone.GREY, symbol=_AROUND),
    State.NOT_RUN: Look(tone=Tone.GREY, symbol=_DASH),
    State.MISSED: Look(tone=Tone.RED, symbol=f"{_CLOCK}M2 14L14 2"),
    State.CANCELLED: Look(tone=Tone.GREY, symbol=_SLASH),
}

_BOX = "M2 2.5h12v11H2z"
_NODES = "M6 2h4v3H6zM1.5 11h4v3h-4zM10.5 11h4v3h-4zM8 5v3M3.5 11V8h9v3"
_CALENDAR = "M2 3.5h12v10.5H2zM2 6.5h12M5 1.5v3M11 1.5v3"
_UP = "M10.8 3.6L12.5 2l1.7 1.6"
_RIGHTS = "M12.5 2.5l2 2l-2 2M12.5 9.5l2 2l-2 2"
_BELL = "M8 1.5c3 0 4 2.5 4 5c0 3.5 1.5 4.5 1.5 4.5h-11S4 10 4 6.5c0-2.5 1-5 4-5z"

ICONS: Mapping[str, str] = {
    "job": "M8 1.5l6 3.2v6.6l-6 3.2l-6-3.2V4.7zM2 4.7l6 3.2l6-3.2M8 7.9v6.6",
    "network": _NODES,
    "dialog": "M2 2.5h12v8.5H7.5L4.5 14v-3H2zM5 5.5h6M5 8h4",
    "branch": f"M8 14.5V9.5L3.5 5V2M8 9.5L12.5 5V2M1.8 3.6L3.5 2l1.7 1.6{_UP}",
    "calendar_branch": _CALENDAR + "M8 8.5v1.5M8 10l-2.5 2M8 10l2.5 2",
    "parallel": "M3 2v12M8 2v12M13 2v12",
    "any_of": f"M1.5 4.5h3l6 7h4M1.5 11.5h3l1.7-2M8.8 6.5l1.7-2h4{_RIGHTS}",
    "continue_from": "M13.5 8a5.5 5.5 0 1 1-1.8-4M12 1v3.2H8.8",
    "wait_network": _NODES,
    "wait_part": "M2 2.5h7v5H2zM8.5 9.5a3 3 0 1 1 0 5.9a3 3 0 1 1 0-5.9zM8.5 11v1.6l1 .6",
    "wait_file": "M3.5 1.5h6l3 3v10h-9zM9.5 1.5v3h3M5.5 8h5M5.5 11h5",
    "wait_until": _CLOCK,
    "wait_for": "M3.5 1.5h9M3.5 14.5h9M4.5 1.5c0 4 7 5 7 13M11.5 1.5c0 4-7 5-7 13",
    "send_event": "M1.5 7.5L14.5 2L10.5 14L7.5 9.2zM7.5 9.2L14.5 2",
    "wait_event": f"{_BELL}M6.5 13.5h3",
    "block": _BOX + "M2 6h12",
    "for_each": "M4.5 2h9.5v8.5M2 4.8h9.5v9H2z",
    "notify": "M1.5 3.5h13v9h-13zM1.5 4l6.5 5l6.5-5",
}


def word_of(state: State) -> str:
    """Return the state as people read it.

    >>> word_of(State.FAILED_TO_START)
    'Failed to start'
    """
    return state.value.replace("_", " ").capitalize()
