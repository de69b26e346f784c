"""Writes an outline as a Mermaid flowchart, for pages that draw Mermaid by themselves.

Its structure is that of the SVG: containers are subgraphs, states are classes. Ids are counted, so
nothing that an author wrote is ever read as syntax.
"""

from dataclasses import dataclass, field

from jobnet.engine.states import State
from jobnet.ids import PartId
from jobnet.pictures.looks import LOOKS
from jobnet.pictures.mermaid_text import bare, label
from jobnet.pictures.outline import Lane, Outline, Role, Step, is_quiet, steps_in
from jobnet.pictures.sizes import SECTION_LABELS, state_words, title_words

_POINT = '((" "))'
_FAILING = "abnormal end"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """Where something that was written is entered and left, and the jumps out of it."""

    entry: str
    exit: str
    jumps: tuple[tuple[str, PartId], ...] = ()


def to_mermaid(outline: Outline) -> str:
    """Return the flowchart, ending in a line end."""
    writer = _Writer()
    begin, way = writer.point(), writer.lane(outline.lane)
    writer.edges.append(f"{begin} --> {way.entry}")
    end = writer.node('((("end")))')
    writer.edges.append(f"{way.exit} --> {end}")
    states = sorted({step.state for step in steps_in(outline.lane) if step.state is not None})
    told = (*outline.subtitles, state_line(outline), *outline.warnings)
    lines = [
        "flowchart TB",
        f"accTitle: {bare(outline.title)}",
        f"accDescr: {bare('; '.join(filter(None, told)))}",
        *writer.lines,
        *writer.edges,
        *(f"class {name} {_class_name(state)}" for name, state in writer.classes),
        *map(_class, states),
    ]
    return "\n".join(lines) + "\n"


def state_line(outline: Outline) -> str:
    """Return how the run stands, or "" for a definition."""
    if outline.state is None:
        return ""
    words = (outline.state.value.replace("_", " ").capitalize(), outline.standing)
    return ", ".join(filter(None, words))


@dataclass(slots=True)
class _Writer:
    """Collects the lines of the nodes, the edges and the classes of a flowchart."""

    lines: list[str] = field(default_factory=list)
    edges: list[str] = field(default_factory=list)
    classes: list[tuple[str, State]] = field(default_factory=list)
    count: int = 0

    def node(self, shape: str, state: State | None = None) -> str:
        """Write a node and return its id."""
        name = self._name()
        self.lines.append(f"{name}{shape}")
        if state is not None:
            self.classes.append((name, state))
        return name

    def point(self) -> str:
        """Write a node without words, where ways part or join."""
        return self.node(_POINT)

    def lane(self, lane: Lane) -> _Way:
        """Write the steps of a lane, with the edges between them."""
        ways = [self._step(step) for step in lane.steps]
        if not ways:
            point = self.point()
            return _Way(entry=point, exit=point)
        for before, way, step in zip(ways, ways[1:], lane.steps[1:], strict=False):
            arrow = "-.->" if is_quiet(step.state) else "-->"
            self.edges.append(f"{before.exit} {arrow} {way.entry}")
        entries = {
            step.id: way.entry
            for step, way in zip(lane.steps, ways, strict=True)
            if not step.is_summary
        }
        jumps = [jump for way in ways for jump in way.jumps]
        for source, target in jumps:
            if target in entries:
                self.edges.append(f"{source} -. {label('back')} .-> {entries[target]}")
        still_open = tuple(jump for jump in jumps if jump[1] not in entries)
        return _Way(entry=ways[0].entry, exit=ways[-1].exit, jumps=still_open)

    def _step(self, step: Step) -> _Way:
        if step.lanes:
            return self._container(step)
        rows = (step.name, step.says, step.notes, state_words(step))
        name = self.node(f"[{label(*rows)}]", step.state)
        jumps = () if step.jump is None else ((name, step.jump),)
        return _Way(entry=name, exit=name, jumps=jumps)

    def _container(self, step: Step) -> _Way:
        name = self._open(step.name, title_words(step), state_words(step))
        if step.state is not None:
            self.classes.append((name, step.state))
        way = self._inside(step.lanes)
        self.lines.append("end")
        return way

    def _inside(self, lanes: tuple[Lane, ...]) -> _Way:
        """Write the lanes of a container between a point where they part and one where they join.

        The always of a block comes after the join.
        """
        fork = self.point()
        before = [lane for lane in lanes if lane.role is not Role.ALWAYS]
        ways = [self._way(lane, fork) for lane in before]
        join = self.point()
        for lane, way in zip(before, ways, strict=True):
            is_dotted = lane.is_quiet or (bool(lane.steps) and is_quiet(lane.steps[-1].state))
            self.edges.append(f"{way.exit} {'-.->' if is_dotted else '-->'} {join}")
        after = [self._way(lane, join) for lane in lanes if lane.role is Role.ALWAYS]
        return _Way(
            entry=fork,
            exit=after[-1].exit if after else join,
            jumps=tuple(jump for way in (*ways, *after) for jump in way.jumps),
        )

    def _way(self, lane: Lane, fork: str) -> _Way:
        section = SECTION_LABELS.get(lane.role)
        if section is not None:
            self._open(section)
        way = self.lane(lane)
        if section is not None:
            self.lines.append("end")
        arrow = "-.->" if lane.is_quiet or lane.role is Role.RESCUE else "-->"
        words = _FAILING if lane.role is Role.RESCUE else lane.label
        said = f"|{label(words)}|" if words else ""
        self.edges.append(f"{fork} {arrow}{said} {way.entry}")
        return way

    def _open(self, *rows: str) -> str:
        name = self._name()
        self.lines.append(f"subgraph {name}[{label(*rows)}]")
        return name

    def _name(self) -> str:
        self.count += 1
        return f"n{self.count}"


def _class_name(state: State) -> str:
    return f"state_{state.value}"


def _class(state: State) -> str:
    tone = LOOKS[state].tone
    dashes = ",stroke-dasharray:4 3" if is_quiet(state) else ""
    colours = f"fill:{tone.ground},stroke:{tone.line},color:{tone.line}{dashes}"
    return f"classDef {_class_name(state)} {colours}"
