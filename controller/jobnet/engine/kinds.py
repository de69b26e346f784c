"""Gives each kind of part the word that people read: those of the language."""

from collections.abc import Mapping

from jobnet.definition import (
    AnyOf,
    Block,
    Body,
    Branch,
    CalendarBranch,
    ContinueFrom,
    Dialog,
    ForEach,
    Notify,
    Parallel,
    SendEvent,
    SubNetwork,
    UnitJob,
    WaitEvent,
    WaitFile,
    WaitFor,
    WaitNetwork,
    WaitPart,
    WaitUntil,
)

KINDS: Mapping[type, str] = {
    UnitJob: "job",
    SubNetwork: "network",
    Dialog: "dialog",
    Branch: "branch",
    CalendarBranch: "calendar_branch",
    Parallel: "parallel",
    AnyOf: "any_of",
    ContinueFrom: "continue_from",
    WaitNetwork: "wait_network",
    WaitPart: "wait_part",
    WaitFile: "wait_file",
    WaitUntil: "wait_until",
    WaitFor: "wait_for",
    SendEvent: "send_event",
    WaitEvent: "wait_event",
    Block: "block",
    ForEach: "for_each",
    Notify: "notify",
}


def kind_of(body: Body) -> str:
    """Return the word of the language for a part's kind."""
    return KINDS[type(body)]
