from pathlib import Path

import pytest
from jobnet.project import bundle, read_file, select_network
from jobnet.services.expected_jobs import first_expected

ECHO = "hosts: localhost, ansible.builtin.command: echo"


@pytest.mark.parametrize(
    ("text", "is_expected"),
    [
        (f"flow:\n  - {{name: a, {ECHO}}}\n", True),
        ("flow:\n  - {name: a, wait_for: 1s}\n", False),
        (f"warm: off\nflow:\n  - {{name: a, {ECHO}}}\n", False),
        (f"warm: off\nflow:\n  - {{name: a, {ECHO}}}\n  - {{name: b, {ECHO}, warm: on}}\n", True),
        (f"flow:\n  - {{name: a, {ECHO}, warm: off}}\n", False),
        (f"flow:\n  - name: a\n    warm: off\n    block:\n      - {{name: b, {ECHO}}}\n", False),
        (f"flow:\n  - name: a\n    block:\n      - {{name: b, {ECHO}}}\n", True),
    ],
)
def test_an_ansible_is_expected_only_where_a_job_may_start_warm(
    tmp_path: Path, text: str, *, is_expected: bool
) -> None:
    file = tmp_path / "night.yml"
    file.write_text(f"kind: network\nname: night\n{text}")
    reading = read_file(str(file), hosts=None)

    expected = first_expected(bundle(reading, select_network(reading, None)))

    assert (expected is not None) is is_expected
    assert expected is None or expected.project_root == str(tmp_path)
