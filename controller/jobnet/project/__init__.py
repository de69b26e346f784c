"""Reads YAML text into definitions, and tells all that is wrong with it at once.

``read_file`` or ``read_project`` gives a ``Reading``, ``select_network`` the network that was
meant, ``bundle`` what a run of it pins, ``convert_params`` the values of its params.
"""

from jobnet.project.bundles import bundle
from jobnet.project.lint import lint
from jobnet.project.params import convert_params
from jobnet.project.problems import Level, Problem
from jobnet.project.reading import Document, Reading, read_file, read_project
from jobnet.project.schemas import schemas
from jobnet.project.selection import select_network

__all__ = [
    "Document",
    "Level",
    "Problem",
    "Reading",
    "bundle",
    "convert_params",
    "lint",
    "read_file",
    "read_project",
    "schemas",
    "select_network",
]
