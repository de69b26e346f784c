"""Each of the 18 parts has a page, and the page knows what the code knows."""

import pytest

from tests.docs.part_pages import (
    INDEX,
    MISTAKE,
    PAGES,
    PICTURES,
    picture,
    remarks,
    renewed,
    section,
    words,
)
from tests.docs.schema_words import EVERY_PART, words_of

KINDS = {
    "sap-command": ("job",),
    "custom-job": ("job",),
    "sub-network": ("network",),
    "dialog": ("dialog",),
    "condition-branch": ("branch",),
    "calendar-branch": ("calendar_branch",),
    "parallel": ("parallel",),
    "or-branch": ("any_of",),
    "continuity": ("continue_from",),
    "network-and-part-waits": ("wait_network", "wait_part"),
    "file-wait": ("wait_file",),
    "time-wait": ("wait_until", "wait_for"),
    "event-send": ("send_event",),
    "event-wait": ("wait_event",),
    "block": ("block",),
    "for-each": ("for_each",),
    "notify": ("notify",),
    "unit-job": ("playbook",),
}
"""The kinds of part in the schema that a page is about."""

OF_MODULES = {"tasks", "role"}
"""Beside a playbook a unit job may be these; a module is named by itself."""

SECTIONS = (
    "When to use it",
    "A network",
    "Attributes",
    "States and reasons",
    "When it does not end well",
    "Common mistakes",
    "Elsewhere",
)


def test_there_are_18_pages_and_the_index_links_each() -> None:
    index = INDEX.read_text(encoding="utf-8")

    assert set(PAGES) == set(KINDS)
    assert len(PAGES) == 18
    assert [name for name in PAGES if f"]({name}.md)" not in index] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_answers_the_same_questions_as_the_others(name: str) -> None:
    page = PAGES[name].read_text(encoding="utf-8")

    titles = [line.removeprefix("## ") for line in page.splitlines() if line.startswith("## ")]

    assert tuple(titles) == SECTIONS


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_all_attributes_of_the_schema_and_no_other(name: str) -> None:
    known = {word for kind in KINDS[name] for word in words_of(kind)}
    more = OF_MODULES if name == "unit-job" else set()

    told = words(section(PAGES[name].read_text(encoding="utf-8"), "Attributes"))

    assert told == known | more


def test_the_index_has_all_attributes_that_every_part_may_have() -> None:
    table = section(INDEX.read_text(encoding="utf-8"), "Attributes of every part")

    assert words(table) == EVERY_PART


@pytest.mark.parametrize("name", PAGES)
def test_mistakes_and_equivalents_of_a_page_are_those_of_lint_and_glossary(name: str) -> None:
    page = PAGES[name].read_text(encoding="utf-8")

    assert renewed(page) == page


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_mistakes_and_lint_objects_to_each(name: str) -> None:
    table = section(PAGES[name].read_text(encoding="utf-8"), "Common mistakes")

    rows = [line for line in table.splitlines() if MISTAKE.match(line)]

    assert len(rows) >= 3
    assert not [row for row in rows if row.endswith("|  |")]


def test_a_page_shows_a_network_that_is_simulated_in_two_ways() -> None:
    shown = {name: page.read_text(encoding="utf-8") for name, page in PAGES.items()}

    poor = [name for name, page in shown.items() if page.count("\n$ jobnet simulate ") < 2]

    assert not poor


@pytest.mark.parametrize("name", PAGES)
def test_the_picture_of_a_page_is_that_of_its_network(name: str) -> None:
    page = PAGES[name].read_text(encoding="utf-8")

    drawn_now = picture(page)

    assert (PICTURES / f"{name}.svg").read_text(encoding="utf-8") == drawn_now
    assert f"](../../pictures/parts/{name}.svg)" in page


@pytest.mark.parametrize("name", PAGES)
def test_lint_has_nothing_to_say_of_the_network_of_a_page(name: str) -> None:
    from_outside = {"event_without_sender"}

    told = remarks(PAGES[name].read_text(encoding="utf-8"))

    assert told <= from_outside
