"""What ``-e`` takes."""

from pathlib import Path

import pytest
from jobnet.errors.play import ParamTextRefused
from jobnet.services.param_texts import FILE_BYTES_MAX, read_params


def test_later_values_win_and_text_stays_text(tmp_path: Path) -> None:
    file = tmp_path / "more.yml"
    file.write_text("rows: 7\nname: from file\n")

    found = read_params(["name=x", f"@{file}", '{"rows": [1, 2]}', "expr={{ 1 }}=2"])

    assert found == {"name": "from file", "rows": [1, 2], "expr": "{{ 1 }}=2"}


@pytest.mark.parametrize(
    "text", ["", "name", "=x", "{", "[1]", "{1: 2}", "@", "@nowhere.yml", "@/", "@\0"]
)
def test_what_gives_no_params_is_refused(text: str) -> None:
    with pytest.raises(ParamTextRefused, match=r"write key=value, @file\.yml or a JSON object"):
        read_params([text])


@pytest.mark.parametrize(
    "content",
    [
        b"- a list",
        b"just text",
        b"a: [",
        b"\xff\xfe",
        b"1: x",
        b"a: " + b"[" * 100_000,
        b"a: &a [x, x]\nb: [*a, *a]",
        b"x" * (FILE_BYTES_MAX + 1),
        b"a: !!python/object/apply:os.system [id]",
        b"",
    ],
    ids=["list", "text", "broken", "binary", "number", "deep", "aliases", "huge", "tag", "empty"],
)
def test_a_file_that_holds_no_mapping_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "params.yml"
    file.write_bytes(content)

    with pytest.raises(ParamTextRefused) as caught:
        read_params([f"@{file}"])

    assert len(str(caught.value)) < 500
