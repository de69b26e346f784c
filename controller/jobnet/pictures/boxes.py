"""Draws the boxes of a picture: cards, frames of containers, sections and the names of ways."""

from collections.abc import Iterator

from jobnet.pictures.details import KIND_WORDS
from jobnet.pictures.lettering import fitted, width_of
from jobnet.pictures.looks import ICONS, LOOKS, Tone
from jobnet.pictures.outline import Role, Step, is_quiet
from jobnet.pictures.shapes import Card, Frame, Pill, Section
from jobnet.pictures.sizes import (
    CARD_PAD,
    CARD_TEXT_LEFT,
    LABEL_HEIGHT,
    NAME_ROW,
    NAME_SIZE,
    TEXT_ROW,
    TEXT_SIZE,
    TITLE_HEIGHT,
    TITLE_TEXT_LEFT,
    state_words,
    title_words,
)
from jobnet.pictures.svg_elements import element, strokes, text, told

_INK, _MUTED, _FAINT = "#1f2a33", "#5f6870", "#8b949c"
_BORDER, _GROUND = "#cdd4da", "#f4f6f8"
_SECTIONS = {Role.RESCUE: Tone.RED, Role.ALWAYS: Tone.BLUE}


def card(shape: Card) -> str:
    """Return the box of a part."""
    step, tone = shape.step, tone_of(shape.step)
    quiet = is_quiet(step.state) or step.is_summary
    return element("g", "".join(_card(shape, tone, quiet=quiet)))


def frame(shape: Frame) -> str:
    """Return the box around a container, with its title."""
    step, tone = shape.step, tone_of(shape.step)
    return element("g", "".join(_frame(shape, tone, quiet=is_quiet(step.state))))


def section(shape: Section) -> str:
    """Return the ground behind a rescue or an always."""
    tone = _SECTIONS[shape.role]
    ground = element(
        "rect",
        x=shape.x,
        y=shape.y,
        width=shape.width,
        height=shape.height,
        rx=8,
        fill="#fafbfb" if shape.is_quiet else tone.ground,
        stroke=_BORDER if shape.is_quiet else tone.line,
        stroke_opacity=None if shape.is_quiet else "0.45",
        stroke_dasharray="5 4",
    )
    colour = _MUTED if shape.is_quiet else tone.line
    y = shape.y + LABEL_HEIGHT - 8
    room = shape.width - 20
    words = text(
        shape.label, shape.x + 10, y, size=TEXT_SIZE, fill=colour, width=room, is_bold=True
    )
    return ground + words


def pill(shape: Pill) -> str:
    """Return the name of a way."""
    ground = element(
        "rect",
        x=shape.x,
        y=shape.y,
        width=shape.width,
        height=shape.height,
        rx=shape.height // 2,
        fill="#ffffff",
        stroke=_BORDER,
    )
    words = text(
        shape.label,
        shape.x + shape.width / 2,
        shape.y + 14,
        size=TEXT_SIZE,
        fill=_FAINT if shape.is_quiet else "#35424e",
        width=shape.width - 14,
        anchor="middle",
    )
    return element("g", told([shape.label]) + ground + words)


def tone_of(step: Step) -> Tone:
    """Return the colours of a step; those of a definition have no state to show."""
    return Tone.INK if step.state is None else LOOKS[step.state].tone


def _card(shape: Card, tone: Tone, *, quiet: bool) -> Iterator[str]:
    step, x, y = shape.step, shape.x, shape.y
    middle = y + shape.height / 2
    line = _FAINT if quiet else tone.line
    yield told(_words(step))
    yield element(
        "rect",
        x=x,
        y=y,
        width=shape.width,
        height=shape.height,
        rx=6,
        fill=tone.ground if tone in {Tone.RED, Tone.PURPLE, Tone.AMBER} else "#ffffff",
        stroke=tone.line if tone is Tone.RED else _BORDER,
        stroke_dasharray="4 3" if quiet else None,
    )
    bar = f"M{x + 6} {y}H{x + 4.5}V{y + shape.height}H{x + 6}A6 6 0 0 1 {x} {y + shape.height - 6}"
    yield element("path", d=f"{bar}V{y + 6}A6 6 0 0 1 {x + 6} {y}z", fill=line)
    yield element(
        "rect", x=x + 12, y=f"{middle - 13:g}", width=26, height=26, rx=5, fill=_ground(tone)
    )
    yield strokes(ICONS[step.kind], x + 17, middle - 8, 16, line)
    yield from _rows(shape, tone, quiet=quiet)


def _rows(shape: Card, tone: Tone, *, quiet: bool) -> Iterator[str]:
    """Yield name, kind, attributes and state below each other, in the middle of the card."""
    step = shape.step
    state = state_words(step)
    rows = sum(1 for words in (step.says, step.notes, state) if words)
    content = NAME_ROW + TEXT_ROW * rows
    x, room = shape.x + CARD_TEXT_LEFT, shape.width - CARD_TEXT_LEFT - CARD_PAD
    y = shape.y + (shape.height - content) / 2 + 13
    name = _MUTED if quiet else _INK
    yield text(step.name, x, y, size=NAME_SIZE, fill=name, width=room, is_bold=True)
    y += NAME_ROW - TEXT_ROW
    for words in (step.says, step.notes):
        if words:
            y += TEXT_ROW
            yield text(words, x, y, size=TEXT_SIZE, fill=_MUTED, width=room)
    if step.state is not None:
        y += TEXT_ROW
        yield strokes(LOOKS[step.state].symbol, x, y - 10, 12, tone.line)
        yield text(state, x + 17, y, size=TEXT_SIZE, fill=tone.line, width=room - 17, is_bold=True)


def _frame(shape: Frame, tone: Tone, *, quiet: bool) -> Iterator[str]:
    step, x, y, width = shape.step, shape.x, shape.y, shape.width
    yield told(_words(step))
    yield element(
        "rect",
        x=x,
        y=y,
        width=width,
        height=shape.height,
        rx=8,
        fill=_GROUND,
        stroke=tone.line if tone is Tone.RED else _BORDER,
        stroke_dasharray="4 3" if quiet else None,
    )
    low, inner = y + TITLE_HEIGHT, width - 1
    path = f"M{x + 0.5} {low}V{y + 8}a7.5 7.5 0 0 1 7.5 -7.5H{x + inner - 7}a7.5 7.5 0 0 1 7.5 7.5"
    yield element("path", d=f"{path}V{low}z", fill="#ffffff")
    yield element("path", d=f"M{x} {low}H{x + width}", stroke="#e3e8ec")
    yield from _title(shape, tone, quiet=quiet)


def _title(shape: Frame, tone: Tone, *, quiet: bool) -> Iterator[str]:
    """Yield icon, name, kind and, at the right, the state of a container."""
    step, base = shape.step, shape.y + 21
    room = shape.width - TITLE_TEXT_LEFT - 12
    state = state_words(step)
    if step.state is not None:
        wide = min(width_of(state, TEXT_SIZE, is_bold=True), room / 2)
        at = shape.x + shape.width - 12 - wide
        yield strokes(LOOKS[step.state].symbol, at - 17, base - 10, 12, tone.line)
        yield text(state, at, base, size=TEXT_SIZE, fill=tone.line, width=wide + 1, is_bold=True)
        room -= int(wide) + 30
    line = _FAINT if quiet else tone.line
    yield strokes(ICONS[step.kind], shape.x + 10, shape.y + 9, 14, line)
    x = shape.x + TITLE_TEXT_LEFT
    name = fitted(step.name, room, NAME_SIZE, is_bold=True)
    ink = _MUTED if quiet else _INK
    yield text(name, x, base, size=NAME_SIZE, fill=ink, width=room, is_bold=True)
    used = width_of(name, NAME_SIZE, is_bold=True) + 10
    if room - used > 4 * TEXT_SIZE:
        words = title_words(step)
        yield text(words, x + used, base, size=TEXT_SIZE, fill=_MUTED, width=room - used)


def _words(step: Step) -> tuple[str, ...]:
    """Return everything that there is to say of a step, whether its box has room for it or not."""
    key = "" if step.is_summary else f"{KIND_WORDS[step.kind]} {step.key}"
    return (step.name, key, step.says, step.notes, state_words(step), step.message)


def _ground(tone: Tone) -> str:
    return {Tone.INK: "#eef2f5", Tone.GREY: "#f1f3f4", Tone.RED: "#f9dcd8"}.get(tone, tone.ground)
