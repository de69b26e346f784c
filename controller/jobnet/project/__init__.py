"""Reads YAML text into definitions, and tells all that is wrong with it at once.

``read_file`` or ``read_project`` gives a ``Reading``, ``select_network`` the network that was
meant, ``bundle`` what a run of it pins, ``convert_params`` the values of its params.
``read_texts`` and ``open_texts`` do the same with texts that were kept, whatever the disk says.
"""

from jobnet.project.bundles import bundle
from jobnet.project.given import GivenFile
from jobnet.project.library import Site
from jobnet.project.lint import lint
from jobnet.project.params import convert_params
from jobnet.project.problems import Level, Problem
from jobnet.project.reading import (
    Reading,
    open_texts,
    read_file,
    read_project,
    read_texts,
)
from jobnet.project.schemas import schemas
from jobnet.project.selection import select_network
from jobnet.project.shelf import Document

__all__ = [
    "Document",
    "GivenFile",
    "Level",
    "Problem",
    "Reading",
    "Site",
    "bundle",
    "convert_params",
    "lint",
    "open_texts",
    "read_file",
    "read_project",
    "read_texts",
    "schemas",
    "select_network",
]
