"""Expressions that give the same in Ansible and here, and the names that they read."""

from pathlib import Path

NAMES: dict[str, object] = {
    "n": None,
    "t": True,
    "f": False,
    "i": 7,
    "neg": -3,
    "x": 2.5,
    "s": "Hello World",
    "e": "",
    "u": "Gr\u00fc\u00dfe Welt",
    "nums": [3, 1, 2, 3],
    "mix": ["b", "A", "a", "B"],
    "d": {"b": 1, "a": 2, "C": 3},
    "nested": {"a": {"x": 1, "l": [1, 2]}, "b": {"y": 2}},
    "nested2": {"a": {"z": 3, "l": [2, 3]}},
    "people": [
        {"name": "bob", "age": 5, "g": "x"},
        {"name": "Ann", "age": 3, "g": "Y"},
        {"name": "cid", "age": 9, "g": "X"},
    ],
    "gaps": [{"a": 1}, {"b": 2}, {"a": None}],
    "ll": [[1, [2, None]], [3, "null"]],
    "path": "/var/log/x.tar.gz",
    "ml": "one\ntwo\n\nthree\n",
    "res": {"failed": True, "changed": False},
    "loopres": {"results": [{"changed": False}, {"changed": True}]},
    "lines": "a1\nb22\n",
    "j": '{"a": [1, 2.5, null]}',
    "b": "SGVsbG8=",
}


def _lines(name: str) -> list[str]:
    path = Path(__file__).parent / "examples_of_ansible" / f"{name}.txt"
    return path.read_text(encoding="utf-8").splitlines()


FILTERS = _lines("filters")
TESTS = _lines("tests")
OTHERS = _lines("others")
