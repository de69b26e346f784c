"""Makes the part that does what a job template of AWX does, alone or as a node of a workflow."""

from collections.abc import Mapping
from dataclasses import dataclass

from jobnet.services.importing.awx_assets import Asset
from jobnet.services.importing.awx_variables import params_of, passed, variables_of
from jobnet.services.importing.documents import name_of, title_of
from jobnet.services.importing.report import Report

_UNTOLD = {
    "job_slice_count": "Write a `for_each` over the slices of its hosts.",
    "verbosity": "Look at the output of the run; set `verbosity` in ansible.cfg if need be.",
    "use_fact_cache": "Switch on a fact cache in ansible.cfg.",
    "scm_branch": "A run takes the commit of the project; check the branch out there.",
    "host_config_key": "Let the host call the REST API, or a webhook of `start_on`.",
    "webhook_service": "Write a `start_on` with `webhook`.",
    "execution_environment": "Say `execution_environment` on the part once nodes run images.",
    "start_at_task": "Split the playbook.",
}
_DEFAULTS: Mapping[str, object] = {"job_slice_count": 1}
_OVERRIDES = ("limit", "job_tags", "skip_tags", "job_type", "inventory", "scm_branch", "verbosity",
              "diff_mode", "forks", "timeout", "job_slice_count",
              "execution_environment")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPlace:
    """Where playbooks lie, seen from the files that are written, and who is told."""

    source: str
    subject: str
    playbooks: str
    report: Report


def job_part(template: Asset, place: JobPlace, *, node: Asset | None = None) -> dict[str, object]:
    """Return the keys of a playbook part; a node's own words win over the template's."""
    chosen = _chosen(template, node)
    part: dict[str, object] = {"playbook": _path(place.playbooks, chosen.text("playbook"))}
    if inventory := chosen.reference("inventory"):
        part["inventory"] = inventory_file(inventory.name, place)
    if limit := chosen.text("limit"):
        part["hosts"] = limit
    for key, word in (("job_tags", "tags"), ("skip_tags", "skip_tags")):
        if tags := [tag.strip() for tag in chosen.text(key).split(",") if tag.strip()]:
            part[word] = tags
    if chosen.flag("become_enabled"):
        part["become"] = True
    if chosen.text("job_type") == "check":
        part["check_mode"] = True
    if chosen.flag("diff_mode"):
        part["diff"] = True
    if chosen.number("forks") > 0:
        part["forks"] = chosen.number("forks")
    if chosen.number("timeout") > 0:
        part["timeout"] = f"{chosen.number('timeout')}s"
    _tell_what_is_left(chosen, template, node.related("credentials") if node else [], place)
    return part


def template_variables(template: Asset, place: JobPlace) -> dict[str, object]:
    """Return the extra variables of the template itself."""
    return variables_of(
        template.variables("extra_vars"), source=place.source, subject=place.subject,
        report=place.report,
    )  # fmt: skip


def survey_defaults(template: Asset, place: JobPlace) -> dict[str, object]:
    """Return what a survey gives to a job that nobody is asked for: its defaults."""
    params = params_of(
        template, source=place.source, subject=place.subject, report=place.report
    )  # fmt: skip
    return {name: param["default"] for name, param in params.items() if param.get("default")}


def survey_params(template: Asset, place: JobPlace) -> tuple[dict[str, object], dict[str, object]]:
    """Return the params of a network for a template, and the variables that pass them on."""
    params = params_of(
        template, source=place.source, subject=place.subject, report=place.report
    )  # fmt: skip
    return dict(params), passed(params)


def tell_prompts(template: Asset, place: JobPlace) -> None:
    """Tell what a launch asked for besides the survey: a network asks for its params only."""
    asked = [
        key.removeprefix("ask_").removesuffix("_on_launch")
        for key in template.data
        if key.startswith("ask_") and key.endswith("_on_launch") and template.flag(key)
    ]
    if asked:
        what = f"a launch asked for {', '.join(sorted(asked))}; a start asks for params only"
        place.report.changed(place.source, place.subject, what, "Declare params where you need it.")


def inventory_file(name: str, place: JobPlace) -> str:
    """Return the file that is to hold an inventory, and tell that it has to be made."""
    path = _path(place.playbooks, f"inventories/{name_of(name) or 'inventory'}.yml")
    what = f"the inventory {title_of(name)!r} was not written; the part looks for it in {path}"
    advice = "Make that file, or name the inventory plugin's file that AWX synchronised."
    place.report.left(place.source, place.subject, what, advice)
    return path


def _path(folder: str, path: str) -> str:
    return path if folder in ("", ".") else f"{folder.rstrip('/')}/{path}"


def _chosen(template: Asset, node: Asset | None) -> Asset:
    """Return a template with what a node says otherwise, where the template lets it."""
    if node is None:
        return template
    said = {key: node.data[key] for key in _OVERRIDES if node.data.get(key) not in (None, "")}
    taken = {key: value for key, value in said.items() if _asks(template, key)}
    return Asset({**template.data, **taken})


def _asks(template: Asset, key: str) -> bool:
    """Return whether a template takes this word from those who launch it; old ones do not say."""
    asked = {"job_tags": "ask_tags_on_launch"}.get(key, f"ask_{key}_on_launch")
    return template.data.get(asked, True) is True


def _tell_what_is_left(
    chosen: Asset, template: Asset, credentials: list[Asset], place: JobPlace
) -> None:
    for key, advice in _UNTOLD.items():
        value = chosen.data.get(key)
        if value and value != _DEFAULTS.get(key):
            shown = "" if key == "host_config_key" else f" ({_shown(value)})"
            place.report.left(place.source, place.subject, f"{key}{shown}", advice)
    for credential in [*template.related("credentials"), *credentials]:
        named = credential.itself.name if credential.itself else credential.text("name")
        what = f"the credential {title_of(named)!r} was not carried, nor its values"
        advice = "Write a `kind: credential`, or let ansible.cfg and vaults give access."
        place.report.left(place.source, place.subject, what, advice)


def _shown(value: object) -> str:
    named = value.get("name") if isinstance(value, dict) else value
    return title_of(str(named))[:40]
