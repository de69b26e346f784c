"""Runs the monthly backup on three SSH hosts of this machine: what ``make run`` shows.

A controller is started, the networks are applied, and it runs a good night and the same night with
a full disk on the backup server. Then it stays until Ctrl-C; with DETACH=1 it goes on in the
background until ``make stop``, which is ``demo.py stop``.
"""

# ruff: noqa: INP001 -- a script beside the playbooks, not a module of a package
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from machines import controller, faults
from machines.controller import environment
from machines.lifecycle import bring_up, take_down
from machines.places import CLONE, Place, demo_place
from machines.processes import DemoRefused

HERE = Path(__file__).resolve().parent
A_CLOSED_DAY = "2026-12-31"
DAY = "2030-05-31"
LATE = "--fast-forward --at 2026-05-29T22:59:50"
FINE = 0
INTERRUPTED = 130
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
HOSTS = ".venv/bin/python playbooks/monthly_backup/hosts.py"
STEP_SECONDS_MAX = 300


class StepFailed(Exception):
    """A step of the demo did not end as it should; its output says why."""


def main() -> int:
    """Show the demo, or end it; return 0 if everything ended as it should."""
    for number in ENDING:
        signal.signal(number, signal.default_int_handler)
    if sys.argv[1:] == ["stop"]:
        return stop(demo_place())
    if shutil.which("ssh") is None:
        say("The demo needs an OpenSSH client: install the package openssh-client.")
        return 1
    place = demo_place()
    began = time.monotonic()
    goes_on = False
    try:
        url = show_all(place)
        say_what_next(place, url, time.monotonic() - began)
        goes_on = os.environ.get("DETACH") == "1"
        if not goes_on:
            with suppress(KeyboardInterrupt):
                threading.Event().wait()
    except (DemoRefused, StepFailed) as refusal:
        say(str(refusal))
        return 1
    except KeyboardInterrupt:
        say("Interrupted.")
        return INTERRUPTED
    finally:
        if not goes_on:
            finish(place)
    return FINE


def stop(place: Place) -> int:
    """End the controller and the hosts of a demo that went on in the background."""
    try:
        say("The controller has ended." if controller.end(place) else "No controller runs.")
        take_down(place)
    except DemoRefused as refusal:
        say(str(refusal))
        return 1
    say("The hosts are down; their data stays.")
    return FINE


def show_all(place: Place) -> str:
    """Show the steps of the demo in order; return the address of the controller."""
    with step("Start three SSH hosts, each with its own port, key and folder"):
        bring_up(place, lambda line: say(f"  {line}"))
        faults.repair_all(place)
    with step("Play the smallest network: two unit jobs on SSH hosts, without a controller"):
        run_command(place, "play", "hello.yml")
    with step("Start a controller and give it the networks of this folder"):
        url = controller.start(place)
        say(f"  It listens at {url}.")
        run_command(place, "apply", ".", "--reason", "demo")
    with step("Ask when the backup runs by itself, and why not today"):
        run_command(place, "schedule", "next", "month_end_backup", "-n", "3")
        run_command(place, "schedule", "explain", "month_end_backup", A_CLOSED_DAY)
    with step("Open the shop: PostgreSQL on db1, an HTTP server on ap1"):
        run_command(place, "start", "open_shop", "--watch")
        say(f"  The shop serves {orders(place)} orders.")
    with step("The good night: stop, back up, restore and compare, start"):
        run_night(place)
        show_proof(place)
    with step("The same night, but the disk of the backup server is full"):
        faults.plant(place, "backup")
        run_night(place)
        faults.repair_all(place)
        say(f"  The backup was cancelled, yet the shop serves {orders(place)} orders again.")
        show_messages(place)
    return url


def run_night(place: Place) -> None:
    """Let the controller run the monthly backup; every wait for a time is dropped as it comes."""
    typed = ("start", "monthly_backup", "--day", DAY, *chat(place))
    say(f"  $ jobnet {' '.join(typed)}")
    started = controller.type_in(place, *typed)
    if started.returncode:
        raise StepFailed(started.stderr.strip())
    run = started.stdout.strip()
    with watching(place, "run", "watch", run) as child:
        controller.drop_waits(place, run, is_watched=lambda: child.poll() is None)


def run_command(place: Place, *words: str) -> None:
    """Run a command, its live track in this terminal."""
    with watching(place, *words) as child:
        try:
            child.wait(timeout=STEP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            child.terminate()


@contextmanager
def watching(place: Place, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start a command in this terminal; at the end it must have ended well."""
    say(f"  $ jobnet {' '.join(words)}")
    with (
        subprocess.Popen(  # noqa: S603 -- ours
            [str(controller.JOBNET), *words], cwd=HERE, env=environment(place)
        ) as child,
        signals_left_to(child) as asked,
    ):
        yield child
    if asked or child.returncode == INTERRUPTED:
        raise KeyboardInterrupt
    if child.returncode != FINE:
        status = child.returncode
        raise StepFailed(f"jobnet {words[0]} ended with exit status {status}; see above.")


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
    proof = Path(demo.ground) / f"bk1/home/backups/shop/shop-{DAY}.dump.proof"
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


def say_what_next(place: Place, url: str, seconds: float) -> None:
    """Say where the pieces lie and what to type."""
    demo = place.read()
    assert demo is not None, "the hosts were up"
    network = "playbooks/monthly_backup/monthly_backup.yml"
    is_detached = os.environ.get("DETACH") == "1"
    say(
        f"\nDone in {seconds:.0f} s. The controller goes on at {url}\n"
        f"  the dump     {demo.ground}/bk1/home/backups/shop\n"
        f"  the state    {controller.home(place)}\n"
        f"  the messages {place.mail}\n"
        f"Read the network: {network}\n"
        f"Try next{'' if is_detached else ', in another terminal'}:\n"
        f"  export JOBNET_HOME={shlex.quote(str(controller.home(place)))}\n"
        f"{own_folder(place)}"
        "  .venv/bin/jobnet status\n"
        "  .venv/bin/jobnet run show @last\n"
        "  .venv/bin/jobnet why @last\n"
        "  .venv/bin/jobnet logs @last/backup\n"
        f"  {HOSTS} break hang_app      # the application will not stop in time\n"
        f"  .venv/bin/jobnet play {network} {LATE}\n"
        f"  ssh -F {place.ssh_config} bk1 ls -l backups/shop\n"
        f"{'make stop ends everything.' if is_detached else 'Ctrl-C ends everything.'}"
    )


def own_folder(place: Place) -> str:
    """Return the line to type first if the demo does not lie where it is looked for."""
    usual = CLONE / ".demo"
    return (
        "" if place.folder == usual else f"  export JOBNET_DEMO={shlex.quote(str(place.folder))}\n"
    )


def finish(place: Place) -> None:
    """End the controller, and the hosts unless they are to stay."""
    with suppress(DemoRefused):
        controller.end(place)
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
