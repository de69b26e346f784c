"""Exports of AWX become networks and schedules, and a report of what lies elsewhere."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jobnet.errors.importing import NotAnExport
from jobnet.services.importing import ImportWishes, Outcome, SourceFile, import_awx

from tests.services.importing.awx_export import (
    Data,
    imported,
    job_template,
    key,
    node,
    playbooks,
    schedule,
    survey,
    workflow,
)
from tests.services.importing.importing import document, names, objections, only_part, told
from tests.services.simulating import run_state, simulated, states

RULE = "DTSTART;TZID=Europe/Berlin:20260105T020000 RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,WE"


def everything() -> Data:
    """Return an export with something of everything."""
    approval = {"create_approval_template": {"name": "May we?", "description": "", "timeout": 3600}}
    weekly = [schedule("Weekly", RULE, extra_data={"target": "db"})]
    asked = survey(
        {"type": "text", "variable": "target", "question_name": "Where?", "required": True},
        {"type": "float", "variable": "share", "question_name": "Share"},
        {"type": "multiplechoice", "variable": "size", "choices": "s\nm\nl", "default": "m"},
        {"type": "multiselect", "variable": "parts", "choices": ["a", "b"], "default": "a\nb"},
        {"type": "integer", "variable": "count", "min": 1, "max": 9, "default": 3},
    )
    return {
        "workflow_job_templates": [
            workflow(
                "Release: shop",
                node("load", success=["gate"], failure=["clean"]),
                node("gate", related=approval, starts=None, success=["deploy"]),
                node("clean", limit="db"),
                node("deploy", starts=key("workflow_job_template", "inner"), always=["report"]),
                node("report"),
                **{**asked, "related": {**asked["related"], "schedules": weekly}},
                allow_simultaneous=True,
            ),
            workflow("inner", node("update", starts=key("project", "repo"), success=["load"]),
                     node("load")),
        ],
        "job_templates": [
            job_template("load", become_enabled=True, forks=5, timeout=600, job_tags="a,b",
                         inventory=key("inventory", "Shop hosts"),
                         extra_vars="size: 1\nraw: '{{ x }}'"),
            job_template("clean", job_type="check", diff_mode=True, limit="web"),
            job_template("report", related={"schedules": [schedule("Daily", RULE)],
                                            "labels": [{"name": "shop"}]}),
        ],
        "inventory": [{"name": "Shop hosts"}],
        "credentials": [{"name": "ssh", "inputs": {"password": "$encrypted$"}}],
    }  # fmt: skip


def test_a_whole_export_passes_lint(tmp_path: Path) -> None:
    export = everything()

    found = imported(export)

    assert objections(found, tmp_path, files=playbooks(export)) == []
    assert names(found) == ["release_shop", "inner", "load", "clean", "report"]
    assert names(found, "schedule") == ["weekly", "daily"]


def test_a_job_template_keeps_its_words() -> None:
    found = imported(everything())

    part = only_part(found, "load")
    assert part["playbook"] == "load.yml"
    assert part["inventory"] == "inventories/shop_hosts.yml"
    assert part["tags"] == ["a", "b"]
    assert part["become"] is True
    assert (part["forks"], part["timeout"]) == (5, "600s")
    assert part["vars"] == {"size": 1, "raw": "{{ x }}"}
    assert "inventories/shop_hosts.yml" in told(found, Outcome.LEFT)
    clean = only_part(found, "clean")
    assert (clean["check_mode"], clean["diff"], clean["hosts"]) == (True, True, "web")


def test_a_node_may_say_otherwise_where_its_template_lets_it() -> None:
    export = everything()
    open_, closed = (job_template(name, limit="all", ask_limit_on_launch=ask)
                     for name, ask in (("open", True), ("closed", False)))  # fmt: skip
    export["job_templates"] = [open_, closed]
    export["workflow_job_templates"] = [
        workflow("w", node("open", limit="db", success=["closed"]), node("closed", limit="db"))
    ]

    first, second = document(imported(export), "network", "w")["flow"]

    assert (first["hosts"], second["hosts"]) == ("db", "all")


def test_a_survey_becomes_params_that_reach_the_jobs() -> None:
    network = document(imported(everything()), "network", "release_shop")

    params = network["params"]
    assert params["target"] == {"type": "str", "description": "Where?", "required": True}
    assert params["share"] == {"type": "float", "description": "Share", "default": 0.0}
    assert params["size"] == {"type": "str", "choices": ["s", "m", "l"], "default": "m"}
    assert params["parts"]["default"] == ["a", "b"]
    load = network["flow"][0]
    assert load["vars"]["size"] == "{{ params.size }}"  # a workflow's variable wins over the job's
    assert load["vars"]["target"] == "{{ params.target }}"


def test_a_schedule_keeps_its_zone_and_rule() -> None:
    found = document(imported(everything()), "schedule", "weekly")

    assert found["networks"] == ["release_shop"]
    assert found["timezone"] == "Europe/Berlin"
    (rule,) = found["rules"]
    assert rule["rrule"] == ("DTSTART:20260105T020000\nRRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,WE")
    assert "pause" not in found


def test_a_workflow_with_an_approval_goes_on_or_fails_as_answered(tmp_path: Path) -> None:
    export = {
        "workflow_job_templates": [
            workflow(
                "w",
                node("gate", success=["yes"], failure=["no"],
                     related={"create_approval_template": {"name": "May we?", "timeout": 60}}),
                node("yes"), node("no"),
            )
        ],
        "job_templates": [job_template("yes"), job_template("no")],
    }  # fmt: skip
    text = next(one.text for one in imported(export).documents if one.name == "w")
    for name, playbook in playbooks(export).items():
        (tmp_path / name).write_text(playbook, encoding="utf-8")

    ends = {
        answer: states(simulated(tmp_path, text, given))
        for answer, given in (
            ("approve", "{answer: {may_we: approve}}"), ("deny", "{answer: {may_we: deny}}"),
            ("nobody", "{}"),
        )
    }  # fmt: skip

    assert (ends["approve"]["yes"], ends["approve"]["no"]) == ("normal", "bypassed")
    assert (ends["deny"]["yes"], ends["deny"]["no"]) == ("bypassed", "normal")
    assert (ends["nobody"]["yes"], ends["nobody"]["no"]) == ("bypassed", "normal")


def test_a_node_whose_template_is_gone_fails_and_is_told(tmp_path: Path) -> None:
    export = {
        "workflow_job_templates": [
            workflow("w", node("gone", failure=["help"]), node("help", starts={}))
        ]
    }

    found = imported(export)

    assert "job_template 'gone' is not in the export" in told(found, Outcome.LEFT)
    one = simulated(tmp_path, found.documents[0].text)
    assert run_state(one) == "normal"  # nothing is really run; the part itself is one that fails
    first = document(found, "network", "w")["flow"][0]
    assert "ansible.builtin.fail" in first


def test_updates_of_projects_and_inventories_are_stand_ins() -> None:
    found = imported(everything())

    first = document(found, "network", "inner")["flow"][0]
    assert "ansible.builtin.debug" in first
    assert "AWX updated the project here" in told(found, Outcome.CHANGED)


def test_secrets_are_never_written() -> None:
    template = job_template(
        "a", extra_vars=json.dumps({"db_password": "hunter2", "deep": {"api_token": "t0ken"},
                                    "url": "https://u:pa55@h/", "kept": "$encrypted$",
                                    "smtp_password": "{{ vaulted }}"}),
        host_config_key="c0nfig", related={"credentials": [key("credential", "ssh")]},
    )  # fmt: skip

    found = imported({"job_templates": [template]})

    written = "".join(one.text for one in found.documents)
    reported = "\n".join(str(remark) for remark in found.report.remarks)
    for secret in ("hunter2", "t0ken", "pa55", "c0nfig", "$encrypted$"):
        assert secret not in written
        assert secret not in reported
    variables = only_part(found, "a")["vars"]
    assert all("undef(" in variables[name] for name in ("db_password", "url", "kept"))
    assert "undef(" in variables["deep"]["api_token"]
    assert variables["smtp_password"] == "{{ vaulted }}"  # it points at a secret and is none
    assert "the credential 'ssh'" in reported


def test_what_awx_keeps_besides_is_told() -> None:
    found = imported(everything() | {"teams": [{"name": f"t{number}"} for number in range(7)]})

    left = told(found, Outcome.LEFT)
    assert "teams: 7 not carried: t0, t1, t2, t3, t4 and 2 more" in left
    assert "inventory: 1 not carried: Shop hosts" in left
    assert "credentials: 1 not carried: ssh" in left


def test_playbooks_may_lie_elsewhere() -> None:
    found = imported({"job_templates": [job_template("a")]}, playbooks="../ansible/")

    assert only_part(found, "a")["playbook"] == "../ansible/a.yml"


@pytest.mark.parametrize(
    ("nodes", "problem"),
    [
        ([], "no nodes"),
        ([node("a", success=["b"]), node("b", success=["a"])], "in a circle: a, b"),
        ([node("a", success=["a"])], "in a circle: a"),
        ([node("a", success=["zzz"])], "not in the export"),
        ([node("a"), node("a")], "one identifier"),
        ([node(f"n{number}") for number in range(501)], "501 nodes"),
    ],
)
def test_a_workflow_that_cannot_be_carried_is_told(nodes: list[Data], problem: str) -> None:
    found = imported({"workflow_job_templates": [workflow("w", *nodes)]})

    assert found.documents == []
    assert problem in told(found, Outcome.LEFT)


@pytest.mark.parametrize(
    "text",
    ["", "{", '{"job_templates": [{"na', "[]", "null", "{}", '{"job_templates": 3}', "[" * 100_000,
     '{"a": ' * 70 + "1" + "}" * 70, '{"job_templates": [], "x": ' + "[" * 80 + "]" * 80 + "}"],
    ids=range(10),
)  # fmt: skip
def test_a_file_that_is_no_export_is_refused(text: str) -> None:
    with pytest.raises(NotAnExport, match=r"awx\.json"):
        import_awx([SourceFile(path="awx.json", text=text)], ImportWishes())


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
KEYS = ("name", "playbook", "extra_vars", "natural_key", "related", "inventory", "survey_enabled",
        "job_tags", "limit", "forks", "timeout")  # fmt: skip


@given(
    template=st.dictionaries(st.sampled_from(KEYS), VALUES),
    changed=st.dictionaries(st.sampled_from(["identifier", "unified_job_template", "related",
                                             "extra_data", "limit"]), VALUES),
    timed=st.dictionaries(st.sampled_from(["name", "rrule", "unified_job_template", "extra_data"]),
                          VALUES),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_an_export_of_odd_values_is_read_without_a_fault(
    template: Data, changed: Data, timed: Data
) -> None:
    export = {
        "job_templates": [job_template("a") | template],
        "workflow_job_templates": [workflow("w", node("a") | changed)],
        "schedules": [schedule("s", RULE, unified_job_template=key("job_template", "a")) | timed],
    }

    found = imported(export)

    assert all(one.text.startswith("# Imported from") for one in found.documents)


def test_what_a_launch_or_a_workflow_says_for_all_its_nodes_is_told() -> None:
    export = {
        "job_templates": [job_template("a", ask_limit_on_launch=True, ask_tags_on_launch=False)],
        "workflow_job_templates": [
            workflow("w", node("a", related={"credentials": [key("credential", "cloud")]}),
                     limit="web", inventory=key("inventory", "Shop"))
        ],
    }  # fmt: skip

    found = imported(export)

    assert "a launch asked for limit; a start asks for params only" in told(found, Outcome.CHANGED)
    left = told(found, Outcome.LEFT)
    assert "its own limit (web) was not carried to its nodes" in left
    assert "its own inventory (Shop) was not carried to its nodes" in left
    assert "the credential 'cloud'" in left


def test_an_optional_question_without_a_default_is_told() -> None:
    asked = survey({"type": "integer", "variable": "count", "default": ""})

    found = imported({"job_templates": [job_template("a", **asked)]})

    assert "where AWX hands nothing over, its jobs get 0" in told(found, Outcome.CHANGED)


def test_labels_of_like_names_are_all_kept() -> None:
    labels = [{"name": "Shop"}, {"name": "shop!"}, {"name": "日本"}]
    template = job_template("a", related={"labels": labels})

    network = document(imported({"job_templates": [template]}), "network", "a")

    assert network["labels"] == {"shop": "Shop", "shop_2": "shop!", "label": "日本"}


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [1, 1]\nb: &b [*a, *a]\nc: [*b, *b]",
        "[1, 2]",
        "x: " + "[" * 50 + "]" * 50,
        "x: !vault abc",
        "x: [",
        "word",
    ],
)
def test_variables_that_cannot_be_read_are_told(text: str) -> None:
    found = imported({"job_templates": [job_template("a", extra_vars=text)]})

    assert "vars" not in only_part(found, "a")
    assert "extra variables cannot be read" in told(found, Outcome.LEFT)


def test_variables_that_jobnet_knows_by_itself_are_told_by_lint_or_kept(tmp_path: Path) -> None:
    variables = {"x": "{{ lookup('env', 'HOME') }}", "deep": [{"a": None}], "yes": True}
    export = {"job_templates": [job_template("a", extra_vars=json.dumps(variables))]}

    found = imported(export)

    assert only_part(found, "a")["vars"] == variables
    assert objections(found, tmp_path, files=playbooks(export)) == []
