"""Reads YAML text into definitions, and tells all that is wrong with it at once."""

from jobnet.project.params import convert_params
from jobnet.project.problems import Level, Problem
from jobnet.project.reading import Document, Reading, read_file, read_project

__all__ = [
    "Document",
    "Level",
    "Problem",
    "Reading",
    "convert_params",
    "read_file",
    "read_project",
]
