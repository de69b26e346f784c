"""Looks at a path on inventory hosts: the order for one small Ansible job, and what it saw.

A host that cannot be reached or asked gives a look with an error, which is not "absent".
"""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from jobnet.definition import Bundle
from jobnet.engine.commands import WatchFile
from jobnet.engine.results import HostResult, HostState, JobResult
from jobnet.engine.waits import FileLook, FileLooks
from jobnet.ids import HostName, PartKey, RunId
from jobnet.ports.jobs import JobOrder, PlayText

_PLAY = """\
gather_facts: false
any_errors_fatal: false
tasks:
  - name: Look at the file
    ansible.builtin.stat:
      path: "{{ params.path }}"
      get_checksum: false
      get_mime: false
      get_attributes: false
    check_mode: false
"""
UNKNOWN_HOST = HostName("")
"""Where a look is reported that reached no host at all."""


def look_order(watch: WatchFile, *, run: RunId, bundle: Bundle, number: int) -> JobOrder:
    """Return the order for one look; the path is data and is never templated again."""
    network = bundle.networks[watch.network]
    return JobOrder(
        run=run,
        part=PartKey(f"{watch.part}:look{watch.attempt}"),
        attempt=number,
        content=PlayText(
            name=f"Look at the file of {watch.part}", hosts=watch.hosts or "", keywords=_PLAY
        ),
        project_root=network.project_root,
        network_folder=str(Path(network.file).parent),
        inventory=watch.inventory,
        handed_over={"params": {"path": watch.path}},
        warm=watch.warm,
        kill_grace=timedelta(seconds=5),
    )


def looks_of(result: JobResult) -> FileLooks:
    """Return one look per host."""
    if not result.hosts:
        reason = result.message or f"the look ended {result.end.value}"
        return {UNKNOWN_HOST: FileLook(error=reason)}
    return {name: _look(host) for name, host in sorted(result.hosts.items())}


def _look(host: HostResult) -> FileLook:
    found = host.result.get("stat")
    if host.state not in {HostState.OK, HostState.CHANGED} or not isinstance(found, Mapping):
        return FileLook(error=host.message or f"the host is {host.state.value}")
    if found.get("exists") is not True:
        return FileLook(exists=False)
    try:
        return FileLook(
            exists=True,
            size=int(found.get("size", 0)) if found.get("isreg", True) else 0,
            mtime=float(found.get("mtime", 0.0)),
            inode=int(found.get("inode", 0)),
        )
    except (TypeError, ValueError):
        return FileLook(error="the host gave no size, time and inode of the file")
