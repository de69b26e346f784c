"""The Mermaid flowchart: the same structure, in which no name is ever read as syntax."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from jobnet.definition import Bundle
from jobnet.engine.states import State
from jobnet.ids import PartId
from jobnet.pictures import outline_of_network, to_mermaid
from jobnet.pictures.mermaid_text import label
from jobnet.pictures.outline import Lane, Outline, Role, Step

from tests.engine.building import block, branch, bundle, job, loop, network
from tests.engine.generating import bundles
from tests.pictures.reading import parts_of
from tests.pictures.test_svg import HOSTILE

LABEL = r'"[^"`<>&;\\{}\[\]|%]*(?:(?:<br/>|#\d+;)[^"`<>&;\\{}\[\]|%]*)*"'
GRAMMAR = [
    re.compile(pattern)
    for pattern in (
        r"flowchart TB",
        r"acc(Title|Descr): [^{};%\"<>]*",
        rf"n\d+\[{LABEL}\]",
        r'n\d+\(\(" "\)\)|n\d+\(\(\("end"\)\)\)',
        rf"subgraph n\d+\[{LABEL}\]",
        r"end",
        rf"n\d+ (-->|-\.->)(\|{LABEL}\|)? n\d+",
        r'n\d+ -\. "back" \.-> n\d+',
        r"class n\d+ state_\w+",
        r"classDef state_\w+ fill:#\w+,stroke:#\w+,color:#\w+(,stroke-dasharray:4 3)?",
    )
]

SMALL = [
    'n1((" "))',
    'n2["ping<br/>Job: tasks on all"]',
    'subgraph n3["ask<br/>Branch"]',
    'n4((" "))',
    'n5["again<br/>Continuity: back to ping"]',
    'n6["go<br/>Job: tasks on all"]',
    'n7((" "))',
    "end",
    'subgraph n8["night<br/>Block"]',
    'n9((" "))',
    'n10["dump<br/>Job: tasks on all"]',
    'subgraph n11["rescue, after an abnormal end"]',
    'n12["mend<br/>Job: tasks on all"]',
    "end",
    'n13((" "))',
    "end",
    'n14((("end")))',
    'n4 -->|"parts.ping.abnormal"| n5',
    'n4 -->|"otherwise"| n6',
    "n5 --> n7",
    "n6 --> n7",
    "n9 --> n10",
    'n9 -.->|"abnormal end"| n12',
    "n10 --> n13",
    "n12 --> n13",
    "n2 --> n4",
    "n7 --> n9",
    'n5 -. "back" .-> n2',
    "n1 --> n2",
    "n13 --> n14",
]


def check(text: str) -> None:
    """Prove that every line is of the few forms that we write, and that all fits together."""
    lines = text.splitlines()
    for line in lines:
        assert any(form.fullmatch(line) for form in GRAMMAR), line
    depth = 0
    for line in lines:
        depth += line.startswith("subgraph") - (line == "end")
        assert depth >= 0
    assert depth == 0
    known = set(re.findall(r"^(?:subgraph )?(n\d+)[\[(]", text, flags=re.MULTILINE))
    used = set(re.findall(r"^(n\d+) -|(?<= )(n\d+)$", text, flags=re.MULTILINE))
    assert {name for pair in used for name in pair if name} <= known


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(pinned=bundles)
def test_every_part_of_a_network_is_written_exactly_once(pinned: Bundle) -> None:
    outline = outline_of_network(pinned)

    text = to_mermaid(outline)

    check(text)
    boxes = re.findall(rf"^(?:subgraph )?n\d+\[({LABEL})", text, flags=re.MULTILINE)
    sections = [each for each in boxes if each.startswith(('"rescue, after', '"always"'))]
    assert len(boxes) - len(sections) == len(parts_of(outline))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_name_stays_inside_its_label(text: str) -> None:
    step = Step(key="k", id=PartId("k"), name=text[:300], kind="job", state=State.HELD)
    lane = Lane(role=Role.FLOW, label=text[:300], steps=(step,))
    outer = Step(key="o", id=PartId("o"), name=text[:300], kind="parallel", lanes=(lane, lane))

    written = to_mermaid(
        Outline(
            title=text,
            subtitles=(text,),
            lane=Lane(role=Role.FLOW, label="", steps=(outer,)),
            warnings=(text,),
        )
    )

    check(written)


def test_a_small_network_is_written_as_expected() -> None:
    main = network(
        job("ping"),
        branch("ask", ("parts.ping.abnormal", (loop("again", "ping"),)), otherwise=(job("go"),)),
        block("night", job("dump"), rescue=(job("mend"),)),
    )

    text = to_mermaid(outline_of_network(bundle(main)))

    assert text.splitlines()[3:] == SMALL


def test_a_label_numbers_what_means_something_to_somebody() -> None:
    assert label("`a` #1 <b>") == '"#96;a#96; #35;1 #60;b#62;"'
