"""Says how large things are drawn: rows of a card, the title of a container, gaps between them."""

from jobnet.pictures.lettering import width_of
from jobnet.pictures.looks import word_of
from jobnet.pictures.outline import Lane, Role, Step, steps_in

NAME_SIZE, TEXT_SIZE = 13, 11
NAME_ROW, TEXT_ROW = 18, 16
CARD_PAD, CARD_TEXT_LEFT, CARD_WIDTH_MIN, CARD_WIDTH_MAX = 8, 46, 180, 320
TITLE_HEIGHT, TITLE_TEXT_LEFT, TITLE_WIDTH_MAX = 32, 32, 460
LABEL_HEIGHT = 24
PILL_HEIGHT, PILL_WIDTH_MAX = 20, 200
FLOW_GAP, LANE_GAP, FRAME_PAD, BAR_GAP = 22, 24, 16, 14
GUTTER = 14
SECTION_LABELS = {Role.RESCUE: "rescue, after an abnormal end", Role.ALWAYS: "always"}


def card_width(lane: Lane) -> int:
    """Return the one width of all cards of a picture: what the longest text needs, bounded."""
    cards = (step for step in steps_in(lane) if not step.lanes)
    needed = max((max(_row_widths(step)) for step in cards), default=0.0)
    width = int(needed) + 1 + CARD_TEXT_LEFT + CARD_PAD
    return 2 * (min(CARD_WIDTH_MAX, max(CARD_WIDTH_MIN, width)) // 2)


def card_height(step: Step) -> int:
    """Return the height of a card with the rows that this step has."""
    rows = sum(1 for text in (step.says, step.notes, state_words(step)) if text)
    return max(40, 2 * CARD_PAD + NAME_ROW + TEXT_ROW * rows - 2)


def title_width(step: Step) -> int:
    """Return the width that the title of a container asks for."""
    needed = TITLE_TEXT_LEFT + width_of(step.name, NAME_SIZE, is_bold=True)
    needed += 10 + width_of(title_words(step), TEXT_SIZE)
    if step.state is not None:
        needed += 34 + width_of(state_words(step), TEXT_SIZE, is_bold=True)
    return min(TITLE_WIDTH_MAX, int(needed) + 14)


def title_words(step: Step) -> str:
    """Return what stands behind the name of a container."""
    return ", ".join(words for words in (step.says, step.notes) if words)


def state_words(step: Step) -> str:
    """Return the state of a step with what stands beside it, or "" for a definition."""
    if step.state is None:
        return ""
    return ", ".join(words for words in (word_of(step.state), step.standing) if words)


def pill_width(label: str) -> int:
    """Return the width of the name of a way; 0 where it has none."""
    return min(PILL_WIDTH_MAX, int(width_of(label, TEXT_SIZE)) + 18) if label else 0


def _row_widths(step: Step) -> tuple[float, ...]:
    state = state_words(step)
    return (
        width_of(step.name, NAME_SIZE, is_bold=True),
        width_of(step.says, TEXT_SIZE),
        width_of(step.notes, TEXT_SIZE),
        18 + width_of(state, TEXT_SIZE, is_bold=True) if state else 0.0,
    )
