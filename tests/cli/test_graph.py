"""`jobnet graph` as a command, on files and on runs that were really played."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Place
from tests.pictures.reading import parsed, texts, titles

NIGHT = """
    kind: network
    name: night
    title: The <night>
    flow:
      - {id: soon, name: A moment, wait_for: 0s}
      - id: ask
        branch:
          cases:
            - when: parts.soon.normal
              flow: [{id: good, name: All is well, wait_for: 0s}]
          else: [{id: bad, name: Alas, wait_for: 0s}]
"""


def test_a_network_is_printed_as_svg(place: Place) -> None:
    done = place.run("graph", place.network(NIGHT))

    assert (done.returncode, done.stderr) == (0, "")
    assert texts(done.stdout)[0] == "The <night>"
    assert "All is well" in texts(done.stdout)


@pytest.mark.parametrize("options", [("-o", "mermaid"), ("--format=mermaid",)])
def test_a_network_is_printed_as_mermaid(place: Place, options: tuple[str, ...]) -> None:
    done = place.run("graph", place.network(NIGHT), *options)

    assert done.returncode == 0
    assert done.stdout.startswith("flowchart TB\n")
    assert "All is well" in done.stdout


def test_the_name_of_the_file_decides_the_format_unless_one_is_given(place: Place) -> None:
    file = place.network(NIGHT)

    first = place.run("graph", file, "--output", "night.mmd")
    second = place.run("graph", file, "--output", "other.mmd", "-o", "svg")

    assert (first.returncode, first.stdout, second.returncode) == (0, "", 0)
    assert (place.project / "night.mmd").read_text().startswith("flowchart TB")
    assert (place.project / "other.mmd").read_text().startswith("<svg")


def test_a_picture_does_not_depend_on_the_locale(place: Place) -> None:
    file = place.network(NIGHT.replace("A moment", "月次"))

    done = place.run("graph", file, "--output", "x.svg", LC_ALL="C", PYTHONUTF8="0")
    printed = place.run("graph", file, LC_ALL="C", PYTHONUTF8="0")

    assert (done.returncode, printed.returncode) == (0, 0)
    assert "月次" in (place.project / "x.svg").read_text(encoding="utf-8")


def played(place: Place) -> tuple[str, Path]:
    """Play the night and return the name of its run and the folder of its pieces."""
    done = place.run("play", place.network(NIGHT), "-o", "json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    return document["run"], Path(document["folder"])


def test_a_run_is_drawn_by_its_name_and_by_its_folder(place: Place) -> None:
    name, folder = played(place)

    by_name = place.run("graph", "--run", name)
    by_folder = place.run("graph", "--run", str(folder), JOBNET_HOME=str(place.home / "other"))

    assert (by_name.returncode, by_name.stderr) == (0, "")
    assert by_name.stdout == by_folder.stdout
    shown = texts(by_name.stdout)
    assert "Bypassed" in shown
    assert f"run {name}" in shown
    assert any(told.startswith("Alas\nTime wait bad\n") for told in titles(by_name.stdout))


def test_a_definition_that_changed_since_the_run_is_told_on_the_picture(place: Place) -> None:
    name, _ = played(place)
    place.network(NIGHT.replace("Alas", "Alas again"))

    done = place.run("graph", "--run", name)

    said = "The definition has changed since this run and is drawn as it is now: night.yml."
    assert (done.returncode, done.stderr) == (0, f"warning: {said}\n")
    assert said in texts(done.stdout)
    assert said in (parsed(done.stdout)[1].text or "")


def test_a_run_whose_parts_are_gone_is_refused(place: Place) -> None:
    name, _ = played(place)
    place.network(NIGHT.replace("id: soon", "id: later").replace("parts.soon", "parts.later"))

    done = place.run("graph", "--run", name, "--output", "x.svg")

    assert done.returncode == 1
    assert f"of the journal of run {name!r} does not fit to network 'night'" in done.stderr
    assert not (place.project / "x.svg").exists()


def test_a_run_without_a_record_is_drawn_with_the_file_that_is_named(place: Place) -> None:
    name, folder = played(place)
    (folder / "definition.json").unlink()

    alone = place.run("graph", "--run", name)
    named = place.run("graph", "--run", name, "night.yml")

    assert alone.returncode == 1
    assert f"jobnet graph --run {name} FILE" in alone.stderr
    assert named.returncode == 0
    assert named.stderr.startswith("warning: The definition is the one that was named")


def test_a_run_that_is_not_over_is_drawn_as_it_stands(place: Place) -> None:
    name, folder = played(place)
    journal = folder / "journal.jsonl"
    lines = journal.read_text().splitlines(keepends=True)
    journal.write_text("".join(lines[: len(lines) // 2]) + lines[-1][:30])

    done = place.run("graph", "--run", name)

    assert done.returncode == 0
    assert done.stderr == "warning: This run had not ended when the picture was drawn.\n"


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        ((), 2, "There is nothing to draw"),
        (("--run", "nigth"), 1, "There is no run 'nigth'"),
        (("missing.yml",), 1, "missing.yml"),
        (("night.yml:day",), 1, "night.yml has no network 'day'"),
        (("night.yml", "-o", "png"), 2, "'png' is not one of 'svg', 'mermaid'"),
        (("night.yml", "--output", "no/such/folder/x.svg"), 1, "No such file or directory"),
        (("broken.yml",), 1, "broken.yml"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_one_line(
    place: Place, arguments: tuple[str, ...], status: int, said: str
) -> None:
    place.network(NIGHT)
    place.network("kind: network\nname: broken\nflow: [{wait_for: }]\n", "broken.yml")

    done = place.run("graph", *arguments)

    assert (done.returncode, done.stdout) == (status, "")
    assert said in done.stderr
    assert done.stderr.startswith("jobnet: ")
    assert "bug" not in done.stderr
