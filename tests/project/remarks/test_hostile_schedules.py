"""Schedules, windows and start conditions of hostile size are read and linted in bounded time."""

import time
from datetime import date
from pathlib import Path

import pytest
from jobnet.project import lint, read_project

SECONDS_MAX = 10
TODAY = date(2026, 11, 22)
NETWORK = "kind: network\nname: n\nflow: [{wait_for: 1s}]\n"
HEAD = "kind: schedule\nname: s\nnetworks: n\n"
AUGUST = ", ".join(["{months: [8], at: '22:00'}"] * 1000)
DAYS = ", ".join(f"{{day_of_month: {n % 28 + 1}, months: [{n % 12 + 1}]}}" for n in range(10_000))
CLOCKS = ", ".join(f"'{n // 60:02}:{n % 60:02}'" for n in range(1440))
PAST = ", ".join(f"{{dates: [{1000 + n}-01-01], from: '01:00', to: '02:00'}}" for n in range(200))
NAMES = [f"n{n}" for n in range(100)]
ENDS = ", ".join(f"{{network: {name}}}" for name in NAMES)
CIRCLES = "---\n".join(
    f"kind: schedule\nname: s{n}\nnetworks: [{', '.join(NAMES)}]\nstart_on: {{any: [{ENDS}]}}\n"
    for n in range(5)
)
NETWORKS = [NETWORK.replace("name: n", f"name: {name}") for name in NAMES]
EVERY_MINUTE = ", ".join([f"{{at: [{CLOCKS}]}}"] * 30)
HOSTILE = {
    "rules that never fire": f"{HEAD}rules: [{AUGUST}]\nexclude: {{months: [8]}}\n",
    "rules and exclusions": f"{HEAD}rules: [{AUGUST}]\nexclude: [{DAYS}]\n",
    "clock times": f"{HEAD}timezone: Europe/Berlin\nrules: [{EVERY_MINUTE}]\n",
    "windows": f"kind: window\nname: w\nhosts: db\nrules: [{PAST}]\n",
    "circles": "---\n".join([CIRCLES, *NETWORKS]),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_linting_ends_in_bounded_time(tmp_path: Path, text: str) -> None:
    (tmp_path / "n.yml").write_text(NETWORK)
    (tmp_path / "hostile.yml").write_text(text)
    began = time.process_time()

    lint(read_project([tmp_path]), today=TODAY)

    assert time.process_time() - began < SECONDS_MAX
