"""Names the options of the commands: how each is written, and what its help says."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Output(StrEnum):
    """How a command says what it found."""

    HUMAN = "human"
    JSON = "json"


class Picture(StrEnum):
    """The format of a picture."""

    SVG = "svg"
    MERMAID = "mermaid"


OutputOption = Annotated[
    Output, typer.Option("-o", "--output", help="For people, or one JSON document on stdout.")
]
Target = Annotated[
    str | None,
    typer.Argument(metavar="[FILE[:NAME]]", help="The network to run.", show_default=False),
]
Paths = Annotated[
    list[str], typer.Argument(metavar="PATH...", help="Files or folders.", show_default=False)
]
DoctorTarget = Annotated[
    str, typer.Argument(metavar="[PROJECT|FILE[:NAME]]", help="A folder, or a network of it.")
]
Kind = Annotated[
    str | None, typer.Argument(metavar="[KIND]", help="A kind of document, such as network.")
]
Extra = Annotated[
    list[str] | None,
    typer.Option(
        "-e", "--extra", metavar="KEY=VALUE", help="A param; also @FILE.yml or a JSON object."
    ),
]
Answers = Annotated[
    list[str] | None,
    typer.Option(metavar="PART=CHOICE", help="Answer a dialog; PART.FIELD=VALUE for its form."),
]
FastForward = Annotated[bool, typer.Option(help="Jump over pure waits; jobs run for real.")]
At = Annotated[
    str | None, typer.Option(metavar="TIME", help="Start the clock here: 2026-05-29T21:55.")
]
Day = Annotated[str | None, typer.Option(metavar="DATE", help="The operating day: 2026-05-29.")]
Hosts = Annotated[
    str | None,
    typer.Option(
        metavar="PATTERN", help="Hosts for a plain list of tasks; in a rerun: failed, or names."
    ),
]
Check = Annotated[bool, typer.Option("--check", "-C", help="Change nothing: Ansible's check mode.")]
Diff = Annotated[bool, typer.Option("--diff", "-D", help="Show what changes in files.")]
Plain = Annotated[
    bool, typer.Option("--plain", help="One line per change, no live tree, no questions.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show nothing but the end.")]
Verbose = Annotated[
    bool, typer.Option("-v", "--verbose", help="Print job output and files passed over.")
]
VerboseFiles = Annotated[
    bool, typer.Option("-v", "--verbose", help="List the files that were passed over.")
]
Keep = Annotated[bool, typer.Option("--keep", help="Never remove the pieces of this run.")]
GraphTarget = Annotated[
    str | None,
    typer.Argument(metavar="[FILE[:NAME]]", help="The network to draw.", show_default=False),
]
Run = Annotated[
    str | None, typer.Option(metavar="RUN|DIR", help="A run of this machine, or its folder.")
]
PictureOption = Annotated[
    Picture | None,
    typer.Option("-o", "--format", help="The format; without it, as the file is named, else svg."),
]
PictureFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Where to write; without it, to stdout.")
]
RerunRun = Annotated[
    str | None,
    typer.Option("--rerun", metavar="RUN|@last", help="Go on with a run of before, once more."),
]
CutOff = Annotated[
    str | None,
    typer.Option("--continue", metavar="RUN|@last", help="Go on with a run that was cut off."),
]
FromParts = Annotated[
    list[str] | None,
    typer.Option("--from", metavar="PART", help="Rerun this part and all that comes after it."),
]
OnlyParts = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="PART", help="Rerun this part and nothing after it."),
]
Failed = Annotated[bool, typer.Option("--failed", help="Rerun the failed parts and on.")]
AfterFailed = Annotated[
    bool, typer.Option("--after-failed", help="Rerun what comes after the failed parts.")
]
Warned = Annotated[bool, typer.Option("--warning", help="Rerun the parts that ended Warning.")]
Cases = Annotated[
    list[str] | None,
    typer.Option("--case", metavar="PART=1|else", help="Rerun with this case of a branch."),
]
Held = Annotated[bool, typer.Option("--held", help="Rerun, and hold the first parts of it.")]
Current = Annotated[bool, typer.Option("--current", help="Rerun with the definition as it is now.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Ask no question about it.")]
ControlledRun = Annotated[
    str, typer.Argument(metavar="RUN|@last", help="The run to operate.", show_default=False)
]
OrderWord = Annotated[
    str, typer.Argument(metavar="ORDER", help="status, hold, skip, kill ...", show_default=False)
]
OrderPart = Annotated[
    str | None, typer.Argument(metavar="[PART]", help="A part; - or nothing: the whole run.")
]
OrderValue = Annotated[
    str | None, typer.Argument(metavar="[VALUE]", help="A choice, time, result, queue or text.")
]
ExitCodeOption = Annotated[
    int | None, typer.Option("--exit-code", metavar="N", help="The exit code it is to have.")
]
FormFields = Annotated[
    list[str] | None,
    typer.Option("-e", "--extra", metavar="FIELD=VALUE", help="A field of a dialog's form."),
]
RerunHosts = Annotated[
    str | None, typer.Option(metavar="failed|HOSTS", help="With rerun: on these hosts only.")
]
Now = Annotated[bool, typer.Option("--now", help="Kill the run without its always.")]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why; the journal keeps it.")]
OrderKey = Annotated[
    str, typer.Option("--key", metavar="TEXT", help="The same key twice gives one order.")
]
