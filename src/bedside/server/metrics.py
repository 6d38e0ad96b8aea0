"""Counts and times for Prometheus: how much, how fast, how it ended. No label is about a patient or a text."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

SECONDS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2, 5, 10, 30)
SIZES = (1, 2, 4, 8, 16, 32, 64)
CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4


class Metrics:
    """One server's figures, in a registry of its own, so that two servers in one process do not mix."""

    def __init__(self, *, model: str, waiting: Callable[[], int]) -> None:
        self.registry = CollectorRegistry()
        into = self.registry
        self.requests = Counter("bedside_requests", "Predict requests by how they ended", ["outcome"], registry=into)
        self.seconds = Histogram("bedside_request_seconds", "From request to answer", buckets=SECONDS, registry=into)
        self.texts = Counter("bedside_texts", "Texts by decision", ["decision"], registry=into)
        self.batches = Histogram("bedside_batch_texts", "Texts the model saw at once", buckets=SIZES, registry=into)
        self.removed = Counter("bedside_identity_removed", "Identity removed, by type", ["type"], registry=into)
        self.errors = Counter("bedside_errors", "Our own faults", registry=into)
        Gauge("bedside_waiting_texts", "Texts waiting for the model", registry=into).set_function(waiting)
        self.models = Gauge("bedside_model", "The model being served", ["model"], registry=into)
        self.models.labels(model).set(1)
        self.by_name = Counter("bedside_model_requests", "Requests by model", ["name", "outcome"], registry=into)

    def count_removed(self, removed: Mapping[str, int]) -> None:
        """Add spans of identity by type."""
        for kind, number in removed.items():
            self.removed.labels(kind).inc(number)

    def page(self) -> bytes:
        """The text Prometheus reads."""
        return generate_latest(self.registry)
