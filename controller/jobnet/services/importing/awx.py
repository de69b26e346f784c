"""Imports exports of AWX: workflows and job templates become networks, schedules stay schedules.

What AWX keeps besides (inventories, credentials, projects, notifications, teams) is told and not
written: it lies in files of the project, or is a secret.
"""

from collections.abc import Iterator

from jobnet.services.importing.awx_assets import Asset, Export, read_export
from jobnet.services.importing.awx_jobs import (
    JobPlace,
    job_part,
    survey_params,
    tell_prompts,
    template_variables,
)
from jobnet.services.importing.awx_nodes import WorkflowTemplates, workflow_flow
from jobnet.services.importing.awx_schedules import ScheduleNotUnderstood, read_times
from jobnet.services.importing.awx_variables import params_of, variables_of
from jobnet.services.importing.documents import ImportedDocument, Names, name_of, title_of
from jobnet.services.importing.importing import Imported, ImportWishes, SourceFile
from jobnet.services.importing.secret_texts import is_placeholder

_ELSEWHERE = {
    "inventory": "Inventories are files of the project here: write them, or keep their plugins.",
    "inventory_sources": "A dynamic inventory is asked anew at each attempt; name its file.",
    "projects": "A project is a folder, usually a git repository: apply it with jobnet apply.",
    "credentials": "Values of credentials are never written; make `kind: credential` documents.",
    "credential_types": "They have no counterpart.",
    "notification_templates": "Write `kind: notification` documents.",
    "organizations": "Folders of documents take their place.",
    "teams": "They have no counterpart yet.",
    "users": "They have no counterpart yet.",
    "execution_environments": "Jobs run in the Ansible of the controller.",
    "applications": "They have no counterpart.",
}
_OVER_NODES = ("limit", "inventory", "job_tags", "skip_tags", "scm_branch", "webhook_service")
_PROMPTS = ("limit", "inventory", "job_tags", "skip_tags", "scm_branch", "job_type", "verbosity")


def import_awx(files: list[SourceFile], wishes: ImportWishes) -> Imported:
    """Return what exports give, all of them together."""
    imported = Imported()
    exports = [read_export(file.text, file.path) for file in files]
    importer = _Importer(exports, imported, wishes)
    for export in exports:
        importer.name_all(export)
    for export in exports:
        importer.carry_networks(export)
    for export in exports:
        importer.carry_schedules(export)
        _tell_elsewhere(export, imported)
    return imported


def _tell_elsewhere(export: Export, imported: Imported) -> None:
    for kind, advice in _ELSEWHERE.items():
        if assets := export.of(kind):
            names = [title_of(one.text("name") or one.text("username")) for one in assets]
            more = f" and {len(names) - 5} more" if len(names) > 5 else ""  # noqa: PLR2004 - as cut
            what = f"{len(names)} not carried: {', '.join(names[:5])}{more}"
            imported.report.left(export.path, kind, what, advice)


class _Importer:
    """All exports on their way to documents; names are given before anything points at them."""

    def __init__(self, exports: list[Export], imported: Imported, wishes: ImportWishes) -> None:
        self._exports, self._imported, self._wishes = exports, imported, wishes
        self._report = imported.report
        self._templates = WorkflowTemplates()
        self._carried: set[str] = set()
        self._schedules: set[tuple[str, str, str]] = set()

    def name_all(self, export: Export) -> None:
        """Give every template the name of its network."""
        for kind, key in (("workflow_job_template", "workflow_job_templates"),
                          ("job_template", "job_templates")):  # fmt: skip
            for asset in export.of(key):
                name = self._imported.networks.take(name_of(asset.text("name")), otherwise=kind)
                self._templates.add(kind, asset, name)

    def carry_networks(self, export: Export) -> None:
        """Write the networks of one export, with the schedules that stand beside them."""
        for asset in export.of("workflow_job_templates"):
            self._carry_network("workflow_job_template", asset, export.path)
        for asset in export.of("job_templates"):
            self._carry_network("job_template", asset, export.path)

    def carry_schedules(self, export: Export) -> None:
        """Write the schedules that stand by themselves; all networks are there by now."""
        for asset in export.of("schedules"):
            of = asset.reference("unified_job_template")
            template = self._templates.find(of) if of else None
            network = self._templates.name_of(of.type, template) if of and template else ""
            self._carry_schedule(asset, template, export.path, network)

    def _carry_network(self, kind: str, asset: Asset, path: str) -> None:
        name = self._templates.name_of(kind, asset)
        place = JobPlace(
            source=path, subject=name, playbooks=self._wishes.playbooks, report=self._report
        )
        if kind == "job_template":
            content = self._job_network(asset, place)
        else:
            content = self._workflow_network(asset, place)
        schedules = asset.related("schedules")
        if content is None:
            for schedule in schedules:
                self._carry_schedule(schedule, None, path, "")
            return
        self._carried.add(name)
        comments = (f"Imported from {path}: {kind} {title_of(asset.text('name'))}.",)
        self._imported.documents.append(
            ImportedDocument(kind="network", name=name, content=content, comments=comments)
        )
        self._tell_what_hangs_on(asset, name, path)
        self._report.carried(path, name, f"network, from the {kind.replace('_', ' ')}")
        for schedule in schedules:
            self._carry_schedule(schedule, asset, path, name)

    def _heading(self, asset: Asset) -> Iterator[tuple[str, object]]:
        if title := title_of(asset.text("description") or asset.text("name")):
            yield "title", title
        if labels := [label for one in asset.related("labels") if (label := one.text("name"))]:
            names = Names()
            yield (
                "labels",
                {
                    names.take(name_of(label), otherwise="label"): title_of(label)
                    for label in labels
                },
            )
        yield "overlap", "parallel" if asset.flag("allow_simultaneous") else "queue"

    def _job_network(self, asset: Asset, place: JobPlace) -> dict[str, object] | None:
        if not asset.text("playbook"):
            place.report.left(place.source, place.subject, "it names no playbook", "Write it.")
            return None
        params, handed = survey_params(asset, place)
        tell_prompts(asset, place)
        part: dict[str, object] = {"name": title_of(asset.text("name")), "id": "run"}
        part |= job_part(asset, place)
        if variables := template_variables(asset, place) | handed:
            part["vars"] = variables
        content = dict(self._heading(asset))
        if params:
            content["params"] = params
        return {**content, "flow": [part]}

    def _workflow_network(self, asset: Asset, place: JobPlace) -> dict[str, object] | None:
        params, handed = survey_params(asset, place)
        tell_prompts(asset, place)
        for key in _OVER_NODES:
            if value := asset.data.get(key):
                named = value.get("name") if isinstance(value, dict) else value
                what = f"its own {key} ({title_of(str(named))[:40]}) was not carried to its nodes"
                place.report.left(place.source, place.subject, what, "Write it on the parts.")
        variables = template_variables(asset, place) | handed
        flow = workflow_flow(asset, self._templates, variables, place)
        if flow is None:
            return None
        content = dict(self._heading(asset))
        if params:
            content["params"] = params
        return {**content, "flow": flow}

    def _carry_schedule(
        self, asset: Asset, template: Asset | None, path: str, network: str
    ) -> None:
        title = title_of(asset.text("name")) or "schedule"
        if template is None or network not in self._carried:
            what = f"the schedule {title!r} starts something that was not carried"
            self._report.left(path, title, what, "Write it by hand once there is a network.")
            return
        # An export has a schedule twice: beside its template, and in the list of all.
        same = (network, asset.text("name"), asset.text("rrule"))
        if same in self._schedules:
            return
        self._schedules.add(same)
        try:
            times = read_times(asset)
        except ScheduleNotUnderstood as problem:
            self._report.left(path, title, f"the schedule: {problem}", "Write it by hand.")
            return
        name = self._imported.schedules.take(name_of(asset.text("name")), otherwise="schedule")
        is_enabled = asset.data.get("enabled", True) is not False
        content: dict[str, object] = {"title": title, "networks": [network]}
        content |= times.content(is_enabled=is_enabled)
        if params := self._schedule_params(asset, template, path, name):
            content["params"] = params
        comments: tuple[str, ...] = (f"Imported from {path}: schedule {title}.",)
        if not is_enabled:
            comments += ("It was switched off there: remove `pause` to switch it on.",)
        self._imported.documents.append(
            ImportedDocument(kind="schedule", name=name, content=content, comments=comments)
        )
        if times.counts_hours:
            what = "its hours and minutes are counted on the wall clock when that is changed"
            self._report.changed(path, name, what)
        self._report.carried(path, name, f"schedule of {network}")

    def _schedule_params(
        self, asset: Asset, template: Asset, path: str, name: str
    ) -> dict[str, object]:
        given = variables_of(
            asset.variables("extra_data"), source=path, subject=name, report=self._report
        )
        known = params_of(template, source=path, subject=name, report=self._report)
        for variable in [one for one in given if one not in known]:
            what = f"its variable {variable} is no param of the network"
            self._report.left(path, name, what, "Declare the param, and hand it to the part.")
        for key in _PROMPTS:
            if asset.data.get(key) not in (None, "", {}):
                what = f"its own {key} was not carried: a schedule hands over params only"
                self._report.left(path, name, what, "Make it a param of the network.")
        # A placeholder would be handed over as it is: without it, lint asks for the param.
        return {
            key: value for key, value in given.items() if key in known and not is_placeholder(value)
        }

    def _tell_what_hangs_on(self, asset: Asset, name: str, path: str) -> None:
        for moment in ("started", "success", "error", "approvals"):
            for one in asset.related(f"notification_templates_{moment}"):
                named = title_of(one.text("name") or (one.itself.name if one.itself else ""))
                what = f"the notification {named!r} on {moment} was not carried"
                advice = "Write a `kind: notification` with `on:` and a folder."
                self._report.left(path, name, what, advice)
