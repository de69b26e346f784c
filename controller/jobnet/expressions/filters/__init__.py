"""The register of every filter that an expression may use; another one is refused.

Names and results are Jinja's and Ansible's, and a test compares them. Each filter is called
with the ``Work`` of the evaluation, which it pays, then the value and its arguments.
"""

from collections.abc import Mapping
from types import MappingProxyType

from jobnet.expressions.filters import (
    choosing,
    encodings,
    mappings,
    markup,
    matching,
    numbers,
    sequences,
    sets,
    texts,
)
from jobnet.expressions.work import Filter

FILTERS: Mapping[str, Filter] = MappingProxyType(
    choosing.FILTERS
    | encodings.FILTERS
    | mappings.FILTERS
    | markup.FILTERS
    | matching.FILTERS
    | numbers.FILTERS
    | sequences.FILTERS
    | sets.FILTERS
    | texts.FILTERS
)
