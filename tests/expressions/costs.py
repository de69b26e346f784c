"""What each example costs in steps and bytes, as the file ``costs.txt`` keeps it.

A text that fits its budget today has to fit after an upgrade. ``python -m tests.expressions.costs``
writes the numbers anew after a change that is meant, for the examples that Ansible gives and for
the texts in the file; the difference shows what became dearer.
"""

from collections.abc import Callable
from pathlib import Path

from jobnet.expressions import (
    Budget,
    BudgetExceeded,
    ExpressionFailed,
    evaluate,
    parse_expression,
    parse_template,
    render,
)

from tests.expressions import examples

FILE = Path(__file__).parent / "costs.txt"
STEPS_MAX = 200_000
BYTES_MAX = 4 << 20
NAMES: dict[str, object] = {
    **examples.NAMES,
    "many": [number * 7 % 1000 for number in range(1000)],
    "page": "some words, then a line\n" * 200,
    "rows": [{"host": f"host{number}", "code": number % 3} for number in range(500)],
    "wide": {f"key{number}": number for number in range(500)},
    "long": ["x" * 2000, "y" * 2000],
}
OF_ANSIBLE = (*examples.FILTERS, *examples.TESTS, *examples.OTHERS)


def written() -> dict[str, tuple[int, int]]:
    """Return the steps and bytes of each text."""
    rows = (line.split(" ", 2) for line in FILE.read_text(encoding="utf-8").splitlines())
    return {text: (int(steps), int(size)) for steps, size, text in rows}


def fits(text: str, **limits: int) -> bool:
    """Return whether an expression, or a template that starts with a tag, ends within limits."""
    budget = Budget(**limits)
    try:
        if text.startswith(("{{", "{%")):
            render(parse_template(text), NAMES, budget=budget)
        else:
            evaluate(parse_expression(text), NAMES, budget=budget)
    except BudgetExceeded:
        return False
    except ExpressionFailed:
        return True  # refused for another reason, at a cost as well
    return True


def _least(enough: Callable[[int], bool], most: int) -> int:
    low = 0
    while most - low > 1:
        middle = (low + most) // 2
        low, most = (low, middle) if enough(middle) else (middle, most)
    return most


def _line(text: str) -> str:
    steps = _least(lambda most: fits(text, steps_max=most), STEPS_MAX)
    size = _least(lambda most: fits(text, bytes_max=most), BYTES_MAX)
    return f"{steps} {size} {text}\n"


if __name__ == "__main__":
    every = dict.fromkeys((*OF_ANSIBLE, *written()))
    FILE.write_text("".join(_line(text) for text in every), encoding="utf-8")
