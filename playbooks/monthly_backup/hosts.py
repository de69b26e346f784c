"""Starts and stops the three demo hosts: ``hosts.py up | down | status | remove``."""

# ruff: noqa: INP001 -- a script beside the playbooks, not a module of a package
import argparse
import sys

from machines import faults
from machines.lifecycle import bring_up, remove, status, take_down
from machines.places import demo_place
from machines.processes import DemoRefused


def main() -> int:
    """Do what the command line asks; return its exit status."""
    wish = _reader().parse_args()
    place = demo_place()
    try:
        if wish.command == "up":
            bring_up(place, say)
            say(f"Look around: ssh -F {place.ssh_config} db1 ls")
        elif wish.command == "down":
            take_down(place)
        elif wish.command == "remove":
            remove(place)
        elif wish.command == "break":
            faults.plant(place, wish.fault)
            say(faults.FAULTS[wish.fault])
        elif wish.command == "repair":
            faults.repair_all(place)
        else:
            lines = status(place)
            for name, line in lines.items():
                say(f"{name}: {line}")
            return 0 if all(line != "down" for line in lines.values()) else 3
    except DemoRefused as refusal:
        say(str(refusal))
        return 1
    return 0


def say(line: str) -> None:
    """Show ``line`` at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _reader() -> argparse.ArgumentParser:
    reader = argparse.ArgumentParser(description=__doc__)
    commands = reader.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="start the hosts, or repair what is missing of them")
    commands.add_parser("down", help="end the hosts and all their services; data stays")
    commands.add_parser("status", help="say which hosts are up; exit status 3 if one is down")
    commands.add_parser("remove", help="down, and delete everything that the demo wrote")
    broken = commands.add_parser("break", help="break something on a host, for practice")
    broken.add_argument("fault", choices=sorted(faults.FAULTS))
    commands.add_parser("repair", help="undo every break")
    return reader


if __name__ == "__main__":
    sys.exit(main())
