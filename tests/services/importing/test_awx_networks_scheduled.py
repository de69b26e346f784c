"""Schedules of an export of AWX find their networks, wherever in the export they stand."""

import json
from pathlib import Path

from jobnet.services.importing import ImportWishes, Outcome, SourceFile, import_awx

from tests.services.importing.awx_export import (
    imported,
    job_template,
    key,
    playbooks,
    schedule,
    survey,
    workflow,
)
from tests.services.importing.importing import document, names, objections, only_part, told

RULE = "DTSTART;TZID=Europe/Berlin:20260105T020000 RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,WE"


def test_a_schedule_that_is_switched_off_is_paused() -> None:
    export = {"job_templates": [job_template("a", related={"schedules": [
        schedule("off", RULE, enabled=False)]})]}  # fmt: skip

    found = document(imported(export), "schedule", "off")

    assert str(found["pause"]["from"]) == "2026-01-05"


def test_a_schedule_that_stands_by_itself_finds_its_template() -> None:
    of = key("job_template", "a")
    export = {
        "job_templates": [job_template("a")],
        "schedules": [
            schedule("one", RULE, unified_job_template=of),
            schedule("two", RULE, unified_job_template=key("project", "repo")),
        ],
    }

    found = imported(export)

    assert document(found, "schedule", "one")["networks"] == ["a"]
    assert "'two' starts something that was not carried" in told(found, Outcome.LEFT)


def test_what_a_schedule_hands_over_reaches_the_params_of_the_network() -> None:
    asked = survey({"type": "text", "variable": "target", "default": "x"})
    given = schedule("s", RULE, extra_data={"target": "db", "other": 1}, limit="web")
    template = job_template("a", **{**asked, "related": {**asked["related"], "schedules": [given]}})

    found = imported({"job_templates": [template]})

    assert document(found, "schedule", "s")["params"] == {"target": "db"}
    left = told(found, Outcome.LEFT)
    assert "its variable other is no param" in left
    assert "its own limit was not carried" in left


def test_a_secret_of_a_survey_has_to_be_given_and_is_not_handed_over_by_a_schedule(
    tmp_path: Path,
) -> None:
    asked = survey({"type": "password", "variable": "phrase", "default": "$encrypted$"})
    given = schedule("s", RULE, extra_data={"phrase": "$encrypted$"})
    template = job_template("a", **{**asked, "related": {**asked["related"], "schedules": [given]}})
    export = {"job_templates": [template]}

    found = imported(export)

    assert document(found, "network", "a")["params"]["phrase"] == {
        "type": "secret",
        "required": True,
    }
    (asks,) = objections(found, tmp_path, files=playbooks(export))
    assert "needs `phrase`" in asks


def test_a_schedule_that_an_export_has_twice_is_written_once() -> None:
    given = schedule("s", RULE)
    export = {
        "job_templates": [job_template("a", related={"schedules": [given]})],
        "schedules": [given | {"unified_job_template": key("job_template", "a")}],
    }

    found = imported(export)

    assert names(found, "schedule") == ["s"]
    assert told(found, Outcome.LEFT) == ""


def test_schedules_of_what_was_not_carried_are_told() -> None:
    given = schedule("s", RULE)
    export = {
        "workflow_job_templates": [workflow("w", related={"schedules": [given]})],
        "schedules": [given | {"unified_job_template": key("workflow_job_template", "w")}],
    }

    found = imported(export)

    assert found.documents == []
    assert "the schedule 's' starts something that was not carried" in told(found, Outcome.LEFT)


def test_templates_of_one_name_in_two_organizations_keep_their_schedules() -> None:
    templates = [
        {
            **job_template("a", related={"schedules": [schedule(f"s{number}", RULE)]}),
            "playbook": f"{number}.yml",
            "organization": {"name": f"o{number}", "type": "organization"},
        }
        for number in (1, 2)
    ]

    found = imported({"job_templates": templates})

    assert names(found) == ["a", "a_2"]
    assert only_part(found, "a_2")["playbook"] == "2.yml"
    assert document(found, "schedule", "s2")["networks"] == ["a_2"]


def test_several_exports_belong_together() -> None:
    lonely = schedule("s", RULE, unified_job_template=key("job_template", "a"))
    texts = (
        json.dumps({"schedules": [lonely]}),
        json.dumps({"job_templates": [job_template("a")]}),
    )
    files = [SourceFile(path=f"{n}.json", text=text) for n, text in enumerate(texts)]

    found = import_awx(files, ImportWishes())

    assert document(found, "schedule", "s")["networks"] == ["a"]
