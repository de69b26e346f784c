"""Plays the monthly backup on three SSH hosts of this machine: what ``make run`` shows.

A good night first, then the same night with a full disk on the backup server. Every host
is ended when this program ends, unless KEEP=1 is set.
"""

# ruff: noqa: INP001 -- a script beside the playbooks, not a module of a package
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from machines import faults
from machines.lifecycle import bring_up, take_down
from machines.places import CLONE, Place, demo_place
from machines.processes import DemoRefused

HERE = Path(__file__).resolve().parent
NIGHT = ("--fast-forward", "--at", "2026-05-29T21:55")
LATE = "--fast-forward --at 2026-05-29T22:59:50"
FINE = 0
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
HOSTS = ".venv/bin/python playbooks/monthly_backup/hosts.py"
STEP_SECONDS_MAX = 300


class StepFailed(Exception):
    """A step of the demo did not end as it should; its output says why."""


def main() -> int:
    """Play the demo; return 0 if both nights ended as they should."""
    for number in ENDING:
        signal.signal(number, signal.default_int_handler)
    if shutil.which("ssh") is None:
        say("The demo needs an OpenSSH client: install the package openssh-client.")
        return 1
    place = demo_place()
    began = time.monotonic()
    try:
        play_all(place)
        say_what_next(place, time.monotonic() - began)
    except (DemoRefused, StepFailed) as refusal:
        say(str(refusal))
        return 1
    except KeyboardInterrupt:
        say("Interrupted.")
        return 130
    finally:
        finish(place)
    return 0


def play_all(place: Place) -> None:
    """Play the steps of the demo in order."""
    with step("Start three SSH hosts, each with its own port, key and folder"):
        bring_up(place, lambda line: say(f"  {line}"))
        faults.repair_all(place)
    with step("Open the shop: PostgreSQL on db1, an HTTP server on ap1"):
        play(place, "open_shop.yml")
        say(f"  The shop serves {orders(place)} orders.")
    with step("Play the smallest network: two unit jobs on SSH hosts"):
        play(place, "hello.yml")
    with step("The good night: stop, back up, restore and compare, start"):
        play(place, "monthly_backup.yml", *NIGHT, *chat(place))
        show_proof(place)
    with step("The same night, but the disk of the backup server is full"):
        faults.plant(place, "backup")
        play(place, "monthly_backup.yml", *NIGHT, *chat(place))
        faults.repair_all(place)
        say(f"  The backup was cancelled, yet the shop serves {orders(place)} orders again.")
        show_messages(place)


def play(place: Place, network: str, *options: str) -> None:
    """Play a network with the CLI, its live track in this terminal."""
    command = [str(Path(sys.executable).with_name("jobnet")), "play", network, *options]
    say(f"  $ jobnet {' '.join(command[1:])}")
    with (
        subprocess.Popen(command, cwd=HERE, env=environment(place)) as child,  # noqa: S603 -- ours
        signals_left_to(child) as asked,
    ):
        try:
            child.wait(timeout=STEP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            child.terminate()
    if asked:
        raise KeyboardInterrupt
    if child.returncode != FINE:
        raise StepFailed(f"{network} ended with exit status {child.returncode}; see above.")


@contextmanager
def signals_left_to(child: subprocess.Popen[bytes]) -> Iterator[list[int]]:
    """Let ``child`` decide what a signal means; it ends its jobs first. Yield what came.

    Ctrl-C reaches both of us through the terminal, the other signals are passed on.
    """
    asked: list[int] = []

    def take(number: int, _frame: object) -> None:
        if number != signal.SIGINT:
            asked.append(number)
            child.terminate()

    before = {number: signal.signal(number, take) for number in ENDING}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def environment(place: Place) -> dict[str, str]:
    """Return an environment in which nothing is written outside the demo's folder."""
    return {
        **os.environ,
        "ANSIBLE_HOME": str(place.folder / "ansible"),
        "JOBNET_DEMO": str(place.folder),
        "JOBNET_HOME": str(place.folder / "jobnet"),
        "JOBNET_SMTP_URL": f"smtp://127.0.0.1:{place.ports()['mail']}",
        "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', '/usr/bin:/bin')}",
    }


def chat(place: Place) -> tuple[str, str]:
    """Return the option that names the demo's own chat room."""
    return ("-e", f"chat=http://127.0.0.1:{place.ports()['webhook']}/operations")


def orders(place: Place) -> int:
    """Return how many orders the shop serves."""
    url = f"http://127.0.0.1:{place.ports()['shop']}/orders/count"
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(json.load(answer)["orders"])
    except (OSError, ValueError) as error:
        raise StepFailed(f"The shop does not serve at {url}: {error}") from error


def show_proof(place: Place) -> None:
    """Show what the backup wrote down when it compared the restored copy."""
    demo = place.read()
    assert demo is not None, "the hosts are up"
    proof = Path(demo.ground) / "bk1/home/backups/shop/shop-2026-05-29.dump.proof"
    try:
        lines = proof.read_text("utf-8").strip().splitlines()
    except OSError as error:
        raise StepFailed(f"The backup left no proof: {error}") from error
    for line in lines:
        say(f"  {line}")


def show_messages(place: Place) -> None:
    """Show the first lines of what the operators received."""
    for message in sorted(place.mail.iterdir())[-2:]:
        say(f"  A message reached the operators: {message}")


def say_what_next(place: Place, seconds: float) -> None:
    """Say where the pieces lie and what to type."""
    demo = place.read()
    assert demo is not None, "the hosts were up"
    network = "playbooks/monthly_backup/monthly_backup.yml"
    say(
        f"\nDone in {seconds:.0f} s.\n"
        f"  the dump     {demo.ground}/bk1/home/backups/shop\n"
        f"  the runs     {place.folder / 'jobnet'}\n"
        f"  the messages {place.mail}\n"
        f"Read the network: {network}\n"
        "Try next:\n"
        f"{own_folder(place)}"
        f"  {HOSTS} up\n"
        f"  .venv/bin/jobnet play playbooks/monthly_backup/open_shop.yml\n"
        f"  {HOSTS} break hang_app      # the application will not stop in time\n"
        f"  .venv/bin/jobnet play {network} {LATE}\n"
        f"  ssh -F {place.ssh_config} bk1 ls -l backups/shop\n"
        f"  {HOSTS} remove"
    )


def own_folder(place: Place) -> str:
    """Return the line to type first if the demo does not lie where it is looked for."""
    usual = CLONE / ".demo"
    return (
        "" if place.folder == usual else f"  export JOBNET_DEMO={shlex.quote(str(place.folder))}\n"
    )


def finish(place: Place) -> None:
    """End the hosts, or say how to end them."""
    if os.environ.get("KEEP") == "1":
        say(f"The hosts stay up; end them with: {HOSTS} down")
    else:
        take_down(place)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Say what begins, and how long it took."""
    say(f"\n== {title}")
    began = time.monotonic()
    yield
    say(f"== {time.monotonic() - began:.1f} s")


def say(line: str) -> None:
    """Show ``line`` at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
