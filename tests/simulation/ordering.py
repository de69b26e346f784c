"""Draws orders: any order, for any part, also for those that it does not fit."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from jobnet.engine import Tracker, track
from jobnet.engine import orders as o
from jobnet.ids import PartKey

STRANGE = ("", "nobody", "main.x", "each[ann].a", "a..b", "[", "].", "/flow", "x[")


def random_order(random: Random, tracker: Tracker, now: datetime) -> o.Order:
    """Return an order for a part of the run, now and then for one that it does not have."""
    keys = [line.key for line in track(tracker)]
    part = random.choice(keys) if keys and random.random() < 0.95 else None
    if part is None:
        part = PartKey(random.choice(STRANGE))
    whole = None if random.random() < 0.15 else part
    makers: tuple[Callable[[], o.Order], ...] = (
        lambda: o.Hold(part=part),
        lambda: o.Release(part=part),
        lambda: o.Suspend(part=whole),
        lambda: o.Resume(part=whole),
        lambda: o.Skip(part=part, exit_code=random.randint(0, 3)),
        lambda: o.Unskip(part=part),
        lambda: o.NoExec(part=whole),
        lambda: o.RunNow(part=part),
        lambda: o.ChangeTime(part=part, to=now + timedelta(minutes=random.randint(-5, 90))),
        lambda: o.ClearWait(part=part),
        lambda: o.Answer(part=part, choice="post"),
        lambda: o.Kill(part=whole, now=random.random() < 0.3),
        lambda: o.ForceEnd(part=part),
        lambda: o.ChangeResult(part=part, result=random.choice(tuple(o.NewResult))),
        lambda: o.Cancel(part=whole),
        lambda: o.Rerun(start=random.choice(tuple(o.RerunFrom)), parts=(part,)),
        lambda: o.SetPriority(part=part, priority=random.randint(0, 99)),
        lambda: o.MoveQueue(part=part, queue=random.choice(("narrow", "wide"))),
        lambda: o.Comment(part=whole, text="look at this"),
    )
    return random.choice(makers)()
