"""Looks at paths on inventory hosts: the order for one small Ansible job, and what it saw.

A host that cannot be reached or asked gives looks with an error, which is not "absent". The
play answers with one line per path, since the results of all hosts together are bounded: one
job looks at few paths on many hosts, or at many paths on few.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from jobnet.engine.results import HostResult, HostState, JobResult
from jobnet.engine.waits import FileLook, FileLooks
from jobnet.ids import HostName, PartKey, RunId
from jobnet.ports.jobs import JobOrder, PlayText

PATH_BYTES_MAX = 4096
"""No longer path can be opened on any host."""
SECONDS_MAX = 60
"""How long a host may take to say what is at one path; a mount that hangs holds up no others."""
UNKNOWN_HOST = HostName("")
"""Where a look is reported that reached no host at all."""
_STAT = f"""\
    timeout: {SECONDS_MAX}
    ansible.builtin.stat:
      path: "{{{{ %s }}}}"
      follow: true
      get_checksum: false
      get_mime: false
      get_attributes: false
    check_mode: false
    ignore_errors: true
"""
_PLAY = f"""\
gather_facts: false
any_errors_fatal: false
tasks:
  - name: Look at the first path
{_STAT % "params.paths[0]"}\
    register: jobnet_first
  - name: Look at the other paths
{_STAT % "jobnet_path"}\
    register: jobnet_others
    loop: "{{{{ params.paths[1:] }}}}"
    loop_control:
      loop_var: jobnet_path
      index_var: jobnet_number
      label: "{{{{ jobnet_number + 2 }}}}"
      break_when: jobnet_others is unreachable
  - name: Tell what was seen
    vars:
      seen: "{{{{ [jobnet_first] + jobnet_others.results | default([]) }}}}"
    ansible.builtin.debug:
      msg: >-
        {{{{ seen | map(attribute='stat.exists', default='')
        | zip(seen | map(attribute='stat.isreg', default=''),
              seen | map(attribute='stat.size', default=''),
              seen | map(attribute='stat.mtime', default=''),
              seen | map(attribute='stat.inode', default=''),
              seen | map(attribute='msg', default='') | map('string') | map('truncate', 150, true))
        | map('join', ' ') }}}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosts:
    """Where one job looks, and how it gets there: everything that two looks must have alike."""

    pattern: str
    inventory: tuple[str, ...]
    project_root: str
    network_folder: str
    warm: bool


def look_order(
    hosts: Hosts, paths: Sequence[str], *, run: RunId, group: int, number: int
) -> JobOrder:
    """Return the order for one look; the paths are data and are never templated again."""
    return JobOrder(
        run=run,
        part=PartKey(f"files:look{group}"),
        attempt=number,
        content=PlayText(name="Look at files", hosts=hosts.pattern, keywords=_PLAY),
        project_root=hosts.project_root,
        network_folder=hosts.network_folder,
        inventory=hosts.inventory,
        handed_over={"params": {"paths": ["/" if _objection(path) else path for path in paths]}},
        warm=hosts.warm,
        kill_grace=timedelta(seconds=5),
    )


def looks_of(result: JobResult, paths: Sequence[str]) -> tuple[FileLooks, ...]:
    """Return for each path one look per host."""
    if not result.hosts:
        reason = result.message or f"the look ended {result.end.value}"
        return ({UNKNOWN_HOST: FileLook(error=reason)},) * len(paths)
    rows = {name: _rows(host) for name, host in sorted(result.hosts.items())}
    unseen = "hosts" in result.cuts
    found = []
    for number, path in enumerate(paths):
        looks = {
            name: _look(path, rows[name], number, result.hosts[name], is_cut=bool(result.cuts))
            for name in rows
        }
        if unseen:
            error = f"only {len(rows)} hosts can be looked at; name fewer in `hosts`"
            looks[UNKNOWN_HOST] = FileLook(error=error)
        found.append(looks)
    return tuple(found)


def _objection(path: str) -> str:
    """Return why no host can be asked for a path, "" where one can."""
    try:
        size = len(path.encode())
    except UnicodeEncodeError:
        return "the path is no text that a host could be asked for"
    return f"the path is longer than {PATH_BYTES_MAX} bytes" if size > PATH_BYTES_MAX else ""


def _rows(host: HostResult) -> Sequence[object]:
    told = host.result.get("msg")
    return told if isinstance(told, list | tuple) else ()


def _look(
    path: str, rows: Sequence[object], number: int, host: HostResult, *, is_cut: bool
) -> FileLook:
    if objection := _objection(path):
        return FileLook(error=objection)
    if host.state not in {HostState.OK, HostState.CHANGED}:
        return FileLook(error=host.message or f"the host is {host.state.value}")
    if number >= len(rows):
        wide = "the answers of all hosts do not fit together; name fewer in `hosts`"
        return FileLook(error=wide if is_cut else "the host gave no answer")
    return _read(str(rows[number]))


def _read(row: str) -> FileLook:
    """Return what a line says: exists, is a plain file, size, time, inode, why it cannot tell."""
    exists, regular, size, mtime, inode, message = (*row.split(" ", 5), *[""] * 6)[:6]
    if exists == "False":
        return FileLook(exists=False)
    try:
        if exists != "True":
            return FileLook(error=message.strip() or "the host could not tell")
        return FileLook(
            exists=True,
            size=int(size) if regular == "True" else 0,
            mtime=float(mtime),
            inode=int(inode),
        )
    except ValueError:
        return FileLook(error="the host gave no size, time and inode of the file")
