"""Reads pictures back: an SVG by an XML parser, its boxes by their places."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from jobnet.definition import Bundle
from jobnet.pictures import Outline, outline_of_network
from jobnet.pictures.outline import Lane, Step, steps_in
from jobnet.project import bundle, read_file, select_network

SVG = "{http://www.w3.org/2000/svg}"
NETWORKS = Path(__file__).parent / "networks"
ROOT = Path(__file__).resolve().parents[2]


def read_bundle(path: Path) -> Bundle:
    reading = read_file(path)
    assert not reading.has_errors, [str(one) for one in reading.problems]
    return bundle(reading, select_network(reading))


def drawn(path: Path) -> Outline:
    """Return the outline of the network that a file is about."""
    return outline_of_network(read_bundle(path))


def texts(svg: str) -> list[str]:
    """Return every text that is shown, in the order of the file."""
    return [each.text or "" for each in parsed(svg).iter(f"{SVG}text")]


def titles(svg: str) -> list[str]:
    """Return what is told of each thing that is pointed at."""
    return [each.text or "" for each in parsed(svg).iter(f"{SVG}title")]


def parsed(svg: str) -> ET.Element:
    """Return the document; anything that is not well-formed XML raises."""
    return ET.fromstring(svg)  # noqa: S314 - our own text, and the parser loads nothing


def parts_of(outline: Outline) -> list[Step]:
    """Return the steps that are parts."""
    return [step for step in steps_in(outline.lane) if not step.is_summary]


def lanes_of(step: Step) -> Iterator[Lane]:
    """Yield every lane inside a step."""
    for lane in step.lanes:
        yield lane
        for inner in lane.steps:
            yield from lanes_of(inner)
