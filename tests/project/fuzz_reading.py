"""An atheris harness: coverage leads random bytes through the reader and lint.

``python tests/project/fuzz_reading.py SECONDS`` runs it; ``make test-long`` does so where atheris
is installed. The bytes choose an example and its mutations, or are the text themselves.
"""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

atheris: Any = import_module("atheris")  # not on every platform, so the project does not ask for it
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

with atheris.instrument_imports(include=["jobnet"]):  # what these import is instrumented
    from tests.project.mutations import ATOMS, EXAMPLE_TEXTS, Mutation, mutated
    from tests.project.test_fuzz import check

MUTATIONS_MAX = 12
MEMORY_MB_MAX = 1_024
INPUT_SECONDS_MAX = 20


def one_input(data: bytes) -> None:
    """Read and lint what some bytes stand for."""
    given = atheris.FuzzedDataProvider(data)
    if given.ConsumeProbability() < 0.2:
        check(given.ConsumeUnicodeNoSurrogates(2_000))
        return
    text = given.PickValueInList(list(EXAMPLE_TEXTS))
    mutations = [
        Mutation(
            kind=given.PickValueInList(list(Mutation.KINDS)),
            place=min(given.ConsumeProbability(), 0.999_999),
            other=min(given.ConsumeProbability(), 0.999_999),
            atom=given.PickValueInList(list(ATOMS))
            if given.ConsumeBool()
            else given.ConsumeUnicodeNoSurrogates(12),
        )
        for _ in range(given.ConsumeIntInRange(1, MUTATIONS_MAX))
    ]
    check(mutated(text, mutations))


def main(seconds: int) -> None:
    """Fuzz for some seconds; a finding ends the program with its input."""
    limits = [f"-max_total_time={seconds}", f"-rss_limit_mb={MEMORY_MB_MAX}"]
    limits += [f"-timeout={INPUT_SECONDS_MAX}", "-max_len=4096", "-print_final_stats=1"]
    limits.append("-artifact_prefix=/dev/null.")
    atheris.Setup([sys.argv[0], *limits], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
