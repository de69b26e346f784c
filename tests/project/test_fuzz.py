"""Networks that were mutilated at random are read and linted without a crash, in bounded time.

The mutations know the structure of YAML: they move, double, drop and swap keys, values and
lines of the examples, and graft hostile scalars into them.
"""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jobnet.project import Reading, lint, read_file

from tests.project.mutations import ATOMS, EXAMPLE_TEXTS, Mutation, mutated
from tests.project.remarks.test_times import TODAY

SECONDS_MAX = 10
MUTATIONS_MAX = 12

MUTATIONS = st.lists(
    st.builds(
        Mutation,
        kind=st.sampled_from(Mutation.KINDS),
        place=st.floats(0, 1, exclude_max=True),
        other=st.floats(0, 1, exclude_max=True),
        atom=st.sampled_from(ATOMS) | st.text(max_size=12),
    ),
    min_size=1,
    max_size=MUTATIONS_MAX,
)


def lint_text(text: str) -> Reading:
    """Read and lint a text as a file of a project; nothing may be raised."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "ansible.cfg").touch()
        file = Path(folder) / "net.yml"
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
        reading = read_file(file, hosts="web")
        found = lint(reading, today=TODAY)
    assert all(one.code and one.what for one in found)
    assert all(str(one) for one in found)
    return reading


def check(text: str) -> None:
    began = time.process_time()
    lint_text(text)
    assert time.process_time() - began < SECONDS_MAX


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.sampled_from(EXAMPLE_TEXTS), mutations=MUTATIONS)
@example(text="kind: network\nname: n\nflow: [{wait_for: 1s}]\n", mutations=[])
def test_a_mutilated_network_is_read_and_linted(text: str, mutations: list[Mutation]) -> None:
    check(mutated(text, mutations))


@pytest.mark.long
@settings(max_examples=8_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.sampled_from(EXAMPLE_TEXTS), mutations=MUTATIONS)
def test_many_mutilated_networks_are_read_and_linted(text: str, mutations: list[Mutation]) -> None:
    check(mutated(text, mutations))


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_is_read_and_linted(text: str) -> None:
    check(text.encode("utf-8", "replace").decode())
