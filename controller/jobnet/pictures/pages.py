"""Makes a page of a picture that stands by itself: nothing is fetched, nothing is executed."""

from collections.abc import Sequence
from html import escape

from jobnet.pictures.lettering import plain

_STYLE = (
    "body{font-family:system-ui,sans-serif;margin:1.5rem;color:#35424e}"
    "svg{max-width:100%;height:auto}li{margin:.2rem 0}"
)
LINES_MAX = 500


def html_page(title: str, svg: str, lines: Sequence[str]) -> str:
    """Return one HTML document with a picture and what there is to say about it."""
    said = "\n".join(f"<li>{escape(plain(line))}</li>" for line in lines[:LINES_MAX])
    more = f"<li>... and {len(lines) - LINES_MAX} more</li>" if len(lines) > LINES_MAX else ""
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return "\n".join(
        (
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            f"<title>{escape(plain(title))}</title><style>{_STYLE}</style></head>",
            f"<body><h1>{escape(plain(title))}</h1>",
            svg,
            f"<ul>{said}{more}</ul>" if lines else "",
            "</body></html>",
            "",
        )
    )
