"""Declares the commands about runs: start, list, show, watch, rerun."""

# ruff: noqa: FBT002 -- typer reads the options off the parameters

from typing import Annotated

import typer

from jobnet.cli import typed
from jobnet.cli.typed import Form

group = typer.Typer(
    help="Start runs and look at them.", no_args_is_help=True, rich_markup_mode=None
)

_Day = Annotated[str | None, typer.Option(metavar="DATE", help="The operating day: 2026-05-29.")]


@group.command("start")
def start_run(  # noqa: PLR0913, PLR0917 - one per option of the command
    network: typed.Network,
    extra: typed.Extra = None,
    day: _Day = None,
    at: Annotated[
        str, typer.Option(metavar="TIME", help="Then: 2h, 25:30, 2026-05-29T21:55.")
    ] = "",
    check: Annotated[bool, typer.Option("--check", "-C", help="Change nothing.")] = False,
    diff: Annotated[bool, typer.Option("--diff", "-D", help="Show what changes.")] = False,
    held: Annotated[bool, typer.Option("--held", help="Hold its first parts.")] = False,
    wait: typed.Wait = False,
    watch: typed.Watch = False,
    plain: typed.Plain = False,
    reason: typed.Reason = "",
    key: typed.Key = "",
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Start a run of a network, now or at a time: then the plan has it."""
    if at:
        from jobnet.cli.plan_commands import How, start_later  # noqa: PLC0415 - start-up time

        unfit = {"wait": wait, "watch": watch, "check": check, "diff": diff, "held": held}
        how = How(reason=reason, key=key, form=output)
        return start_later(network, at, day=day, extra=tuple(extra or ()), unfit=unfit, how=how)
    from jobnet.cli.run_commands import After, start  # noqa: PLC0415 - start-up time

    body: dict[str, object] = {
        "network": network, "check": check, "diff": diff, "held": held,
        "reason": reason, "operating_day": day,
    }  # fmt: skip
    after = After(waits=wait, watches=watch, is_plain=plain, form=output)
    return start(body, tuple(extra or ()), key=key, after=after)


@group.command("list")
def list_runs(
    network: Annotated[str | None, typer.Option(metavar="NETWORK")] = None,
    folder: Annotated[str | None, typer.Option(metavar="FOLDER")] = None,
    state: Annotated[list[str] | None, typer.Option(metavar="STATE", help="Also twice.")] = None,
    open_: Annotated[bool, typer.Option("--open", help="Only those that have not ended.")] = False,
    day: _Day = None,
    limit: typed.Limit = 20,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """List runs, the latest first."""
    from jobnet.cli.run_commands import list_runs as listed  # noqa: PLC0415 - start-up time

    query = {
        "network": network, "folder": folder, "state": state, "open": True if open_ else None,
        "operating_day": day,
    }  # fmt: skip
    return listed(query, limit=limit, form=output)


@group.command("show")
def show_run(run: typed.RunOrPart, output: typed.FormOption = Form.HUMAN) -> int:
    """Show a run with all of its parts, or one part in full."""
    from jobnet.cli.run_commands import show  # noqa: PLC0415 - start-up time

    return show(run, form=output)


@group.command("watch")
def watch_run(
    run: typed.Run,
    plain: typed.Plain = False,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Show a run until its end; of one that has ended, how it did."""
    from jobnet.cli.run_commands import After, watch  # noqa: PLC0415 - start-up time

    return watch(run, After(watches=True, is_plain=plain, form=output))


@group.command("rerun")
def rerun_run(  # noqa: PLR0913, PLR0917 - one per option of the command
    run: typed.RunOrPart,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="PART", help="This part and all after it.")
    ] = None,
    only: Annotated[str | None, typer.Option(metavar="PART", help="Nothing but this part.")] = None,
    failed: Annotated[bool, typer.Option("--failed", help="The failed parts and on.")] = False,
    after_failed: Annotated[
        bool, typer.Option("--after-failed", help="What comes after the failed parts.")
    ] = False,
    warning: Annotated[bool, typer.Option("--warning", help="The parts that warned.")] = False,
    whole: Annotated[bool, typer.Option("--whole", help="All of it.")] = False,
    hosts: Annotated[str | None, typer.Option(metavar="failed|HOSTS")] = None,
    held: Annotated[bool, typer.Option("--held", help="Hold the first parts of it.")] = False,
    current: Annotated[
        bool, typer.Option("--current", help="Go on with the definitions and project of now.")
    ] = False,
    extra: typed.Extra = None,
    reason: typed.Reason = "",
    key: typed.Key = "",
    yes: typed.Yes = False,
    output: typed.FormOption = Form.HUMAN,
) -> int:
    """Run a run or part again on its own track; without more, its failed parts."""
    from jobnet.cli.rerunning import RerunTyped, rerun  # noqa: PLC0415 - start-up time

    starts = {
        "failed": failed, "after_failed": after_failed, "warning": warning, "whole": whole
    }  # fmt: skip
    wish = RerunTyped(
        target=run,
        start_at=from_,
        only=only,
        starts=tuple(name for name, is_chosen in starts.items() if is_chosen),
        hosts=hosts,
        held=held,
        extra=tuple(extra or ()),
        current=current,
    )
    return rerun(wish, reason=reason, key=key, yes=yes, form=output)
