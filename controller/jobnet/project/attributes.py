"""Turns the checked attributes of a part or a network into the values of the definition."""

from jobnet.definition import (
    KILL_GRACE,
    Care,
    Deadlines,
    ErrorRules,
    LatestStart,
    Placement,
    Retry,
)
from jobnet.project.job_types import JobType
from jobnet.project.schema.attributes import CommonShape, DeadlineShape, PartShape


def error_rules(shape: PartShape, job_type: JobType | None = None) -> ErrorRules:
    """Return what follows a bad end; a job type's exit rule holds where the part has none."""
    retry = shape.retry
    return ErrorRules(
        on_error=shape.on_error,
        on_lost=shape.on_lost,
        rerun=shape.rerun,
        rerun_note=shape.rerun_note,
        retry=Retry()
        if retry is None
        else Retry(
            count=retry.count,
            delay=retry.delay or Retry().delay,
            backoff=retry.backoff,
            hosts=retry.hosts,
        ),
        exit_code=shape.exit_code or (job_type.exit_code if job_type else None),
        exit_codes=shape.exit_codes or (job_type.exit_codes if job_type else None),
        timeout=shape.timeout,
        kill_grace=KILL_GRACE if shape.kill_grace is None else shape.kill_grace,
    )


def deadlines(shape: DeadlineShape) -> Deadlines:
    """Return what is watched by the clock."""
    latest = shape.latest_start
    return Deadlines(
        end_by=shape.end_by,
        late_start=shape.late_start,
        late_end=shape.late_end,
        overrun=shape.overrun,
        underrun=shape.underrun,
        latest_start=LatestStart(at=latest.at, then=latest.then) if latest else None,
    )


def placement(shape: PartShape) -> Placement:
    """Return where a part stands in line."""
    return Placement(
        queue=shape.queue,
        priority=shape.priority,
        nodes=tuple(shape.nodes),
        locks=dict(shape.locks),
        resources=dict(shape.resources),
        warm=shape.warm,
    )


def care(shape: CommonShape) -> Care:
    """Return who looks after it."""
    return Care(owner=shape.owner, runbook=shape.runbook, severity=shape.severity)
