"""Chooses at random, and the same again for the same seed.

Each candidate gets the digest of the seed and its name, and the smallest digests win. So a
change in one module hardly changes what is chosen of the others.
"""

import hashlib
from collections.abc import Iterable, Mapping

# The issue asks for 300 in all; the engine is about two thirds of the three packages.
SHARES: Mapping[str, int] = {"expressions": 1, "calendars": 1, "engine": 3}


def shares(size: int, packages: Iterable[str]) -> dict[str, int]:
    """Return how many of ``size`` mutants each package of the sample gives."""
    whole = sum(SHARES.values())
    return {package: round(size * SHARES[package] / whole) for package in packages}


def in_random_order(names: Iterable[str], seed: int) -> list[str]:
    """Return the names by the digests of the seed and each of them."""
    return sorted(names, key=lambda name: digest(name, seed))


def choice(name: str, seed: int, among: int) -> int:
    """Return a number below ``among`` that the seed and the name decide."""
    return digest(f"{name} choice", seed) % among


def digest(name: str, seed: int) -> int:
    return int(hashlib.sha256(f"{seed} {name}".encode()).hexdigest(), 16)
