"""Measures modules that run warm against stock ones, and building their payloads, in one run.

The reference is what ansible-core does: a cold interpreter that compiles the payload's own
``module_utils``. Both sides get the same payload, in turns, so a busy machine slows both. The
goal is a third of stock for ``command``, and payloads built in a twentieth.
"""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import ansible.constants
from jobnet.execution.warm_modules.payloads import preload_payloads

from tests.execution.warm_modules.serving import Warm, payload_of, serving

ROUNDS = 15
MODULES: dict[str, dict[str, Any]] = {
    "ping": {},
    "command": {"_raw_params": "true", "_uses_shell": False},
    "stat": {"path": "/etc/passwd"},
    "setup": {"gather_subset": ["!all", "min"]},
}
GOAL_RATIO = 3.0


def milliseconds(measured: Callable[[], object]) -> float:
    """Return how long one call took."""
    began = perf_counter()
    measured()
    return (perf_counter() - began) * 1000


def built(name: str) -> float:
    """Return how long a fresh job takes to build the payload of a module."""
    cache = Path(ansible.constants.DEFAULT_LOCAL_TMP) / "ansiballz_cache"
    shutil.rmtree(cache, ignore_errors=True)
    return milliseconds(lambda: payload_of(name, MODULES[name]))


def compared(warm: Warm, name: str) -> tuple[float, float]:
    """Return the medians of stock and warm executions in turns."""
    payload = payload_of(name, MODULES[name])
    assert warm.warm(payload).rc == warm.stock(payload).rc == 0
    pairs = [
        (milliseconds(lambda: warm.stock(payload)), milliseconds(lambda: warm.either(payload)))
        for _ in range(ROUNDS)
    ]
    stock, ours = zip(*pairs, strict=True)
    return median(stock), median(ours)


def main() -> int:
    """Print the figures; return 1 if ``command`` misses its goal."""
    say = sys.stdout.write
    stock_builds = {name: median(built(name) for _ in range(5)) for name in MODULES}
    took = milliseconds(preload_payloads)
    ratio = 0.0
    say(f"payloads remembered in {took:.0f} ms\n")
    for name, stock in stock_builds.items():
        ours = median(built(name) for _ in range(ROUNDS))
        say(f"build {name}: stock {stock:.1f} ms, warm {ours:.1f} ms, {stock / ours:.1f} times\n")
    with TemporaryDirectory() as folder, serving(Path(folder)) as warm:
        warm.make_ready()
        for name in MODULES:
            stock, ours = compared(warm, name)
            say(f"run {name}: stock {stock:.0f} ms, warm {ours:.0f} ms, {stock / ours:.1f} times\n")
            ratio = stock / ours if name == "command" else ratio
    say(f"goal: command at least {GOAL_RATIO} times, is {ratio:.1f}\n")
    return 0 if ratio >= GOAL_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
