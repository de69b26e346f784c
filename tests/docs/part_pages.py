"""Reads the pages on parts: their words, their mistakes, their equivalents elsewhere.

Run as a script it writes what lint says of each mistake, and the equivalents, into the pages, and
draws their networks.
"""

import re
import sys
import tempfile
from datetime import date
from pathlib import Path

from jobnet.pictures import outline_of_network, to_svg
from jobnet.project import bundle, lint, read_file, select_network

from tests.docs.telling import FENCE, SAP_MODULE
from tests.project.written import network_of

DOCS = Path(__file__).resolve().parents[2] / "docs"
FOLDER = DOCS / "reference/parts"
PICTURES = DOCS / "pictures/parts"
INDEX = FOLDER / "index.md"
PAGES = {page.stem: page for page in sorted(FOLDER.glob("*.md")) if page != INDEX}
TODAY = date(2026, 11, 22)
MISTAKE = re.compile(r"^\| (?P<written>`- [^|\n]*`) \|[^\n]*\|$", re.MULTILINE)
ELSEWHERE = re.compile(
    r"<!-- glossary: (?P<parts>[^>]+?) -->\n(?P<table>.*?)(?P<tail><!-- end of glossary -->\n)?\Z",
    re.DOTALL,
)
SCHEDULERS = (
    "| Part | JobCenter | JP1/AJS3 | Control-M | AWX | Airflow |\n|---|---|---|---|---|---|\n"
)
BESIDE = {
    "p.yml": "- hosts: web\n  tasks: []\n",
    "head_office.yml": "kind: calendar\nname: head_office\nweek: {open: [mon, tue]}\n",
    "measure.yml": "kind: job_type\nname: measure\ntasks: [{ping: }]\n"
    "params: {path: {type: path}, share_max: {type: int, default: 90}}\n",
    "load_day.yml": "kind: network\nname: load_day\nparams: {day: {type: str}}\n"
    "flow: [{wait_for: 1s}, {send_event: {name: orders_ready}}]\n",
}
"""What stands in the folder of each mistake."""


def section(text: str, title: str) -> str:
    """Return what stands below a heading."""
    return text.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def words(table: str) -> set[str]:
    """Return the words in code in the first column of a table."""
    return {
        word
        for row in re.findall(r"^\| (?!Attribute)(.*?) \|", table, re.MULTILINE)
        for word in re.findall(r"`([^`]+)`", row)
    }


def said_of(written: str, folder: Path) -> str:
    """Return what lint says of parts that stand in a network, in a folder of its own."""
    for name, text in {**BESIDE, "ansible.cfg": "", SAP_MODULE: ""}.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    net = folder / "net.yml"
    net.write_text(network_of("\n".join(re.findall(r"`([^`]*)`", written))), encoding="utf-8")
    problems = lint(read_file(net), today=TODAY)
    told = (" ".join(map(_sentence, filter(None, (one.what, one.hint)))) for one in problems)
    return " ".join(dict.fromkeys(told)).replace(f"{folder}/", "").replace("|", "\\|")


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def equivalents(parts: str) -> str:
    """Return the rows of the glossary for some parts as a table."""
    glossary = (DOCS / "glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \*\*(.+?)\*\* \|[^|\n]*\|[^|\n]*\| (.*) \|$", glossary, re.MULTILINE)
    table = dict(rows)
    return SCHEDULERS + "".join(f"| {part} | {table[part]} |\n" for part in parts.split(", "))


def renewed(page: str) -> str:
    """Return a page with what is made from elsewhere made anew."""

    def mistake(found: re.Match[str]) -> str:
        with tempfile.TemporaryDirectory() as folder:
            return f"| {found['written']} | {said_of(found['written'], Path(folder))} |"

    def elsewhere(found: re.Match[str]) -> str:
        head = f"<!-- glossary: {found['parts']} -->"
        return f"{head}\n\n{equivalents(found['parts'])}\n<!-- end of glossary -->\n"

    return ELSEWHERE.sub(elsewhere, MISTAKE.sub(mistake, page))


def _written(page: str, folder: Path) -> tuple[Path, str | None]:
    """Write the network that a page simulates first; return its file and, if said, its name."""
    target = re.search(r"^\$ jobnet simulate (\S+)", page, re.MULTILINE)
    assert target is not None, "every page simulates its network"
    file, _, name = target[1].partition(":")
    text = next(fence["text"] for fence in FENCE.finditer(page) if fence["title"] == file)
    for each, content in {file: text, "ansible.cfg": "", SAP_MODULE: ""}.items():
        path = folder / each
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder / file, name or None


def picture(page: str) -> str:
    """Return the network that a page simulates first, as ``jobnet graph`` draws it."""
    with tempfile.TemporaryDirectory() as folder:
        file, name = _written(page, Path(folder))
        reading = read_file(file)
        return to_svg(outline_of_network(bundle(reading, select_network(reading, name))))


def remarks(page: str) -> set[str]:
    """Return the codes of what lint says of the network that a page simulates first."""
    with tempfile.TemporaryDirectory() as folder:
        file, _ = _written(page, Path(folder))
        return {one.code for one in lint(read_file(file), today=TODAY)}


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        text = renewed(path.read_text(encoding="utf-8"))
        path.write_text(text, encoding="utf-8")
        if path.stem in PAGES:
            (PICTURES / f"{path.stem}.svg").write_text(picture(text), encoding="utf-8")
