"""What Prometheus is told: counted when it asks, so that no other room need think of it."""

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

Gauge = tuple[str, str, tuple[str, ...], list[tuple[tuple[str, ...], float]]]  # name, help, labels, values


class Gauges(Collector):
    def __init__(self, read: Callable[[], Iterable[Gauge]]) -> None:
        self._read = read

    def collect(self) -> Iterable[GaugeMetricFamily]:
        for name, said, labels, values in self._read():
            family = GaugeMetricFamily(name, said, labels=labels)
            for labelled, value in values:
                family.add_metric(labelled, value)
            yield family


def make_registry(read: Callable[[], Iterable[Gauge]]) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(Gauges(read))
    return registry
