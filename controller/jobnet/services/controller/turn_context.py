"""Holds what one turn of a run goes by while its commands are made into rows."""

from dataclasses import dataclass
from datetime import datetime

from jobnet.engine import Tracker
from jobnet.engine.commands import StartJob
from jobnet.engine.keys import id_of
from jobnet.ids import NetworkName, RunId
from jobnet.services.controller.payloads import order_text
from jobnet.services.job_orders import job_order


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The run, its tracker after the turn, and the instant of the turn."""

    run: RunId
    network: NetworkName
    tracker: Tracker
    now: datetime

    def order_text(self, command: StartJob) -> str:
        """Return the order for a job as it is kept until the job has ended."""
        layout = self.tracker.layout
        position = layout.place(command.network, id_of(command.part)).part.position
        written_at = f"{position.file}:{position.line}" if position.file else ""
        order = job_order(command, run=self.run, bundle=layout.bundle, written_at=written_at)
        return order_text(order)
