"""Takes care of the database of the controller of this machine, mostly while none is at work."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

from jobnet.cli.calling import calling, own_settings
from jobnet.cli.exit_codes import ExitCode
from jobnet.cli.forms import say
from jobnet.cli.typed import Form
from jobnet.cli.wording import shown
from jobnet.client.address import place_of
from jobnet.ids import RunId
from jobnet.machine.run_folder import state_home
from jobnet.machine.server_home import held_place, holder_of
from jobnet.settings import Settings

LINE_MAX = 300
_MIB = 2**20


def write_backup(file: Path, *, form: Form) -> int:
    """Write a backup."""
    from jobnet.bootstrap_care import back_up  # noqa: PLC0415 - start-up time

    settings = own_settings()
    made = back_up(settings, place_of(settings), file)
    document = {
        "file": str(made.path),
        "bytes": made.size,
        "open_runs": list(made.open_runs),
        "tables": made.tables,
    }
    runs = len(made.open_runs)
    lines = [f"{made.path}: {made.size / _MIB:.1f} MiB; {runs} runs were open."]
    say(document, form, lambda: lines)
    return ExitCode.NORMAL


def restore_backup(file: Path, home: Path | None, *, form: Form) -> int:
    """Put a backup into an empty state home, that of this process where none is named."""
    from jobnet.bootstrap_care import restore  # noqa: PLC0415 - start-up time

    done = restore(file, place_of(own_settings()).folder.parent if home is None else home)
    document = {"home": str(done.home), "made_at": done.made_at, "open_runs": list(done.open_runs)}
    lines = [
        f"{done.home} is as the controller was at {shown(done.made_at)}.",
        f"{len(done.open_runs)} runs go on when it is started: JOBNET_HOME={done.home} jobnet up",
        "See to it that the one before never works again: jobs would run twice.",
    ]
    say(document, form, lambda: lines)
    return ExitCode.NORMAL


def upgrade_database(form: Form) -> int:
    """Bring the tables up to date."""
    from jobnet.bootstrap_care import upgrade  # noqa: PLC0415 - start-up time

    settings = own_settings()
    with held_place(state_home(settings.home)) as place:
        before, after = upgrade(settings, place)
    document = {"before": before, "after": after, "has_changed": before != after}
    line = "The tables were up to date already."
    if before != after:
        line = f"The tables went from {before or 'nothing'} to {after}."
    say(document, form, lambda: [line])
    return ExitCode.NORMAL


def check_database(runs: int, *, form: Form) -> int:
    """Say whether the database is sound; the status is REFUSED where it is not."""
    from jobnet.bootstrap_care import checking  # noqa: PLC0415 - start-up time

    settings = own_settings()
    with checking(settings, place_of(settings), writes=False) as check:
        found = check.look(runs=runs)
    document = {"problems": list(found.problems), "replayed": found.replayed}
    say(document, form, lambda: _check_lines(found.problems, found.replayed))
    return ExitCode.REFUSED if found.problems else ExitCode.NORMAL


def rebuild_rows(run: str | None, *, form: Form) -> int:
    """Make rows anew; a controller at work does it for one run, else they are all done here."""
    settings = own_settings()
    place = place_of(settings)
    if run is not None and holder_of(place) is not None:
        with calling() as client:
            done = client.act("POST", f"/runs/{quote(run, safe='')}/rebuild", {})
        found = [{"run": run, "mended": done["mended"], "problem": ""}] if done["mended"] else []
    else:
        found = _rebuild_here(settings, run)
    say({"items": found}, form, lambda: _mended_lines(found))
    return ExitCode.REFUSED if any(each["problem"] for each in found) else ExitCode.NORMAL


def _rebuild_here(settings: Settings, run: str | None) -> list[dict[str, object]]:
    from jobnet.bootstrap_care import checking, require_database  # noqa: PLC0415 - start-up time

    require_database(settings, place_of(settings))
    with (
        held_place(state_home(settings.home)) as place,
        checking(settings, place, writes=True) as check,
    ):
        mended = list(check.mend_all() if run is None else check.mend(RunId(run)))
    return [{"run": m.run, "mended": list(m.what), "problem": m.problem} for m in mended]


def _check_lines(problems: Sequence[str], replayed: int) -> Iterator[str]:
    yield from (shown(line, length_max=LINE_MAX) for line in problems)
    word = f"{len(problems)} problems" if problems else "The database is sound"
    yield f"{word}; {replayed} runs were replayed."
    if problems:
        yield "jobnet db rebuild makes rows anew from whole journals; a backup has the rest."


def _mended_lines(found: Sequence[dict[str, object]]) -> Iterator[str]:
    if not found:
        yield "Nothing was wrong."
        return
    for each in found:
        mended = each["mended"]
        words = ", ".join(map(str, mended)) if isinstance(mended, list) else ""
        what = each["problem"] or f"{words} made anew"
        yield shown(f"{each['run']}: {what}", length_max=LINE_MAX)
    failed = sum(bool(each["problem"]) for each in found)
    yield f"{len(found) - failed} runs were mended, {failed} could not be."
