"""A registry of figures for Prometheus, a new one for each server, so that two in one process do not mix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

SECONDS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2, 5, 10, 30)
CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4


@dataclass(frozen=True)
class Figures:
    """What one server counts and times. No label may be about a patient, or hold what a caller wrote.

    >>> figures = Figures()
    >>> figures.counter("bedside_cards", "Cards by rule", "rule").labels("renal.metformin").inc()
    >>> b'bedside_cards_total{rule="renal.metformin"} 1.0' in figures.page()
    True
    """

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def counter(self, name: str, says: str, *labels: str) -> Counter:
        """Something that only grows."""
        return Counter(name, says, labels, registry=self.registry)

    def gauge(self, name: str, says: str, *labels: str) -> Gauge:
        """Something that comes and goes."""
        return Gauge(name, says, labels, registry=self.registry)

    def histogram(self, name: str, says: str, *labels: str, buckets: Sequence[float] = SECONDS) -> Histogram:
        """How values spread; seconds unless other buckets are given."""
        return Histogram(name, says, labels, buckets=buckets, registry=self.registry)

    def page(self) -> bytes:
        """The text that Prometheus reads."""
        return generate_latest(self.registry)
