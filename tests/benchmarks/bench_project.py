"""Measures reading and linting a network of 1,000 parts against loading its text as plain YAML.

The reference is libyaml's safe loader on the same text in the same process: what nobody who
reads YAML can avoid. The goal is 0.3 s of processor time on an idle machine of today.
"""

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import yaml
from jobnet.expressions.syntax import parse_expression
from jobnet.project import lint, read_file

PARTS = 1_000
ROUNDS = 5
GOAL_SECONDS = 0.3
TODAY = date(2026, 11, 22)
HEAD = "kind: network\nname: net\nhosts: web\nparams: {x: {type: int, default: 1}}\nflow:\n"
PART = (
    '  - {{id: p{n}, command: "echo {n} of {{{{ params.x }}}}", when: params.x > {n},'
    " on_error: continue}}\n"
)


def best(measured: Callable[[], object]) -> float:
    """Return the seconds of the quickest of some rounds, which noise has touched the least."""
    found = []
    for _ in range(ROUNDS):
        began = process_time()
        measured()
        found.append(process_time() - began)
    return min(found)


def say(*lines: str) -> None:
    """Print some lines."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def main() -> int:
    """Print the figures; return 1 where the text is not read without problems."""
    text = HEAD + "".join(PART.format(n=n) for n in range(PARTS))
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    conditions = [f"params.x > {n}" for n in range(PARTS)]
    with TemporaryDirectory() as folder:
        (Path(folder) / "ansible.cfg").touch()
        file = Path(folder) / "net.yml"
        file.write_text(text, encoding="utf-8")
        reading = read_file(file)
        if reading.problems or lint(reading, today=TODAY):
            say(*map(str, lint(reading, today=TODAY)[:3]))
            return 1
        plain = best(lambda: yaml.load(text, Loader=loader))  # noqa: S506 - the safe one
        jinja = best(lambda: [parse_expression(one) for one in conditions])
        read = best(lambda: read_file(file))
        check = best(lambda: lint(reading, today=TODAY))
    verdict = "reached" if read + check <= GOAL_SECONDS else "not reached on this machine"
    say(
        f"{PARTS:,} parts, {len(text) // 1024} KiB",
        f"  plain YAML       {plain:6.3f} s   reference",
        f"  1,000 conditions {jinja:6.3f} s   {jinja / plain:5.1f} x",
        f"  read             {read:6.3f} s   {read / plain:5.1f} x",
        f"  lint             {check:6.3f} s   {check / plain:5.1f} x",
        f"  read and lint    {read + check:6.3f} s   goal {GOAL_SECONDS} s {verdict}",
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
