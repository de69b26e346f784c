"""Answers what the documents of kind ``project`` around a network say.

One holds for its own folder and all below it. The nearest that says something counts; two in
one folder are an error, since nobody could tell which of them is meant.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from jobnet.definition import Network, Project
from jobnet.project.problems import Problem
from jobnet.project.shelf import Document


def with_project(network: Network, documents: Iterable[Document]) -> Network:
    """Return the network with what its project says where it says nothing itself.

    ``documents`` are the project documents of its folder and of those above, in any order.
    """
    values = [one.value for one in documents if isinstance(one.value, Project)]
    nearest_first = sorted(values, key=lambda one: len(one.folder), reverse=True)
    said = (one.warm for one in nearest_first if one.warm is not None)
    warm = next(said, None) if network.placement.warm is None else network.placement.warm
    if warm is network.placement.warm:
        return network
    return replace(network, placement=replace(network.placement, warm=warm))


def project_problems(documents: Iterable[Document]) -> Iterator[Problem]:
    """Yield what is wrong with project documents, and those that share a folder."""
    first: dict[str, Document] = {}
    for one in documents:
        yield from one.problems
        before = first.setdefault(one.folder, one)
        if before is not one:
            yield Problem(
                code="two_projects",
                position=one.position,
                what=f"Another project document holds for this folder: {before.position}",
                hint="Put what both say into one of them",
            )
