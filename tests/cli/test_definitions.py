"""Definitions on the command line: applied with a plan, compared, exported."""

from tests.cli.at_controller import NIGHT, Desk


def test_a_plan_is_shown_before_and_nothing_changes_twice(at: Desk) -> None:
    at.write(NIGHT.replace("The night", "Another night"))

    planned = at.say("apply", ".", "--base", str(at.project), "--dry-run")
    applied = at.say("apply", ".", "--base", str(at.project))
    again = at.say("apply", ".", "--base", str(at.project))

    assert "~ network night" in planned
    assert "Applied: edition 2." in applied
    assert "Nothing changes" in again


def test_the_texts_of_a_plan_are_shown_where_they_are_asked_for(at: Desk) -> None:
    at.write(NIGHT.replace("The night", "Another night"))

    planned = at.say("apply", ".", "--base", str(at.project), "--dry-run", "-v")

    assert "    -title: The night" in planned
    assert "    +title: Another night" in planned


def test_nothing_is_removed_unasked(at: Desk) -> None:
    at.write("kind: network\nname: other\nflow: [{wait_for: 1h}]\n", "other.yml")
    at.say("apply", ".", "--base", str(at.project))
    (at.project / "other.yml").unlink()

    refused = at.type("apply", ".", "--base", str(at.project), "--prune")
    done = at.say("apply", ".", "--base", str(at.project), "--prune", "--yes")

    assert refused.status == 1
    assert "- network other" in refused.out
    assert "Applied" in done


def test_every_problem_is_said_and_nothing_applied(at: Desk) -> None:
    at.write("kind: network\nname: broken\nflow: [{wait_for: soon}]\n", "broken.yml")

    refused = at.type("apply", ".", "--base", str(at.project))

    assert refused.status == 1
    assert "broken.yml:3" in refused.err
    assert "broken" not in at.say("network", "list")


def test_a_path_that_is_not_there_is_refused(at: Desk) -> None:
    refused = at.type("apply", "nowhere", "--base", str(at.project))

    assert refused.status == 1
    assert "nowhere" in refused.err


def test_a_controller_elsewhere_wants_to_know_for_which_folder_files_stand(at: Desk) -> None:
    refused = at.type("apply", ".")

    assert refused.status == 2
    assert "--base" in refused.err


def test_versions_of_a_network_are_listed_and_compared(at: Desk) -> None:
    at.write(NIGHT.replace("The night", "Another night"))
    at.say("apply", ".", "--base", str(at.project))

    versions = at.type("network", "versions", "night", "-o", "json").document["items"]
    differs = at.say("diff", "--document", "network/night")

    assert [one["version"] for one in versions] == [2, 1]
    assert "-title: The night" in differs


def test_files_are_compared_with_what_is_applied(at: Desk) -> None:
    same = at.say("diff", ".")
    at.write(NIGHT.replace("The night", "Another night"))

    assert same == "Nothing differs.\n"
    assert "+title: Another night" in at.say("diff", ".")


def test_definitions_are_written_to_files_again_and_overwrite_none(at: Desk) -> None:
    at.say("export", "--to", "copy")
    again = at.type("export", "--to", "copy")

    assert (at.project / "copy/night.yml").read_text() == NIGHT
    assert again.status == 1
    assert "--to" in again.err


def test_a_network_is_shown_with_its_text(at: Desk) -> None:
    shown = at.say("network", "show", "night")

    assert shown.startswith("night: The night\n")
    assert "- {id: pause, wait_for: 5h}" in shown
