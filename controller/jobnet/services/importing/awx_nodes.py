"""Makes the flow of a workflow of AWX: a part for each node, put together by its links."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from jobnet.project.names import Ids
from jobnet.services.importing.awx_assets import Asset, Reference
from jobnet.services.importing.awx_jobs import (
    JobPlace,
    job_part,
    survey_defaults,
    template_variables,
)
from jobnet.services.importing.awx_variables import params_of, variables_of
from jobnet.services.importing.bounds import EDGES_MAX, NODES_MAX
from jobnet.services.importing.documents import title_of
from jobnet.services.importing.workflow_graphs import (
    FlowItem,
    Graph,
    GraphIsCircular,
    Link,
    flow_of,
)

_LINKS = {"success_nodes": Link.SUCCESS, "failure_nodes": Link.FAILURE,
          "always_nodes": Link.ALWAYS}  # fmt: skip
MESSAGE_LENGTH_MAX = 2_000
_STAND_INS = {
    "project": "AWX updated the project here; a run takes the commit that was applied",
    "inventory_source": "AWX synchronised an inventory here; it is asked anew at each attempt",
    "system_job_template": "AWX cleaned itself up here",
}


@dataclass(slots=True)
class WorkflowTemplates:
    """The templates of all exports, and the names of their networks."""

    _assets: dict[Reference, Asset] = field(default_factory=dict)
    _names: dict[int, str] = field(default_factory=dict)

    def add(self, kind: str, asset: Asset, name: str) -> None:
        """Remember a template, with its organization and without."""
        organization = asset.reference("organization")
        inside = organization.name if organization else ""
        for one in (inside, ""):
            self._assets.setdefault(Reference(kind, asset.text("name"), one), asset)
        self._names[id(asset.data)] = name

    def find(self, reference: Reference) -> Asset | None:
        """Return the template that is meant."""
        found = self._assets.get(reference)
        return found or self._assets.get(Reference(reference.type, reference.name))

    def name_of(self, kind: str, asset: Asset) -> str:
        """Return the name of the network of a template."""
        assert id(asset.data) in self._names, f"every {kind} was named before"
        return self._names[id(asset.data)]


def workflow_flow(
    workflow: Asset, templates: WorkflowTemplates, variables: Mapping[str, object], place: JobPlace
) -> list[FlowItem] | None:
    """Return the flow of a workflow, or None where it cannot be carried; the report says why."""
    nodes = workflow.related("workflow_nodes")
    if not nodes:
        place.report.left(place.source, place.subject, "it has no nodes", "Write its flow.")
        return None
    if len(nodes) > NODES_MAX:
        what = f"it has {len(nodes)} nodes, and {NODES_MAX} are carried at most"
        place.report.left(place.source, place.subject, what, "Cut it into several workflows.")
        return None
    ids = _ids(nodes)
    graph = _graph(nodes, ids, place)
    if graph is None:
        return None
    maker = _Parts(templates, variables, place)
    parts = {ids[_key(node)]: maker.part(node, ids[_key(node)]) for node in nodes}
    maker.tell(len(nodes))
    try:
        return flow_of(graph, parts)
    except GraphIsCircular as circle:
        what = f"its nodes wait for each other in a circle: {circle}"
        place.report.left(place.source, place.subject, what, "Write its flow by hand.")
        return None


def _key(node: Asset) -> str:
    return (
        node.text("identifier") or (node.itself.name if node.itself else "") or str(id(node.data))
    )


def _ids(nodes: list[Asset]) -> dict[str, str]:
    """Return the part id of each node: a slug of what it starts, numbered where it is doubled."""
    ids = Ids(frozenset())
    found: dict[str, str] = {}
    for node in nodes:
        if _key(node) not in found:
            found[_key(node)] = ids.derive(_label(node), "node")[0]
    return found


def _label(node: Asset) -> str:
    approval = node.related_one("create_approval_template")
    started = node.reference("unified_job_template")
    if approval is not None:
        return approval.text("name") or "approval"
    identifier = node.text("identifier")
    is_written = bool(identifier) and "-" not in identifier[:9]  # AWX makes UUIDs, people words
    return identifier if is_written else started.name if started else "missing"


def _graph(nodes: list[Asset], ids: Mapping[str, str], place: JobPlace) -> Graph | None:
    wants_all = frozenset(ids[_key(one)] for one in nodes if one.flag("all_parents_must_converge"))
    graph = Graph(nodes=list(dict.fromkeys(ids.values())), wants_all=wants_all)
    if len(graph.nodes) < len(nodes):
        place.report.left(place.source, place.subject, "two of its nodes have one identifier")
        return None
    for node in nodes:
        for key, link in _LINKS.items():
            for child in node.related(key):
                target = _target(child)
                if target not in ids:
                    what = f"a link of {ids[_key(node)]} leads to a node that is not in the export"
                    place.report.left(place.source, place.subject, what, "Export it anew.")
                    return None
                graph.connect(ids[_key(node)], ids[target], link)
    if len(graph.links) > EDGES_MAX:
        what = f"it has {len(graph.links)} links, and {EDGES_MAX} are carried at most"
        place.report.left(place.source, place.subject, what, "Cut it into several workflows.")
        return None
    return graph


def _target(child: Asset) -> str:
    """Return the key of the node that a link leads to: a natural key, or a node with one."""
    return child.text("identifier") or (child.itself.name if child.itself else "")


class _Parts:
    """Makes the parts of one workflow."""

    def __init__(
        self, templates: WorkflowTemplates, variables: Mapping[str, object], place: JobPlace
    ) -> None:
        self._templates, self._variables, self._place = templates, variables, place
        self._report = place.report

    def part(self, node: Asset, identifier: str) -> FlowItem:
        """Return the part of a node."""
        approval = node.related_one("create_approval_template")
        if approval is not None:
            return _dialog(approval, identifier)
        started = node.reference("unified_job_template")
        template = self._templates.find(started) if started else None
        name = title_of(started.name if started else identifier)
        if started is None:
            return self._missing(identifier, "what it started is not in the export any more")
        if started.type in _STAND_INS:
            return self._stand_in(started, identifier)
        if template is None:
            return self._missing(identifier, f"{started.type} {name!r} is not in the export")
        if started.type == "workflow_job_template":
            return self._called(template, node, identifier)
        if not template.text("playbook"):
            return self._missing(identifier, f"{name!r} names no playbook")
        place = JobPlace(
            source=self._place.source, subject=f"{self._place.subject}.{identifier}",
            playbooks=self._place.playbooks, report=self._report,
        )  # fmt: skip
        part: FlowItem = {"name": name, "id": identifier, **job_part(template, place, node=node)}
        if variables := self._job_variables(template, node, place):
            part["vars"] = variables
        return part

    def tell(self, nodes: int) -> None:
        """Tell what is the same for every workflow with more than one node."""
        if nodes > 1:
            what = (
                "values of set_stats reach later jobs as parts.ID.outputs, not as extra variables"
            )
            advice = 'Hand them over: `vars: {x: "{{ parts.ID.outputs.x }}"}`.'
            self._report.changed(self._place.source, self._place.subject, what, advice)

    def _job_variables(self, template: Asset, node: Asset, place: JobPlace) -> dict[str, object]:
        """Return the variables of a node's job; what stands further out wins, as in AWX."""
        found = template_variables(template, place) | survey_defaults(template, place)
        return found | self._own_variables(node, place) | dict(self._variables)

    def _own_variables(self, node: Asset, place: JobPlace) -> dict[str, object]:
        return variables_of(
            node.variables("extra_data"), source=place.source, subject=place.subject,
            report=self._report, is_prompted=True,
        )  # fmt: skip

    def _called(self, template: Asset, node: Asset, identifier: str) -> FlowItem:
        """Return the call of another workflow, with the params that it knows."""
        network = self._templates.name_of("workflow_job_template", template)
        params = params_of(
            template, source=self._place.source, subject=network, report=self._report
        )  # fmt: skip
        given = self._own_variables(node, self._place) | dict(self._variables)
        for name in [one for one in given if one not in params]:
            what = f"the variable {name} does not reach {network}: it is no param of it"
            self._report.left(self._place.source, self._place.subject, what, "Declare it there.")
        part: FlowItem = {"id": identifier, "network": network}
        if handed := {name: value for name, value in given.items() if name in params}:
            part["params"] = handed
        return part

    def _stand_in(self, started: Reference, identifier: str) -> FlowItem:
        what = f"{_STAND_INS[started.type]}: {title_of(started.name)}"
        self._report.changed(self._place.source, f"{self._place.subject}.{identifier}", what)
        debug = {"ansible.builtin.debug": {"msg": what}}
        return {"name": title_of(started.name), "id": identifier, "hosts": "localhost", **debug}

    def _missing(self, identifier: str, what: str) -> FlowItem:
        """Return a part that fails, as such a node does in AWX."""
        subject = f"{self._place.subject}.{identifier}"
        self._report.left(self._place.source, subject, what, "Replace the part, which fails now.")
        fail = {"ansible.builtin.fail": {"msg": f"Not imported: {what}."}}
        return {"id": identifier, "hosts": "localhost", **fail}


def _dialog(approval: Asset, identifier: str) -> FlowItem:
    words = approval.text("description") or approval.text("name")
    message = title_of(words, length_max=MESSAGE_LENGTH_MAX) or "Approve?"
    dialog: dict[str, object] = {"message": message, "choices": {"approve": 0, "deny": 1}}
    if approval.number("timeout") > 0:
        dialog["timeout"] = f"{approval.number('timeout')}s"
    return {"id": identifier, "dialog": dialog, "exit_codes": {"abnormal": "1"}}
