"""Builds what ``awx export`` writes, in a few words: templates, nodes, links, schedules."""

import json
from typing import Any

from jobnet.services.importing import Imported, ImportWishes, SourceFile, import_awx

Data = dict[str, Any]
ORGANIZATION = {"name": "Default", "type": "organization"}


def key(type_: str, name: str) -> Data:
    """Return a natural key."""
    return {"organization": ORGANIZATION, "name": name, "type": type_}


def job_template(name: str, **more: Any) -> Data:  # noqa: ANN401
    """Return a job template whose playbook is named after it."""
    related = more.pop("related", {})
    return {
        "name": name,
        "playbook": f"{name}.yml",
        "extra_vars": "---",
        "job_slice_count": 1,
        "verbosity": 0,
        "natural_key": key("job_template", name),
        "related": {"schedules": [], "labels": [], "credentials": [], **related},
        **more,
    }


def node(identifier: str, *, starts: Data | None = None, **more: Any) -> Data:  # noqa: ANN401
    """Return a node; ``success``, ``failure`` and ``always`` name the nodes that follow."""
    links = {
        f"{link}_nodes": [
            {"identifier": one, "type": "workflow_job_template_node"} for one in more.pop(link, [])
        ]
        for link in ("success", "failure", "always")
    }
    related = more.pop("related", {})
    return {
        "identifier": identifier,
        "unified_job_template": starts or key("job_template", identifier),
        "all_parents_must_converge": False,
        "extra_data": {},
        "limit": None,
        "related": {**links, "credentials": [], **related},
        **more,
    }


def workflow(name: str, *nodes: Data, **more: Any) -> Data:  # noqa: ANN401
    """Return a workflow with its nodes."""
    related = more.pop("related", {})
    return {
        "name": name,
        "extra_vars": "",
        "natural_key": key("workflow_job_template", name),
        "related": {"workflow_nodes": list(nodes), "schedules": [], **related},
        **more,
    }


def schedule(name: str, rrule: str, **more: Any) -> Data:  # noqa: ANN401
    """Return a schedule."""
    return {"name": name, "rrule": rrule, "enabled": True, "extra_data": {}, **more}


def survey(*questions: Data) -> Data:
    """Return what switches a survey on, for the keywords of a template."""
    return {
        "survey_enabled": True,
        "related": {"survey_spec": {"name": "", "spec": list(questions)}},
    }


def imported(export: Data, **wishes: Any) -> Imported:  # noqa: ANN401
    """Import an export."""
    file = SourceFile(path="awx.json", text=json.dumps(export))
    return import_awx([file], ImportWishes(**wishes))


def playbooks(export: Data) -> dict[str, str]:
    """Return the playbooks that an export names, as files."""
    text = "- hosts: all\n  tasks: []\n"
    return {one["playbook"]: text for one in export.get("job_templates", []) if one["playbook"]}
