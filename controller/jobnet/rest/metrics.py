"""The route that Prometheus reads: numbers of the database, of the workers and of this process."""

from collections.abc import Iterable, Iterator

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from jobnet.rest.asking import Services
from jobnet.services.controller.views.measures import Measure, measures_of_health

router = APIRouter(tags=["system"])

PREFIX = "jobnet_"


class _Measured(Collector):
    """Measures of one moment, as Prometheus groups them."""

    def __init__(self, measures: Iterable[Measure]) -> None:
        self._measures = tuple(measures)

    def collect(self) -> Iterator[Metric]:
        families: dict[str, Metric] = {}
        for each in self._measures:
            kind = CounterMetricFamily if each.is_total else GaugeMetricFamily
            family = families.setdefault(each.name, kind(PREFIX + each.name, each.about))
            name = f"{PREFIX}{each.name}_total" if each.is_total else PREFIX + each.name
            family.add_sample(name, dict(each.labels), each.value)
        yield from families.values()


@router.get(
    "/metrics",
    response_class=PlainTextResponse,
    responses={200: {"description": "Numbers.", "content": {"text/plain": {}}}},
)
def show_metrics(services: Services) -> PlainTextResponse:
    """Give the numbers of this controller in the text format of Prometheus."""
    health = measures_of_health(services.health.report())
    registry = CollectorRegistry()
    registry.register(_Measured([*services.views.measures(), *health]))
    ProcessCollector(registry=registry)
    return PlainTextResponse(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
