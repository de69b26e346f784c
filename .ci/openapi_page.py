"""Writes docs/reference/openapi.json, the REST API as programs read it; `make docs` runs it."""

import json
from pathlib import Path

from jobnet.rest.app import routes

PAGE = Path(__file__).resolve().parent.parent / "docs/reference/openapi.json"


def page() -> str:
    """Return the document as it has to be."""
    return json.dumps(routes().openapi(), indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
