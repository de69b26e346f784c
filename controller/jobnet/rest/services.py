"""Says what the routes need of the controller; any object that has it will do."""

from collections.abc import Mapping
from typing import Protocol

from jobnet.ids import OperatorName, RunId
from jobnet.ports.store import RunRow, Store
from jobnet.ports.store.outputs import OutputStore
from jobnet.services.controller.bells import Bells
from jobnet.services.controller.calendars import Calendars
from jobnet.services.controller.controller import Shift
from jobnet.services.controller.definitions import Definitions
from jobnet.services.controller.events import Events
from jobnet.services.controller.orders import OrderDone, OrderPreview
from jobnet.services.controller.outlook import Outlook
from jobnet.services.controller.plan.plans import Plans
from jobnet.services.controller.queues import Queues
from jobnet.services.controller.rebuilding import Rebuilding
from jobnet.services.controller.retention import Retention
from jobnet.services.controller.schedules import Schedules
from jobnet.services.controller.starts import StartWish
from jobnet.services.controller.triggers.hooks import Hooks
from jobnet.services.controller.triggers.triggers import Triggers
from jobnet.services.controller.views.dependencies import Dependencies
from jobnet.services.controller.views.views import Views
from jobnet.services.controller.windows.windows import Windows
from jobnet.services.controller.working import Health
from jobnet.services.forecast.forecasts import Forecasts


class Starts(Protocol):
    """Starts runs."""

    def start(self, wish: StartWish) -> RunRow:
        """Start a run; the same key again gives the same run."""


class Orders(Protocol):
    """Takes operators' orders."""

    def preview(self, run: RunId, request: Mapping[str, object]) -> OrderPreview:
        """Return what an order would do."""

    def give(
        self,
        run: RunId,
        request: Mapping[str, object],
        *,
        by: OperatorName,
        key: str,
        reason: str = "",
    ) -> OrderDone:
        """Give an order and wait until it has been carried out."""


class Controller(Protocol):
    """The services of a controller that runs."""

    @property
    def store(self) -> Store: ...  # noqa: D102

    @property
    def bells(self) -> Bells: ...  # noqa: D102

    @property
    def health(self) -> Health: ...  # noqa: D102

    @property
    def shift(self) -> Shift: ...  # noqa: D102

    @property
    def outputs(self) -> OutputStore: ...  # noqa: D102

    @property
    def starts(self) -> Starts: ...  # noqa: D102

    @property
    def plans(self) -> Plans: ...  # noqa: D102

    @property
    def forecasts(self) -> Forecasts: ...  # noqa: D102

    @property
    def definitions(self) -> Definitions: ...  # noqa: D102

    @property
    def calendars(self) -> Calendars: ...  # noqa: D102

    @property
    def outlook(self) -> Outlook: ...  # noqa: D102

    @property
    def schedules(self) -> Schedules: ...  # noqa: D102

    @property
    def orders(self) -> Orders: ...  # noqa: D102

    @property
    def queues(self) -> Queues: ...  # noqa: D102

    @property
    def windows(self) -> Windows: ...  # noqa: D102

    @property
    def hooks(self) -> Hooks: ...  # noqa: D102

    @property
    def triggers(self) -> Triggers: ...  # noqa: D102

    @property
    def events(self) -> Events: ...  # noqa: D102

    @property
    def retention(self) -> Retention: ...  # noqa: D102

    @property
    def rebuilding(self) -> Rebuilding: ...  # noqa: D102

    @property
    def views(self) -> Views: ...  # noqa: D102

    @property
    def dependencies(self) -> Dependencies: ...  # noqa: D102
