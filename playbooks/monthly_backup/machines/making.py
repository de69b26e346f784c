"""Makes the hosts' folders, keys and inventory: what is there before anything runs.

Making again repairs: what is missing or half written is written anew, keys and data that
are there stay.
"""

import json
import secrets
import shlex
import shutil
import socket
from pathlib import Path

import asyncssh

from .places import GROUPS, LOGIN, Demo, Place, write_whole
from .privileges import (
    copy_libraries,
    hand_over,
    make_ground,
    postgres_for,
    python_for,
    unprivileged_user,
)
from .processes import PACKAGE, DemoRefused

PORTS = (*GROUPS, "shop", "database", "maintenance", "scratch", "mail", "webhook")
"""Below the range from which the kernel takes ports for outgoing connections."""
PORT_MIN, PORT_COUNT = 20_000, 10_000
PORT_TRIES_MAX = 1_000
POSTGRES_TOOLS = ("initdb", "pg_ctl", "pg_dump", "pg_isready", "pg_restore", "psql")
SHOP_LIBRARIES = ("pg8000", "scramp", "asn1crypto", "python-dateutil", "six")


def make_demo(place: Place) -> Demo:
    """Return the demo in ``place`` with all that its hosts need on disk."""
    place.folder.mkdir(parents=True, exist_ok=True)
    place.mail.mkdir(exist_ok=True)
    owner = unprivileged_user()
    demo = place.read()
    if demo is None or demo.owner != owner or not Path(demo.ground).is_dir():
        ground = make_ground(place.folder, owner)
        demo = Demo(ground=str(ground), owner=owner, python="", postgres="")
        place.write(demo)
    if not (demo.python and demo.postgres):
        ground = Path(demo.ground)
        demo = Demo(
            ground=demo.ground,
            owner=owner,
            python=str(python_for(ground, owner)),
            postgres=str(postgres_for(ground, owner)),
        )
    make_keys(place)
    for name in GROUPS:
        _make_host(Path(demo.ground) / name, name, demo, place)
    hand_over(Path(demo.ground), owner)
    place.write(demo)
    return demo


def choose_ports(place: Place) -> dict[str, int]:
    """Return a free port for each purpose; those of the last time where they are free."""
    last = place.ports()
    chosen: dict[str, int] = {}
    for purpose in PORTS:
        port = last.get(purpose)
        chosen[purpose] = port if port and _is_free(port) else _free_port(set(chosen.values()))
    place.write_ports(chosen)
    return chosen


def make_keys(place: Place) -> None:
    """Make what is missing of the client's, the database server's and the hosts' keys."""
    place.keys.mkdir(mode=0o700, exist_ok=True)
    client = _key(place.keys / "client")
    transfer = _key(place.keys / "transfer")
    for name in GROUPS:
        _key(place.keys / f"host_{name}")
        admitted = client + (transfer if name == "bk1" else "")
        write_whole(place.keys / f"admitted_{name}", admitted)


def write_addresses(place: Place, demo: Demo, ports: dict[str, int]) -> None:
    """Write inventory, known_hosts and ssh_config for the hosts on ``ports``."""
    known = {name: _known_host(place, name, ports[name]) for name in GROUPS}
    write_whole(place.known_hosts, "".join(known.values()))
    write_whole(place.ssh_config, _ssh_config(place, ports))
    home = Path(demo.ground) / "db1" / "home" / ".ssh"
    write_whole(home / "known_hosts", known["bk1"])
    write_whole(
        home / "config",
        _ssh_block("bk1", ports["bk1"], home / "transfer", home / "known_hosts"),
    )
    hand_over(home, demo.owner)
    write_whole(place.inventory, json.dumps(_inventory(place, demo, ports), indent=2) + "\n")


def _make_host(folder: Path, name: str, demo: Demo, place: Place) -> None:
    for part in ("home", "home/.ssh", "tmp", "bin"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    (folder / "home" / ".ssh").chmod(0o700)
    _write_password(folder / "home", place)
    if name == "ap1":
        _deploy_shop(folder, demo)
        return
    for tool in POSTGRES_TOOLS:
        link_tool(folder, tool, demo)
    if name == "db1":
        transfer = folder / "home" / ".ssh" / "transfer"
        transfer.write_text((place.keys / "transfer").read_text("ascii"), "ascii")
        transfer.chmod(0o600)


def _write_password(home: Path, place: Place) -> None:
    """Give a host the database's password, twice: as text and as PostgreSQL's programs read it.

    Everybody on this machine can reach a loopback port, so the database asks for it.
    """
    kept = place.keys / "database_password"
    if not kept.is_file():
        write_whole(kept, secrets.token_urlsafe(24))
    password = kept.read_text("ascii")
    texts = {"database_password": password, ".pgpass": f"127.0.0.1:*:*:*:{password}\n"}
    for file, text in texts.items():
        path = home / file
        path.touch(mode=0o600)
        path.write_text(text, "ascii")


def link_tool(folder: Path, tool: str, demo: Demo) -> None:
    """Put PostgreSQL's ``tool`` into the host's ``bin``, in place of whatever is there."""
    link = folder / "bin" / tool
    link.unlink(missing_ok=True)
    link.symlink_to(Path(demo.postgres) / tool)


def write_shop_launcher(folder: Path, demo: Demo) -> None:
    """Write ``bin/shop``: the shop's program with its libraries, under the host's Python."""
    home = folder / "srv" / "shop"
    launcher = folder / "bin" / "shop"
    launcher.write_text(
        "#!/bin/sh\n"
        f"PYTHONPATH={shlex.quote(str(home / 'lib'))} "
        f'exec {shlex.quote(demo.python)} {shlex.quote(str(home / "shop.py"))} "$@"\n',
        "utf-8",
    )
    launcher.chmod(0o755)


def _deploy_shop(folder: Path, demo: Demo) -> None:
    home = folder / "srv" / "shop"
    (home / "lib").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(PACKAGE / "shop.py", home / "shop.py")
    copy_libraries(SHOP_LIBRARIES, home / "lib")
    write_shop_launcher(folder, demo)


def _key(path: Path) -> str:
    """Return the public half of the key in ``path``, which is made if it is not whole."""
    try:
        key = asyncssh.read_private_key(path)
    except (OSError, ValueError):
        key = asyncssh.generate_private_key("ssh-ed25519", comment=f"jobnet-demo-{path.name}")
        path.touch(mode=0o600)
        path.chmod(0o600)
        key.write_private_key(path)
    return key.export_public_key().decode("ascii")


def _known_host(place: Place, name: str, port: int) -> str:
    key = _key(place.keys / f"host_{name}")
    kind, body = key.split()[:2]
    return f"[127.0.0.1]:{port} {kind} {body}\n"


def _ssh_config(place: Place, ports: dict[str, int]) -> str:
    blocks = (
        _ssh_block(name, ports[name], place.keys / "client", place.known_hosts) for name in GROUPS
    )
    return "\n".join(blocks)


def _ssh_block(name: str, port: int, key: Path, known_hosts: Path) -> str:
    return (
        f"Host {name}\n"
        f"  HostName 127.0.0.1\n"
        f"  Port {port}\n"
        f"  User {LOGIN}\n"
        f'  IdentityFile "{key}"\n'
        f"  IdentitiesOnly yes\n"
        f'  UserKnownHostsFile "{known_hosts}"\n'
        f"  GlobalKnownHostsFile /dev/null\n"
        f"  StrictHostKeyChecking yes\n"
        f"  BatchMode yes\n"
        f"  LogLevel ERROR\n"
    )


def _inventory(place: Place, demo: Demo, ports: dict[str, int]) -> dict[str, object]:
    """Return the answer to ``--list``: groups, and what differs from host to host."""
    variables = {
        name: {
            "ansible_host": "127.0.0.1",
            "ansible_port": ports[name],
            "ansible_user": LOGIN,
            "ansible_ssh_private_key_file": str(place.keys / "client"),
            "ansible_python_interpreter": demo.python,
            "ansible_remote_tmp": str(Path(demo.ground) / name / "tmp"),
            "demo_folder": str(place.folder),
            "host_folder": str(Path(demo.ground) / name),
            "ports": {purpose: ports[purpose] for purpose in PORTS if purpose not in GROUPS},
        }
        for name in GROUPS
    }
    groups = {group: {"hosts": [name]} for name, group in GROUPS.items()}
    return {**groups, "_meta": {"hostvars": variables}}


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port(taken: set[int]) -> int:
    for _ in range(PORT_TRIES_MAX):
        port = PORT_MIN + secrets.randbelow(PORT_COUNT)
        if port not in taken and _is_free(port):
            return port
    raise DemoRefused("No free port was found on 127.0.0.1 between 20000 and 29999.")
