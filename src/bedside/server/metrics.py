"""What the plain prediction server counts and times for Prometheus: how much, how fast, how it ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bedside.server.figures import Figures

SIZES = (1, 2, 4, 8, 16, 32, 64)


class Metrics:
    """One server's figures."""

    def __init__(self, *, model: str, waiting: Callable[[], int]) -> None:
        made = Figures()
        self.page = made.page
        self.requests = made.counter("bedside_requests", "Predict requests by how they ended", "outcome")
        self.seconds = made.histogram("bedside_request_seconds", "From request to answer")
        self.texts = made.counter("bedside_texts", "Texts by decision", "decision")
        self.batches = made.histogram("bedside_batch_texts", "Texts the model saw at once", buckets=SIZES)
        self.removed = made.counter("bedside_identity_removed", "Identity removed, by type", "type")
        self.errors = made.counter("bedside_errors", "Our own faults")
        made.gauge("bedside_waiting_texts", "Texts waiting for the model").set_function(waiting)
        self.models = made.gauge("bedside_model", "The model being served", "model")
        self.models.labels(model).set(1)
        self.by_name = made.counter("bedside_model_requests", "Requests by model", "name", "outcome")

    def count_removed(self, removed: Mapping[str, int]) -> None:
        """Add spans of identity by type."""
        for kind, number in removed.items():
            self.removed.labels(kind).inc(number)
