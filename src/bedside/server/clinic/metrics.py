"""What the clinical server counts for Prometheus: requests, verdicts, cards. No label is about a patient or a text."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, generate_latest

UNKNOWN = "unknown"
"""What stands for a route or a rule that is none of ours: labels never hold what a caller wrote."""


class ClinicMetrics:
    """One server's figures, in a registry of its own, so that two servers in one process do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = self._counter("bedside_http_requests", "Requests by route and status", "route", "status")
        self._verdicts = self._counter("bedside_guard_verdicts", "What the guards concluded", "verdict")
        self._cards = self._counter("bedside_cards", "Cards shown, accepted, overridden; by rule", "rule", "outcome")

    def request(self, route: str, status: int) -> None:
        """One answer; `route` is the address as it is written in the program, without anybody's id."""
        self._requests.labels(route or UNKNOWN, status).inc()

    def verdict(self, outcome: str) -> None:
        """One verdict of the guards."""
        self._verdicts.labels(outcome).inc()

    def card(self, rule: str, outcome: str) -> None:
        """One card shown, accepted or overridden.

        >>> metrics = ClinicMetrics()
        >>> metrics.card("renal.metformin", "overridden")
        >>> b'bedside_cards_total{outcome="overridden",rule="renal.metformin"} 1.0' in metrics.page()
        True
        """
        self._cards.labels(rule or UNKNOWN, outcome).inc()

    def page(self) -> bytes:
        """The text that Prometheus reads."""
        return generate_latest(self.registry)

    def _counter(self, name: str, says: str, *labels: str) -> Counter:
        return Counter(name, says, labels, registry=self.registry)
