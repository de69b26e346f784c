"""Gives the documentation its table of contents: fixed sections, pages as they lie on the disk.

A page that somebody adds to a folder of ``docs/`` appears by itself; MkDocs calls ``on_config``.
"""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

SECTIONS = {
    "Start": "start",
    "Guides": "guides",
    "Reference": "reference",
    "Explanation": "explanation",
    "Decisions": "decisions",
}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Set ``nav``: the front page, the glossary, each section that has pages, the coverage."""
    docs = Path(config.docs_dir)
    nav: list[dict[str, object]] = [{"Jobnet": "index.md"}, {"Glossary": "glossary.md"}]
    for title, folder in SECTIONS.items():
        pages = _pages(docs, folder)
        if pages:
            nav.append({title: pages})
    config.nav = [*nav, {"Coverage": "coverage.md"}]
    return config


def _pages(docs: Path, folder: str) -> list[object]:
    """Return the pages of a folder, its index first, then a section for each folder in it."""
    entries = sorted((docs / folder).glob("*"), key=lambda entry: (entry.name != "index.md", entry))
    found: list[object] = [
        entry.relative_to(docs).as_posix() for entry in entries if entry.suffix == ".md"
    ]
    folders = [entry.name for entry in entries if entry.is_dir()]
    inner = {name: _pages(docs, f"{folder}/{name}") for name in folders}
    return found + [{name.capitalize(): pages} for name, pages in inner.items() if pages]
