"""An imported workflow does what AWX does with it: the same nodes run, and it fails as there."""

import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jobnet.engine import track
from jobnet.services.importing.documents import ImportedDocument
from jobnet.services.importing.workflow_graphs import (
    FlowItem,
    Graph,
    GraphIsCircular,
    Link,
    flow_of,
)

from tests.services.importing.awx_walker import ALWAYS, FAILURE, SUCCESS, Workflow
from tests.services.simulating import run_state, simulated

LINKS = (SUCCESS, FAILURE, ALWAYS)
RAN = {"normal": "successful", "abnormal": "failed"}


def graph_of(workflow: Workflow) -> Graph:
    graph = Graph(nodes=list(workflow.nodes), wants_all=frozenset(workflow.wants_all))
    for (parent, child), link in workflow.links.items():
        graph.connect(parent, child, Link(link))
    return graph


def part(node: str) -> FlowItem:
    return {"id": node, "hosts": "localhost", "ansible.builtin.command": "work"}


def network(workflow: Workflow) -> str:
    flow = flow_of(graph_of(workflow), {node: part(node) for node in workflow.nodes})
    return ImportedDocument(kind="network", name="imported", content={"flow": flow}).text


def outcome(
    workflow: Workflow, *, lasts: dict[str, int] | None = None
) -> tuple[dict[str, str], str]:
    """Simulate the imported network; return which nodes ran and how, and how the run ended."""
    fail = ", ".join(f"{node}: 1" for node in sorted(workflow.failing))
    duration = ", ".join(f"{node}: {seconds}s" for node, seconds in (lasts or {}).items())
    with tempfile.TemporaryDirectory() as folder:
        one = simulated(
            Path(folder), network(workflow), f"{{fail: {{{fail}}}, duration: {{{duration}}}}}"
        )
    lines = {str(line.key): line.state.value for line in track(one.tracker)}
    ran = {node: RAN[lines[node]] for node in workflow.nodes if lines[node] in RAN}
    return ran, run_state(one)


@st.composite
def workflows(draw: st.DrawFn) -> Workflow:
    count = draw(st.integers(1, 6))
    nodes = [f"n{number}" for number in range(count)]
    pairs = [(a, b) for place, a in enumerate(nodes) for b in nodes[place + 1 :]]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=8)) if pairs else []
    return Workflow(
        nodes=draw(st.permutations(nodes)),
        links={pair: draw(st.sampled_from(LINKS)) for pair in chosen},
        wants_all=set(draw(st.lists(st.sampled_from(nodes), unique=True))),
        failing=set(draw(st.lists(st.sampled_from(nodes), unique=True))),
    )


@given(workflow=workflows(), seconds=st.lists(st.integers(1, 50), min_size=6, max_size=6))
@settings(max_examples=100, deadline=None)
def test_any_imported_workflow_runs_the_nodes_that_awx_runs(
    workflow: Workflow, seconds: list[int]
) -> None:
    lasts = dict(zip(workflow.nodes, seconds, strict=False))

    ran, state = outcome(workflow, lasts=lasts)

    walked = workflow.walk()
    assert ran == walked.status
    assert (state == "abnormal") is walked.has_failed


def named(name: str) -> Workflow:
    """Return a workflow that people really draw."""
    drawn: dict[str, tuple[dict[tuple[str, str], str], set[str]]] = {
        "chain": ({("a", "b"): SUCCESS, ("b", "c"): SUCCESS}, set()),
        "handler": ({("a", "b"): SUCCESS, ("a", "c"): FAILURE}, set()),
        "always": ({("a", "b"): ALWAYS, ("a", "c"): SUCCESS}, set()),
        "join_all": ({("a", "b"): SUCCESS, ("a", "c"): SUCCESS, ("b", "d"): SUCCESS,
                      ("c", "d"): SUCCESS}, {"d"}),
        "join_any": ({("a", "b"): SUCCESS, ("a", "c"): SUCCESS, ("b", "d"): SUCCESS,
                      ("c", "d"): SUCCESS}, set()),
        "two_roots": ({("a", "c"): SUCCESS, ("b", "c"): SUCCESS, ("b", "d"): FAILURE}, {"c"}),
        "n_shape": ({("a", "c"): SUCCESS, ("b", "c"): SUCCESS, ("b", "d"): SUCCESS}, {"c"}),
        "either_or": ({("a", "b"): SUCCESS, ("a", "c"): FAILURE, ("b", "d"): SUCCESS,
                       ("c", "d"): SUCCESS}, set()),
        "recover_and_go_on": ({("a", "b"): FAILURE, ("a", "c"): SUCCESS, ("b", "c"): SUCCESS},
                              set()),
    }  # fmt: skip
    links, wants_all = drawn[name]
    nodes = sorted({node for pair in links for node in pair})
    return Workflow(nodes=nodes, links=links, wants_all=wants_all)


NAMES = ("chain", "handler", "always", "join_all", "join_any", "two_roots", "n_shape", "either_or",
         "recover_and_go_on")  # fmt: skip


@pytest.mark.parametrize("failing", ["", "a", "b", "ab", "c", "bc"])
@pytest.mark.parametrize("name", NAMES)
def test_workflows_that_people_draw_run_as_in_awx(name: str, failing: str) -> None:
    workflow = named(name)
    workflow.failing = set(failing) & set(workflow.nodes)

    ran, state = outcome(workflow)

    walked = workflow.walk()
    assert ran == walked.status
    assert (state == "abnormal") is walked.has_failed


def shape(flow: object) -> object:
    """Return a flow as nested lists of ids and of the words of what holds them."""
    if isinstance(flow, list):
        return [shape(item) for item in flow]
    assert isinstance(flow, dict)
    if "parallel" in flow:
        return {"parallel": [shape(one["flow"]) for one in flow["parallel"]["branches"]]}
    if "branch" in flow:
        return {
            "well": shape(flow["branch"]["cases"][0]["flow"]),
            "else": shape(flow["branch"]["else"]),
        }
    return flow.get("id") or f"wait {flow['wait_part']['part']}"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("chain", ["a", "b", "c"]),
        ("handler", ["a", {"well": ["b"], "else": ["c"]}]),
        ("join_all", ["a", {"parallel": [["b"], ["c"]]}, "d"]),
    ],
)
def test_a_workflow_of_a_plain_shape_is_written_without_waits(name: str, wanted: object) -> None:
    workflow = named(name)

    flow = flow_of(graph_of(workflow), {node: part(node) for node in workflow.nodes})

    assert shape(flow) == wanted


def test_a_join_that_any_branch_may_open_waits_for_all_of_them() -> None:
    workflow = named("join_any")

    flow: Any = flow_of(graph_of(workflow), {node: part(node) for node in workflow.nodes})

    joined = flow[1]["parallel"]["branches"][2]["flow"]
    assert shape(joined) == ["wait b", "wait c", "d"]
    assert joined[2]["when"] == "not parts.b.abnormal or not parts.c.abnormal"


def test_a_circle_is_refused_with_names() -> None:
    graph = Graph(nodes=["a", "b", "c"])
    graph.connect("a", "b", Link.SUCCESS)
    graph.connect("b", "c", Link.SUCCESS)
    graph.connect("c", "b", Link.FAILURE)

    with pytest.raises(GraphIsCircular, match="b, c"):
        flow_of(graph, {})


def test_a_long_chain_of_failure_links_is_not_nested_without_end() -> None:
    nodes = [f"n{number}" for number in range(60)]
    links = dict.fromkeys(pairwise(nodes), FAILURE)
    workflow = Workflow(nodes=nodes, links=links, failing=set(nodes[:-1]))

    ran, state = outcome(workflow)

    assert ran == workflow.walk().status
    assert state == "normal"
