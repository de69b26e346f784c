"""Builds the outline of a network or of a run: what is seen, and in which order.

The same walk over the definition serves both, so a network and its runs have the same shape; a run
adds states, and the items that a for-each really had. Called networks are drawn in
place, until ``CALLED_PARTS_MAX`` parts of them have been and down to ``LEVELS_MAX`` levels: they
can multiply without end.
"""

from collections.abc import Iterable, Mapping

from jobnet.definition import Bundle, Flow, ForEach, Part, SubNetwork
from jobnet.definition import walk as parts_below
from jobnet.definition.bodies import ContinueFrom
from jobnet.engine import Tracker, TrackLine, track
from jobnet.engine.bounds import MESSAGE_MAX
from jobnet.engine.keys import call_scope, item_scope, item_slot, part_key
from jobnet.engine.kinds import kind_of
from jobnet.engine.standing import state_in_unopened
from jobnet.engine.states import State
from jobnet.engine.tracker import PartRecord
from jobnet.ids import NetworkName, PartKey
from jobnet.pictures.details import headline, notes
from jobnet.pictures.items import choose_items, summary_of_items
from jobnet.pictures.lettering import plain
from jobnet.pictures.outline import Lane, Outline, Role, Step, is_quiet
from jobnet.pictures.run_words import about, standing, times
from jobnet.pictures.ways import is_past, labels_of, role_of, ways_of

EACH = "*"
"""The key of the one item that the picture of a definition has for a for-each."""

CALLED_PARTS_MAX = 2_000
LEVELS_MAX = 80
NOT_DRAWN = "its parts are not drawn"


def outline_of_network(bundle: Bundle) -> Outline:
    """Return the outline of a definition."""
    network = bundle.network
    walk = _Walk(bundle, {}, is_run=False)
    return Outline(
        title=plain(network.title or network.name),
        subtitles=(plain(", ".join(about(network))),),
        lane=Lane(role=Role.FLOW, label="", steps=walk.steps(network.flow, "", None)),
    )


def outline_of_run(tracker: Tracker, warnings: Iterable[str] = ()) -> Outline:
    """Return the outline of a run as it stands; ``warnings`` are shown on the picture."""
    run, bundle = tracker.run, tracker.layout.bundle
    assert run is not None, "only a run that has started can be drawn"
    walk = _Walk(bundle, {line.key: line for line in track(tracker)}, is_run=True)
    network = bundle.network
    words = (f"run {run.run}", f"operating day {run.operating_day}, {times(run)}")
    return Outline(
        title=plain(network.title or network.name),
        subtitles=tuple(map(plain, words)),
        lane=Lane(role=Role.FLOW, label="", steps=walk.steps(network.flow, "", None)),
        state=run.state,
        standing=f"{len(run.recovered)} recovered" if run.recovered else "",
        warnings=tuple(plain(warning) for warning in warnings),
    )


class _Walk:
    """One walk over a definition with what a run knows of its parts."""

    def __init__(self, bundle: Bundle, lines: Mapping[PartKey, TrackLine], *, is_run: bool) -> None:
        self._bundle, self._lines, self._is_run = bundle, lines, is_run
        self._called, self._level = 0, 0

    def steps(self, flow: Flow, scope: str, unopened: State | None) -> tuple[Step, ...]:
        """Return the steps of a flow; ``unopened`` is the state of parts without a line."""
        return tuple(self._step(part, scope, unopened) for part in flow)

    def _step(self, part: Part, scope: str, unopened: State | None) -> Step:
        key = part_key(scope, part.id)
        line = self._lines.get(key)
        state = line.state if line is not None else unopened
        record = None if line is None else line.record
        name, detail = headline(part)
        lanes = self._lanes(part, key, scope, state, record)
        is_closed = isinstance(part.body, SubNetwork) and not lanes
        return Step(
            key=plain(key),
            id=part.id,
            name=plain(name),
            kind=kind_of(part.body),
            says=plain(detail),
            notes=plain(", ".join(filter(None, (notes(part), NOT_DRAWN if is_closed else "")))),
            state=state if self._is_run else None,
            standing="" if line is None else plain(", ".join(standing(line))),
            message="" if line is None else plain(line.message, length_max=MESSAGE_MAX),
            lanes=lanes,
            jump=part.body.target if isinstance(part.body, ContinueFrom) else None,
        )

    def _lanes(
        self, part: Part, key: PartKey, scope: str, state: State | None, record: PartRecord | None
    ) -> tuple[Lane, ...]:
        body = part.body
        if isinstance(body, SubNetwork):
            return self._call(body, key, state)
        if isinstance(body, ForEach) and record is not None and record.items is not None:
            return self._items(body, key, state, record)
        taken = None if record is None else record.taken
        slots = ways_of(part)
        labels = labels_of(part)
        return tuple(
            self._lane(
                flow,
                scope=item_scope(key, EACH) if slot == "item" else scope,
                role=role_of(slot),
                label=labels.get(slot, ""),
                unopened=state
                if is_past(slot, flow, taken)
                else self._unopened(state, taken, slot),
            )
            for slot, flow in slots
        )

    def _lane(
        self, flow: Flow, *, scope: str, role: Role, label: str, unopened: State | None
    ) -> Lane:
        self._level += 1
        steps = self.steps(flow, scope, unopened)
        self._level -= 1
        quiet = all(is_quiet(step.state) for step in steps) if steps else is_quiet(unopened)
        return Lane(role=role, label=plain(label), steps=steps, is_quiet=quiet)

    def _call(self, body: SubNetwork, key: PartKey, state: State | None) -> tuple[Lane, ...]:
        flow = self._bundle.networks[NetworkName(body.network)].flow
        if self._called > CALLED_PARTS_MAX or self._level > LEVELS_MAX:
            return ()
        self._called += max(1, sum(1 for _ in parts_below(flow)))
        unopened = self._unopened(state, None, "flow")
        lane = self._lane(flow, scope=call_scope(key), role=Role.FLOW, label="", unopened=unopened)
        return (lane,)

    def _items(
        self, body: ForEach, key: PartKey, state: State | None, record: PartRecord
    ) -> tuple[Lane, ...]:
        assert record.items is not None, "asked for items that have not been fixed"
        lanes = [
            self._lane(
                body.flow,
                scope=item_scope(key, item),
                role=Role.BRANCH,
                label=item,
                unopened=self._unopened(state, None, item_slot(item)),
            )
            for item, _ in record.items
        ]
        shown, hidden = choose_items(lanes)
        if not hidden:
            return tuple(shown)
        summary = summary_of_items(hidden, key=plain(key))
        return (*shown, Lane(role=Role.BRANCH, label="", steps=(summary,)))

    def _unopened(self, state: State | None, taken: str | None, slot: str) -> State | None:
        return state_in_unopened(state, taken, slot) if state is not None else None
