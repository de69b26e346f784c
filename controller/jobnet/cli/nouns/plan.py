"""Declares the commands about the plan: what starts when, and changes on the day."""

# ruff: noqa: FBT002 -- typer reads the options off the parameters

from typing import Annotated

import typer

from jobnet.cli import typed
from jobnet.cli.nouns.definitions import Base, Paths
from jobnet.cli.typed import Form

plan = typer.Typer(help="What starts when and why, and changes on the day.", no_args_is_help=True)

_Key = Annotated[
    str,
    typer.Argument(
        metavar="KEY",
        help="A start: [SCHEDULE|]NETWORK@DAY/TIME, as long as it means one only.",
        show_default=False,
    ),
]
_Time = Annotated[
    str,
    typer.Argument(
        metavar="TIME", help="25:30, 2h from now, or 2026-05-29T21:55.", show_default=False
    ),
]
_From = Annotated[
    str | None, typer.Option("--from", metavar="TIME", help="today, a date, 2h; else now.")
]
_To = Annotated[
    str | None, typer.Option("--to", metavar="TIME", help="48 hours later, if left out.")
]


@plan.command("show")
def show_plan(  # noqa: PLR0913, PLR0917 - one per option of the command
    key: Annotated[
        str | None,
        typer.Argument(metavar="[KEY]", help="One start, with how it came about."),
    ] = None,
    first: _From = None,
    last: _To = None,
    network: Annotated[str, typer.Option(metavar="NETWORK", help="With its folder.")] = "",
    schedule: Annotated[str, typer.Option(metavar="SCHEDULE", help="With its folder.")] = "",
    state: Annotated[
        list[str] | None, typer.Option(metavar="STATE", help="missed, held ...; also twice.")
    ] = None,
    limit: typed.Limit = 200,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="With every step.")] = False,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Show what starts when, or one start with how it came about."""
    from jobnet.cli.plan_commands import PlanTyped, show_start, show_plan as shown  # noqa: I001, PLC0415

    if key is not None:
        return show_start(key, output)
    wish = PlanTyped(
        first=first,
        last=last,
        network=network,
        schedule=schedule,
        states=tuple(state or ()),
        limit=limit,
    )
    return shown(wish, is_verbose=verbose, form=output)


@plan.command("move")
def move_start(
    key: _Key,
    to: Annotated[
        str,
        typer.Argument(
            metavar="TIME",
            help="25:30, +30m, 2h from now, or 2026-05-29T21:55.",
            show_default=False,
        ),
    ],
    reason: typed.Reason = "",
    done_once: typed.OnceKey = "",
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Let one start take place at another time."""
    from jobnet.cli.plan_commands import How, move_start as moved  # noqa: I001, PLC0415

    return moved(key, to, How(reason=reason, key=done_once, form=output))


@plan.command("skip")
def skip_start(
    key: _Key,
    reason: typed.Reason = "",
    done_once: typed.OnceKey = "",
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Leave one start out."""
    from jobnet.cli.plan_commands import How, change_start  # noqa: PLC0415 - start-up time

    return change_start("skip", key, How(reason=reason, key=done_once, form=output))


@plan.command("hold")
def hold_start(
    key: _Key,
    reason: typed.Reason = "",
    done_once: typed.OnceKey = "",
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Keep one start back until it is released."""
    from jobnet.cli.plan_commands import How, change_start  # noqa: PLC0415 - start-up time

    return change_start("hold", key, How(reason=reason, key=done_once, form=output))


@plan.command("release")
def release_start(
    key: _Key,
    reason: typed.Reason = "",
    done_once: typed.OnceKey = "",
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Let a start that is held take place; at once where its time has passed."""
    from jobnet.cli.plan_commands import How, change_start  # noqa: PLC0415 - start-up time

    return change_start("release", key, How(reason=reason, key=done_once, form=output))


@plan.command("start")
def start_now(
    key: _Key,
    reason: typed.Reason = "",
    done_once: typed.OnceKey = "",
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Start it now with its own operating day; also one that was missed or skipped."""
    from jobnet.cli.plan_commands import How, change_start  # noqa: PLC0415 - start-up time

    return change_start("start", key, How(reason=reason, key=done_once, form=output))


@plan.command("add")
def add_start(
    network: typed.Network,
    time: _Time,
    extra: typed.Extra = None,
    day: Annotated[
        str | None, typer.Option(metavar="DAY", help="The operating day: 2026-05-29.")
    ] = None,
    reason: typed.Reason = "",
    done_once: typed.OnceKey = "",
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Add a start that no rule gives."""
    from jobnet.cli.plan_commands import How, add_start as added  # noqa: I001, PLC0415

    how = How(reason=reason, key=done_once, form=output)
    return added(network, time, day=day, extra=tuple(extra or ()), how=how)


@plan.command("copy")
def copy_start(
    key: _Key,
    day: typed.Day,
    reason: typed.Reason = "",
    done_once: typed.OnceKey = "",
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Add the same start to another operating day."""
    from jobnet.cli.plan_commands import How, copy_start as copied  # noqa: I001, PLC0415

    return copied(key, day, How(reason=reason, key=done_once, form=output))


@plan.command("params")
def change_params(
    key: _Key,
    extra: typed.Extra = None,
    reason: typed.Reason = "",
    done_once: typed.OnceKey = "",
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Start it with other params; those that are not named stay."""
    from jobnet.cli.plan_commands import How, change_params as changed  # noqa: I001, PLC0415

    how = How(reason=reason, key=done_once, form=output)
    return changed(key, tuple(extra or ()), how)


@plan.command("take-back")
def take_back(
    change: Annotated[
        str,
        typer.Argument(metavar="CHANGE", help="Its id, as plan show tells.", show_default=False),
    ],
    reason: typed.Reason = "",
    done_once: typed.OnceKey = "",
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Take a change on the day back."""
    from jobnet.cli.plan_commands import How, take_back as taken  # noqa: I001, PLC0415

    return taken(change, How(reason=reason, key=done_once, form=output))


@plan.command("diff")
def compare_plans(
    paths: Paths,
    prune: Annotated[bool, typer.Option("--prune", help="As with apply --prune.")] = False,
    base: Base = "",
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Say how the plan of 13 months would differ if files were applied; 7 if it would."""
    from jobnet.cli.applying import ApplyTyped  # noqa: PLC0415 - start-up time
    from jobnet.cli.plan_commands import compare_plans as compared  # noqa: PLC0415

    return compared(ApplyTyped(paths=tuple(paths), base=base, prunes=prune), output)
