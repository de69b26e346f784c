"""Offers the commands that an operator types; they decide nothing about runs."""

from jobnet.cli.entry import main

__all__ = ["main"]
