"""The guides on start conditions and on maintenance windows say what the code does."""

from pathlib import Path

import pytest
from jobnet.project import lint, read_project
from jobnet.services.controller.triggers import hooks, signatures

from tests.docs.telling import FENCE

GUIDES = Path(__file__).resolve().parents[2] / "docs/guides"
STARTS = (GUIDES / "start-conditions.md").read_text(encoding="utf-8")
WINDOWS = (GUIDES / "maintenance-windows.md").read_text(encoding="utf-8")
BESIDE = """
{kind: network, name: extract, flow: [{wait_for: 1s}]}
---
kind: network
name: load_all
params: {target: {type: str}}
flow: [{wait_for: 1s}]
"""


def documents(page: str) -> str:
    texts = [fence["text"] for fence in FENCE.finditer(page) if fence["kind"] == "yaml"]
    assert texts, "the guide shows documents"
    return "\n---\n".join(texts)


@pytest.mark.parametrize("page", [STARTS, WINDOWS], ids=["start_conditions", "windows"])
def test_the_documents_of_the_guide_can_be_applied(page: str, tmp_path: Path) -> None:
    (tmp_path / "page.yml").write_text(f"{documents(page)}\n---{BESIDE}", encoding="utf-8")

    problems = [str(one) for one in lint(read_project([str(tmp_path)])) if one.is_error]

    assert problems == []


def test_the_example_of_a_signature_is_right() -> None:
    found = signatures.signature_of(b"a secret of the shop", 1_700_000_000, b'{"order": 7}')

    assert found in STARTS
    signed = signatures.read_header(f"t=1700000000,v1={found}")
    assert signed == signatures.Signed(at=1_700_000_000, signatures=(found,))


def test_the_bounds_of_the_guide_are_those_of_the_code() -> None:
    assert f"{hooks.BODY_BYTES_MAX // 1024} KiB" in STARTS
    assert f"{hooks.A_MINUTE_MAX} good requests" in STARTS
    assert f"After {hooks.REFUSED_A_MINUTE_MAX} bad ones" in STARTS
    assert f"Up to {hooks.HEADERS_MAX} headers" in STARTS
    assert signatures.AGE_SECONDS_MAX == 5 * 60
