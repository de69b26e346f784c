"""Declares the commands and their options; what they do is imported when they are called.

Everything heavy is imported inside the commands, so that ``jobnet --help`` answers at once.
"""

from typing import Annotated

import typer

from jobnet.cli import lint_options, options
from jobnet.cli import simulate_options as simulated
from jobnet.cli.nouns import (
    calendars,
    care,
    definitions,
    forecasts,
    importing,
    networks,
    orders,
    plan,
    queues,
    runs,
    schedules,
    server,
    shift,
    triggers,
    windows,
)

app = typer.Typer(
    name="jobnet",
    help="Job networks for Ansible: run them, check them.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(value: bool) -> None:  # noqa: FBT001 - typer calls it so
    if value:
        from importlib.metadata import version  # noqa: PLC0415 - start-up time

        typer.echo(f"jobnet {version('jobnet')}")
        raise typer.Exit


@app.callback()
def jobnet(
    version: Annotated[  # noqa: FBT002
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Job networks for Ansible: run them, check them."""


@app.command()
def play(  # noqa: PLR0913, PLR0917 - one per option of the command
    target: options.Target = None,
    extra: options.Extra = None,
    answer: options.Answers = None,
    fast_forward: options.FastForward = False,  # noqa: FBT002
    at: options.At = None,
    day: options.Day = None,
    hosts: options.Hosts = None,
    check: options.Check = False,  # noqa: FBT002
    diff: options.Diff = False,  # noqa: FBT002
    output: options.OutputOption = options.Output.HUMAN,
    plain: options.Plain = False,  # noqa: FBT002
    quiet: options.Quiet = False,  # noqa: FBT002
    verbose: options.Verbose = False,  # noqa: FBT002
    keep: options.Keep = False,  # noqa: FBT002
    cut_off: options.CutOff = None,
    rerun: options.RerunRun = None,
    from_parts: options.FromParts = None,
    only: options.OnlyParts = None,
    failed: options.Failed = False,  # noqa: FBT002
    after_failed: options.AfterFailed = False,  # noqa: FBT002
    warning: options.Warned = False,  # noqa: FBT002
    case: options.Cases = None,
    held: options.Held = False,  # noqa: FBT002
    current: options.Current = False,  # noqa: FBT002
    yes: options.Yes = False,  # noqa: FBT002
) -> int:
    """Run a network on the spot, without a controller; or a run of before once more."""
    typed = locals().copy()
    from jobnet.cli.continue_command import continue_network  # noqa: PLC0415 - start-up time
    from jobnet.cli.play_command import play_network  # noqa: PLC0415 - start-up time
    from jobnet.cli.play_options import read_play_options  # noqa: PLC0415 - start-up time
    from jobnet.cli.rerun_command import rerun_network  # noqa: PLC0415 - start-up time

    chosen = read_play_options(typed)
    if chosen.cut_off is not None:
        return continue_network(chosen)
    return rerun_network(chosen) if chosen.rerun.is_asked_for else play_network(chosen)


@app.command("play-control")
def play_control(  # noqa: PLR0913, PLR0917 - one per option of the command
    run: options.ControlledRun,
    order: options.OrderWord,
    part: options.OrderPart = None,
    value: options.OrderValue = None,
    exit_code: options.ExitCodeOption = None,
    extra: options.FormFields = None,
    now: options.Now = False,  # noqa: FBT002
    hosts: options.RerunHosts = None,
    held: options.Held = False,  # noqa: FBT002
    reason: options.Reason = "",
    key: options.OrderKey = "",
    yes: options.Yes = False,  # noqa: FBT002
    output: options.OutputOption = options.Output.HUMAN,
) -> int:
    """Operate a running play from a second terminal, or ask it how it stands."""
    from jobnet.cli.control_command import ControlOptions, control_play  # noqa: PLC0415

    typed = ControlOptions(
        run=run,
        order=order,
        part=None if part == "-" else part,
        value=value,
        exit_code=exit_code,
        extra=tuple(extra or ()),
        now=now,
        hosts=hosts,
        held=held,
        reason=reason,
        key=key,
        yes=yes,
        is_json=output is options.Output.JSON,
    )
    return control_play(typed)


@app.command()
def lint(
    paths: options.Paths,
    hosts: options.Hosts = None,
    inventory: lint_options.Inventories = None,
    no_inventory: lint_options.NoInventory = False,  # noqa: FBT002
    ansible: lint_options.Ansible = False,  # noqa: FBT002
    strict: lint_options.Strict = False,  # noqa: FBT002
    output: lint_options.LintOutputOption = lint_options.LintOutput.HUMAN,
    verbose: options.VerboseFiles = False,  # noqa: FBT002
) -> int:
    """Say everything that is wrong with definitions."""
    from jobnet.cli.lint_command import lint_paths  # noqa: PLC0415 - start-up time

    typed = lint_options.LintOptions(
        paths=tuple(paths),
        hosts=hosts,
        output=output,
        inventories=tuple(inventory or ()),
        asks_inventory=not no_inventory,
        asks_ansible=ansible,
        is_strict=strict,
        is_verbose=verbose,
    )
    return lint_paths(typed)


@app.command()
def doctor(
    target: options.DoctorTarget = ".",
    output: options.OutputOption = options.Output.HUMAN,
) -> int:
    """Say what keeps jobs from running here, and whether they start warm."""
    from jobnet.cli.doctor_command import examine_target  # noqa: PLC0415 - start-up time

    return examine_target(target, is_json=output is options.Output.JSON)


@app.command()
def schema(kind: options.Kind = None) -> int:
    """Print the JSON Schema of a kind of document, or of all."""
    from jobnet.cli.schema_command import print_schema  # noqa: PLC0415 - start-up time

    return print_schema(kind)


@app.command()
def graph(
    target: options.GraphTarget = None,
    run: options.Run = None,
    hosts: options.Hosts = None,
    picture: options.PictureOption = None,
    output: options.PictureFile = None,
) -> int:
    """Draw a network or a run as a picture."""
    from jobnet.cli.graph_command import GraphOptions, draw_graph  # noqa: PLC0415 - start-up time

    typed = GraphOptions(target=target, run=run, hosts=hosts, picture=picture, file=output)
    return draw_graph(typed)


@app.command()
def simulate(  # noqa: PLR0913, PLR0917 - one per option of the command
    target: simulated.Target,
    extra: options.Extra = None,
    at: options.At = None,
    day: options.Day = None,
    hosts: options.Hosts = None,
    answer: options.Answers = None,
    fail: simulated.Fail = None,
    lose: simulated.Lose = None,
    duration: simulated.Duration = None,
    output: simulated.PartOutput = None,
    artifact: simulated.Artifact = None,
    order: simulated.OrderAt = None,
    expect: simulated.Expect = None,
    gantt: simulated.GanttOption = None,
    output_file: simulated.OutputFile = None,
    form: simulated.Format = options.Output.HUMAN,
    history: simulated.History = None,
    verbose: simulated.Verbose = False,  # noqa: FBT002
) -> int:
    """Walk a network on a virtual clock: no Ansible, no host, no file is touched."""
    from jobnet.cli.simulate_command import simulate_network  # noqa: PLC0415 - start-up time
    from jobnet.cli.simulating import SimulateOptions  # noqa: PLC0415 - start-up time

    typed = SimulateOptions(
        target=target, at=at, day=day, hosts=hosts, extra=tuple(extra or ()),
        answers=tuple(answer or ()), fail=tuple(fail or ()), lose=tuple(lose or ()),
        duration=tuple(duration or ()), outputs=tuple(output or ()),
        artifacts=tuple(artifact or ()), orders=tuple(order or ()), expect=expect,
        gantt=gantt, file=output_file, is_json=form is options.Output.JSON,
        is_verbose=verbose, history=history,
    )  # fmt: skip
    return simulate_network(typed)


app.command()(server.up)
app.command()(server.down)
app.command()(definitions.apply)
app.command()(definitions.diff)
app.command()(definitions.export)
app.add_typer(networks.network, name="network")
app.add_typer(runs.group, name="run")
app.command("start")(runs.start_run)
app.command("rerun")(runs.rerun_run)
orders.add_orders(app)
shift.add_shift(app)
app.add_typer(queues.queue, name="queue")
app.add_typer(queues.resource, name="resource")
app.add_typer(queues.event, name="event")
app.add_typer(calendars.calendar, name="calendar")
app.add_typer(schedules.schedule, name="schedule")
app.add_typer(plan.plan, name="plan")
app.command()(forecasts.forecast)
app.command()(forecasts.whatif)
app.add_typer(windows.window, name="window")
app.add_typer(triggers.trigger, name="trigger")
app.add_typer(server.config, name="config")
app.command()(care.prune)
app.command()(care.backup)
app.command()(care.restore)
app.add_typer(care.database, name="db")
networks.network.command("keep")(care.keep)
app.add_typer(importing.group, name="import")
