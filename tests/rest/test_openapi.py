"""The document that programs read is committed, complete, and holds what is answered."""

import sys
from pathlib import Path
from typing import Any, get_args

from jobnet.engine.orders import Order
from jobnet.rest.app import routes

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / ".ci"))

from openapi_page import PAGE, page  # noqa: E402 - lies beside the tools

DOES_NOTHING = {"POST /api/v1/plan/diff", "POST /api/v1/whatif"}
HAS_ITS_OWN_KEY = {"POST /api/v1/hooks/{path}"}
"""A signed request is told from others by its signature."""


def operations() -> dict[str, Any]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in routes().openapi()["paths"].items()
        for method, operation in methods.items()
    }


def test_the_document_is_as_new_as_the_code() -> None:
    written = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""

    assert written == page(), "docs/reference/openapi.json is older than the code: make docs"


def test_every_operation_says_what_it_does() -> None:
    silent = [name for name, each in operations().items() if not each.get("description")]

    assert not silent


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [each["operationId"] for each in operations().values()]

    assert len(names) == len(set(names))


def test_every_operation_but_health_and_signed_requests_needs_the_token() -> None:
    free = [name for name, each in operations().items() if not each.get("security")]

    assert sorted(free) == ["GET /healthz", "GET /readyz", *sorted(HAS_ITS_OWN_KEY)]


def test_every_operation_tells_of_problem_documents() -> None:
    without = [
        name
        for name, each in operations().items()
        if "application/problem+json" not in each["responses"]["default"]["content"]
    ]

    assert not without


def test_every_post_takes_a_key_or_does_nothing() -> None:
    without = [
        name
        for name, each in operations().items()
        if name.startswith("POST")
        and name not in DOES_NOTHING | HAS_ITS_OWN_KEY
        and "Idempotency-Key" not in {one["name"] for one in each.get("parameters", [])}
    ]

    assert not without


def test_every_order_of_the_engine_is_there() -> None:
    kinds = get_args(Order)
    paths = " ".join(operations())

    for kind in kinds:
        name = "".join(f"-{char.lower()}" if char.isupper() else char for char in kind.__name__)
        assert f"/parts/{{part}}/{name[1:]}" in paths
