"""Reads a few lines as if they stood in a file of a project."""

from pathlib import Path
from textwrap import dedent

from jobnet.definition import Flow, Network, Part, walk
from jobnet.project import Problem, Reading, read_file

NETWORKS = Path(__file__).parent / "networks"
NEEDS_MORE = {"inventory.yml", "sap_command.yml"}
"""No network, and one that needs a collection which ansible-core does not bring."""
EXAMPLES = tuple(sorted(path for path in NETWORKS.glob("*.yml") if path.name not in NEEDS_MORE))


def read(folder: Path, text: str, *, name: str = "net.yml", hosts: str | None = None) -> Reading:
    (folder / "ansible.cfg").touch()
    file = folder / name
    file.write_text(dedent(text), encoding="utf-8")
    return read_file(file, hosts=hosts)


def problems(folder: Path, flow: str, *, head: str = "", hosts: str = "web") -> list[str]:
    """Return the problems of a network of these parts, without the file's name."""
    return [told(one) for one in read(folder, network_of(flow, head=head, hosts=hosts)).problems]


def told(problem: Problem) -> str:
    return str(problem).removeprefix(f"{problem.position.file}:")


def network_of(flow: str, *, head: str = "", hosts: str = "web") -> str:
    lines = dedent(flow).strip("\n").splitlines()
    body = "\n".join(f"  {line}" for line in lines)
    return f"kind: network\nname: net\nhosts: {hosts}\n{dedent(head)}flow:\n{body}\n"


def flow_of(folder: Path, flow: str, *, head: str = "", hosts: str = "web") -> Flow:
    return network(folder, network_of(flow, head=head, hosts=hosts)).flow


def network(folder: Path, text: str) -> Network:
    reading = read(folder, text)
    assert not reading.has_errors, [str(one) for one in reading.problems]
    return next(iter(reading.networks.values()))


def part(flow: Flow, name: str) -> Part:
    return next(one for one in walk(flow) if one.id == name)
