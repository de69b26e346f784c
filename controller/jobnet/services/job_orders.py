"""Makes of the engine's command to start a job the order that the execution side takes."""

from datetime import timedelta
from pathlib import Path

from jobnet.definition import Bundle, PlaybookJob, PlayJob
from jobnet.engine.commands import StartJob
from jobnet.ids import RunId
from jobnet.ports.jobs import JobOrder, PlaybookFile, PlayText

CONTROL_MACHINE = "localhost"


def job_order(command: StartJob, *, run: RunId, bundle: Bundle, written_at: str = "") -> JobOrder:
    """Return the order for one attempt; relative paths mean the file of its own network."""
    job = command.job
    network = bundle.networks[command.network]
    return JobOrder(
        run=run,
        part=command.part,
        attempt=command.attempt,
        content=_content(command),
        project_root=network.project_root,
        network_folder=str(Path(network.file).parent),
        inventory=command.inventory,
        handed_over=command.handed_over,
        host_vars=command.host_vars,
        environment=job.environment,
        only_hosts=command.only_hosts,
        check=command.check if job.check_mode is None else job.check_mode or command.check,
        diff=command.diff if job.diff is None else job.diff,
        empty_hosts_ok=job.empty_hosts_ok,
        keeps_host_vars=job.keeps_host_vars,
        warm=command.warm,
        kill_grace=timedelta(seconds=command.kill_grace_seconds),
        written_at=written_at,
    )


def _content(command: StartJob) -> PlayText | PlaybookFile:
    match command.job.content:
        case PlayJob() as play:
            return PlayText(
                name=command.name,
                hosts=command.hosts or CONTROL_MACHINE,
                keywords=play.keywords,
                variables=play.variables,
            )
        case PlaybookJob() as playbook:
            return PlaybookFile(
                path=playbook.path,
                limit=command.hosts,
                tags=playbook.tags,
                skip_tags=playbook.skip_tags,
                extra_vars=playbook.extra_vars,
                become=playbook.become,
                become_user=playbook.become_user,
                become_method=playbook.become_method,
                become_flags=playbook.become_flags,
                forks=playbook.forks,
            )
