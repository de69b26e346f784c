"""Looks at folders on inventory hosts for start conditions: one Ansible job for many patterns.

A pattern is a folder and a shell pattern for the names in it. The play answers with a piece per
file, and only with so many as a result can hold: more of them are a problem that is shown.
"""

from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Final

from jobnet.engine.results import HostResult, HostState, JobResult
from jobnet.ids import HostName, PartKey, RunId
from jobnet.ports.jobs import JobOrder, PlayText
from jobnet.schedules.file_memory import FolderLook, Mark
from jobnet.services.host_looks import SECONDS_MAX, Hosts

PATTERNS_MAX: Final = 20
"""So many patterns one job looks at; more take their turns."""
FILES_MAX: Final = 200
"""So many files of one pattern fit into the result of a job."""
MAGIC: Final = frozenset("*?[")
UNKNOWN_HOST: Final = HostName("")
TOO_MANY: Final = "the answers of all hosts do not fit together; name fewer files or hosts"
_PLAY = f"""\
gather_facts: false
any_errors_fatal: false
tasks:
  - name: Look for files
    timeout: {SECONDS_MAX}
    ansible.builtin.find:
      paths: "{{{{ jobnet_look.folder }}}}"
      patterns: "{{{{ [jobnet_look.name] }}}}"
      file_type: any
      follow: true
      hidden: "{{{{ jobnet_look.name.startswith('.') }}}}"
    check_mode: false
    ignore_errors: true
    register: jobnet_found
    loop: "{{{{ params.looks }}}}"
    loop_control:
      loop_var: jobnet_look
      index_var: jobnet_number
      label: "{{{{ jobnet_number + 1 }}}}"
      break_when: jobnet_found is unreachable
  - name: Tell what was seen
    vars:
      jobnet_seen: >-
        {{%- for one in jobnet_found.results | default([]) -%}}
        {{{{ '#' ~ (one.matched | default('')) ~ ' ' ~ (one.msg | default('') | string
        | replace('#', ' ') | replace('|', ' ') | truncate(150, true)) ~ '|' }}}}
        {{%- for file in (one.files | default([]))[:{FILES_MAX}] -%}}
        {{{{ file.size ~ ' ' ~ file.mtime ~ ' ' ~ file.inode ~ ' ' ~ (file.path | b64encode)
        ~ '|' }}}}
        {{%- endfor -%}}
        {{%- endfor -%}}
    ansible.builtin.debug:
      msg: "{{{{ jobnet_seen }}}}"
"""


def objection(pattern: str) -> str:
    """Return why no host can be asked for a pattern, "" where one can."""
    path = PurePosixPath(pattern)
    if not path.is_absolute() or not path.name:
        return f"{pattern!r} is no absolute path of a file"
    if MAGIC & set(str(path.parent)):
        return f"{pattern!r} has a pattern in its folder; on hosts only its last name may have one"
    return ""


def look_order(
    hosts: Hosts, patterns: Sequence[str], *, run: RunId, group: int, number: int
) -> JobOrder:
    """Return the order for one look; the patterns are data and are never templated again."""
    paths = [PurePosixPath(each) for each in patterns]
    looks = [{"folder": str(each.parent), "name": each.name} for each in paths]
    return JobOrder(
        run=run,
        part=PartKey(f"files:folders{group}"),
        attempt=number,
        content=PlayText(name="Look for files", hosts=hosts.pattern, keywords=_PLAY),
        project_root=hosts.project_root,
        network_folder=hosts.network_folder,
        inventory=hosts.inventory,
        handed_over={"params": {"looks": looks}},
        warm=hosts.warm,
        kill_grace=timedelta(seconds=5),
    )


def looks_of(
    result: JobResult, patterns: Sequence[str]
) -> tuple[Mapping[HostName, FolderLook], ...]:
    """Return for each pattern one look per host."""
    if not result.hosts:
        reason = result.message or f"the look ended {result.end.value}"
        return ({UNKNOWN_HOST: FolderLook(problem=reason)},) * len(patterns)
    if result.cuts:  # what is cut in the middle would look like another file
        return ({UNKNOWN_HOST: FolderLook(problem=TOO_MANY)},) * len(patterns)
    by_host = {name: _of_host(host, len(patterns)) for name, host in sorted(result.hosts.items())}
    return tuple(
        {name: looks[number] for name, looks in by_host.items()} for number in range(len(patterns))
    )


def _of_host(host: HostResult, count: int) -> tuple[FolderLook, ...]:
    if host.state not in {HostState.OK, HostState.CHANGED}:
        problem = host.message or f"the host is {host.state.value}"
        return (FolderLook(problem=problem),) * count
    found = tuple(_looks(str(host.result.get("msg", ""))))
    unanswered = FolderLook(problem="the host gave no answer; its answers may be too many")
    return (*found, *(unanswered,) * (count - len(found)))[:count]


def _looks(text: str) -> Iterator[FolderLook]:
    """Yield the look of each pattern: ``#count problem|``, then a piece for each file."""
    for block in text.split("#")[1:]:
        head, *lines = block.split("|")
        matched, _, message = head.partition(" ")
        try:
            files = dict(_file(line) for line in lines if line.strip())
            if not matched:
                yield FolderLook(problem=message.strip() or "the host could not tell")
            elif int(matched) > len(files):
                yield FolderLook(problem=f"more than {FILES_MAX} files match")
            else:
                yield FolderLook(files=files)
        except ValueError:
            yield FolderLook(problem="the host's answer cannot be read")


def _file(line: str) -> tuple[str, Mark]:
    size, mtime, inode, encoded = line.split()
    return b64decode(encoded).decode(errors="replace"), (int(size), float(mtime), int(inode))
