"""Reads flows: each item becomes a part with its id, its attributes and its body."""

from collections.abc import Callable, Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, replace
from functools import partial

from jobnet.definition import Body, Flow, Part
from jobnet.expressions import Expression
from jobnet.ids import PartId
from jobnet.project import containers, leaves
from jobnet.project.attributes import care, deadlines, error_rules, placement
from jobnet.project.conditions import jobnet_condition, split_condition
from jobnet.project.context import Build, KnownPart, Place
from jobnet.project.job_types import JobType
from jobnet.project.keywords import INHERITED, PART_ATTRIBUTES, UNIT_SHAPES
from jobnet.project.kinds import MODULE, Kind, NoKind, kind_of
from jobnet.project.names import id_objection
from jobnet.project.nodes import Mapping, Node, Scalar, Sequence, child, entries
from jobnet.project.schema.attributes import PartShape
from jobnet.project.schema.bodies import BESIDE_BODIES, MAPPING_BODIES, BodyShape
from jobnet.project.suggestions import shown, suggest
from jobnet.project.unit_jobs import read_unit_job
from jobnet.project.validation import check, tells_accident, words_of

PARTS_MAX = 10_000
UNIT_KINDS = frozenset({MODULE, *UNIT_SHAPES})
TIMED_INSIDE = frozenset({"dialog", "wait_network", "wait_part", "wait_file", "wait_event"})
ATTRIBUTE_KEYS = PART_ATTRIBUTES - {"id", "name", "when"}
Pairs = MappingOf[str, tuple[Scalar, Node]]

LEAVES: dict[str, Callable[..., Body]] = {
    "continue_from": leaves.continue_from,
    "wait_network": leaves.wait_network,
    "wait_part": leaves.wait_part,
    "wait_file": leaves.wait_file,
    "wait_until": leaves.wait_until,
    "wait_for": leaves.wait_for,
    "send_event": leaves.send_event,
    "wait_event": leaves.wait_event,
    "dialog": leaves.dialog,
    "notify": leaves.notify,
    "network": leaves.sub_network,
}
CONTAINERS: dict[str, Callable[..., Body]] = {
    "branch": containers.branch,
    "calendar_branch": containers.calendar_branch,
    "parallel": containers.parallel,
    "any_of": containers.any_of,
    "block": containers.block,
}


@dataclass(slots=True)
class Reader:
    """Reads the flows of one network; a part with problems is told of and left out."""

    build: Build

    def flow(self, node: Node | None, place: Place) -> Flow:
        """Return the parts of a flow; None gives an empty one."""
        if node is None or _is_nothing(node):
            return ()
        if not isinstance(node, Sequence):
            self.build.object_to(
                node, place, "no_flow", "A flow is a list of parts", "Begin each part with `- `"
            )
            return ()
        parts = (self.part(item, place.at(n)) for n, item in enumerate(node.items))
        return tuple(part for part in parts if part is not None)

    def part(self, node: Node, place: Place) -> Part | None:
        """Return one part, or None after telling what is wrong with it."""
        self.build.parts_read += 1
        if self.build.parts_read > PARTS_MAX:
            if self.build.parts_read == PARTS_MAX + 1:
                self.build.object_to(
                    node,
                    place,
                    "too_many_parts",
                    f"A network has at most {PARTS_MAX:,} parts",
                    "Split it into called networks",
                )
            return None
        if not isinstance(node, Mapping):
            self.build.object_to(
                node, place, "no_part", "A part is a mapping", "Write for example `wait_for: 10m`"
            )
            return None
        if tells_accident(node, self.build.text, place.path):
            return None
        pairs = entries(node)
        kind = kind_of(pairs)
        if isinstance(kind, NoKind):
            where = pairs[kind.key][0] if kind.key in pairs else node
            self.build.object_to(where, place, kind.code, kind.what, kind.hint)
            _, part_id, is_named = self._name_and_id(pairs, "part", place)
            self.build.parts[part_id] = KnownPart(
                is_named=is_named, kind="", loops=place.scope.loops
            )
            return None
        return self._part(kind, node, pairs, place)

    def _part(self, kind: Kind, node: Mapping, pairs: Pairs, place: Place) -> Part | None:
        build = self.build
        word = "job" if kind.name in UNIT_KINDS else kind.name
        name, part_id, is_named = self._name_and_id(pairs, word, place)
        build.parts[part_id] = KnownPart(is_named=is_named, kind=word, loops=place.scope.loops)
        keys = ATTRIBUTE_KEYS - self._misplaced(kind, pairs, place)
        shape = check(PartShape, node, text=build.text, path=place.path, keys=keys)
        body, when = self._body(kind, node, pairs, place, part_id)
        if shape is None or body is None:
            return None
        build.note(shape, node, place)
        return Part(
            id=PartId(part_id),
            body=body,
            name=name,
            is_named=is_named,
            path=place.path,
            position=build.position(node),
            when=when,
            errors=error_rules(shape, self._job_type(kind, pairs)),
            deadlines=deadlines(shape),
            placement=placement(shape),
            care=care(shape),
            hold=shape.hold,
            skip=shape.skip,
            no_exec=shape.no_exec,
        )

    def _body(
        self, kind: Kind, node: Mapping, pairs: Pairs, place: Place, part_id: str
    ) -> tuple[Body | None, Expression | None]:
        build = self.build
        if kind.name in UNIT_KINDS:
            return read_unit_job(kind, node, pairs, place, build)
        own = pairs["when"][1] if "when" in pairs else None
        if kind.name == "block":
            when, _ = split_condition(own, place.at("when"), build)
        else:
            when = jobnet_condition(own, place.at("when"), build)
        inner, inside, shape = self._shape(kind, node, pairs, place)
        if shape is None:
            return None, when
        if kind.name == "for_each":
            return containers.for_each(shape, inner, inside, self, part_id), when  # type: ignore[arg-type]
        build.note(
            shape, inner, inside, replace(inside.scope, sees_event=kind.name == "wait_event")
        )
        if kind.name in CONTAINERS:
            if kind.name == "block":
                inside = containers.inherit(node, inside, build)
            return CONTAINERS[kind.name](shape, inner, inside, self), when
        return LEAVES[kind.name](shape, inner, inside, build), when

    def _shape(
        self, kind: Kind, node: Mapping, pairs: Pairs, place: Place
    ) -> tuple[Node, Place, BodyShape | None]:
        """Return what stands inside the part, checked, and where it stands."""
        check_in = partial(check, text=self.build.text)
        if kind.name in BESIDE_BODIES:
            model = BESIDE_BODIES[kind.name]
            words = set(words_of(model))
            known = words | set(INHERITED) if kind.name == "block" else words
            self._tell_unknown(pairs, known, place)
            return node, place, check_in(model, node, path=place.path, keys=words & set(pairs))
        self._tell_unknown(pairs, {kind.name}, place)
        inner, inside = pairs[kind.name][1], place.at(kind.name)
        if not isinstance(inner, Mapping):
            needed = ", ".join(
                name
                for name, field in MAPPING_BODIES[kind.name].model_fields.items()
                if field.is_required()
            )
            self.build.object_to(
                inner, inside, "wrong_type", "A mapping belongs here", f"It needs: {needed}"
            )
            return inner, inside, None
        return inner, inside, check_in(MAPPING_BODIES[kind.name], inner, path=inside.path)

    def _tell_unknown(self, pairs: Pairs, known: set[str], place: Place) -> None:
        for key, (where, _) in pairs.items():
            if key not in known and key not in PART_ATTRIBUTES:
                what = f"`{shown(key)}` is not known here"
                hint = suggest(key, known | PART_ATTRIBUTES)
                if key in INHERITED:
                    hint = "It belongs on a unit job, a block or the network"
                self.build.object_to(where, place, "unknown_key", what, hint)

    def _misplaced(self, kind: Kind, pairs: Pairs, place: Place) -> set[str]:
        """Tell of a timeout beside a wait or dialog, which has its own inside."""
        if kind.name not in TIMED_INSIDE or "timeout" not in pairs:
            return set()
        inner = pairs[kind.name][1]
        both = isinstance(inner, Mapping) and child(inner, "timeout") is not None
        what = "`timeout` stands inside and beside" if both else "`timeout` stands beside"
        hint = "Keep the one inside" if both else "Move it inside"
        self.build.object_to(
            pairs["timeout"][0], place, "timeout_beside", f"{what} `{kind.name}`", hint
        )
        return {"timeout"}

    def _name_and_id(self, pairs: Pairs, kind: str, place: Place) -> tuple[str, str, bool]:
        build = self.build
        name = _text(pairs.get("name"))
        if "name" in pairs and not isinstance(pairs["name"][1], Scalar):
            build.object_to(pairs["name"][1], place.at("name"), "no_text", "A text belongs here")
        if "id" not in pairs:
            return (name, *build.ids.derive(name, kind))
        node, written = pairs["id"][1], _text(pairs["id"])
        objection = id_objection(written)
        if objection:
            build.object_to(node, place.at("id"), "no_id", *objection)
        elif written in build.ids.taken:
            build.object_to(
                node,
                place.at("id"),
                "duplicate_id",
                f"Another part has the id `{written}`",
                "Give each part its own",
            )
        build.ids.taken.add(written)
        return name, written, objection is None

    def _job_type(self, kind: Kind, pairs: Pairs) -> JobType | None:
        found = self.build.find_job_type(_text(pairs["job"])) if kind.name == "job" else None
        return found if isinstance(found, JobType) else None


def _text(pair: tuple[Scalar, Node] | None) -> str:
    return pair[1].value if pair and isinstance(pair[1], Scalar) else ""


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and not node.style and node.value in {"", "~", "null"}


def written_ids(flow: Node | None) -> Iterator[str]:
    """Yield the ids that are written in a flow and in the flows inside it."""
    if not isinstance(flow, Sequence):
        return
    for item in flow.items:
        if not isinstance(item, Mapping):
            continue
        pairs = entries(item)
        if "id" in pairs:
            yield _text(pairs["id"])
        for inner in _inner_flows(pairs):
            yield from written_ids(inner)


def _inner_flows(pairs: Pairs) -> Iterator[Node]:
    for key in ("block", "rescue", "always"):
        if key in pairs:
            yield pairs[key][1]
    for key, lists in (
        ("branch", "cases"),
        ("calendar_branch", "cases"),
        ("parallel", "branches"),
        ("any_of", "branches"),
        ("for_each", ""),
    ):
        body = pairs[key][1] if key in pairs else None
        if body is None:
            continue
        listed = child(body, lists) if lists else None
        inside = [body, *(listed.items if isinstance(listed, Sequence) else ())]
        for one in inside:
            for slot in ("flow", "else"):
                found = child(one, slot)
                if found is not None:
                    yield found
