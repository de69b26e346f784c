"""Runs a random sample of mutants: ``make mutants SEED=1 SAMPLE=300``.

    python -m tests.mutation [--seed N] [--sample N] [--package NAME]... [MUTANT]...

Names of mutants, as the output shows them, run these again instead of a sample.
"""

import argparse
import difflib
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.mutation.mutants import Mutant, Source
from tests.mutation.sampling import SHARES, choice, in_random_order, shares
from tests.mutation.trials import Broken, Tree

STATUSES = ("killed", "timeout", "survived")
KILLED_MIN = 0.9
NICE = 10


def main() -> int:
    """Run the sample and return 1 when fewer than nine in ten were killed."""
    arguments = parsed()
    os.nice(NICE)
    counts: dict[str, Counter[str]] = {}
    for package, wanted in shares(arguments.sample, arguments.package or SHARES).items():
        names = [name for name in arguments.mutant if name.startswith(f"{package}/")]
        if arguments.mutant and not names:
            continue
        try:
            with (
                tempfile.TemporaryDirectory(prefix="jobnet-mutants-") as folder,
                Tree(Path(folder), package, seed=arguments.seed) as tree,
            ):
                counts[package] = run(tree, arguments.seed, names, wanted=wanted)
        except Broken as error:
            say(f"Nothing was tried on {package}: {error}.")
            return 2
    return summary(counts, arguments.seed)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--package", action="append", choices=list(SHARES))
    parser.add_argument("mutant", nargs="*")
    return parser.parse_args()


def run(tree: Tree, seed: int, names: list[str], *, wanted: int) -> Counter[str]:
    """Try the named mutants, or as many random ones as are wanted; show each."""
    sources = {
        path.relative_to(tree.path("")).as_posix(): Source(path.read_text(encoding="utf-8"))
        for path in sorted(tree.path(tree.package).rglob("*.py"))
    }
    counts: Counter[str] = Counter()
    for mutant in named(sources, names) if names else random_mutants(sources, seed):
        module = mutant.name.partition("#")[0]
        outcome = tree.trial(module, mutant.text)
        counts[outcome.status] += 1
        title = f"{outcome.status} {mutant.name} line {mutant.line} {mutant.operator}"
        say(f"{title} {outcome.seconds:.1f} s {outcome.words[:150]}")
        if outcome.status == "survived":
            say("".join(difference(sources[module].text, mutant.text)))
        if not names and counts.total() == wanted:
            break
    return counts


def random_mutants(sources: dict[str, Source], seed: int) -> Iterator[Mutant]:
    """Yield one mutant of each site, in the order of the seed."""
    sites = {
        f"{module}#{number}": (source, site)
        for module, source in sources.items()
        for number, site in enumerate(source.sites)
    }
    for name in in_random_order(sites, seed):
        source, site = sites[name]
        number = choice(name, seed, len(site.choices))
        mutant = source.mutant(f"{name}.{number}", site, number)
        if mutant is not None:
            yield mutant


def named(sources: dict[str, Source], names: list[str]) -> Iterator[Mutant]:
    for name in names:
        module, _, numbers = name.partition("#")
        site, _, number = numbers.partition(".")
        source = sources[module]
        mutant = source.mutant(name, source.sites[int(site)], int(number))
        if mutant is not None:
            yield mutant


def difference(before: str, after: str) -> Iterator[str]:
    lines = (before.splitlines(keepends=True), after.splitlines(keepends=True))
    yield from list(difflib.unified_diff(*lines, n=1))[2:]


def summary(counts: dict[str, Counter[str]], seed: int) -> int:
    whole: Counter[str] = Counter()
    for package, count in counts.items():
        whole += count
        say(row(package, count))
    say(row(f"all, seed {seed}", whole))
    killed = whole["killed"] + whole["timeout"]
    return 0 if killed >= KILLED_MIN * whole.total() else 1


def row(title: str, count: Counter[str]) -> str:
    cells = ", ".join(f"{count[status]} {status}" for status in STATUSES)
    killed = count["killed"] + count["timeout"]
    return f"{title}: {count.total()} mutants, {cells}: {killed / max(1, count.total()):.0%} killed"


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a program that talks


if __name__ == "__main__":
    sys.exit(main())
