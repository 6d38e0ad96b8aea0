"""What the clinical server counts for Prometheus. No label is about a patient or a text; each has few values."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from bedside.errors import log_fault
from bedside.server.clinic.process import ProcessFigures
from bedside.server.errors import log
from bedside.server.figures import Figures
from bedside.types import UNCHECKED, Verdict

UNKNOWN = "unknown"
"""What stands for a route or a rule that is none of ours: labels never hold what a caller wrote."""
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
"""Fewer than the plain server's: these are counted for each route. 0.5 s is what CDS Hooks asks of a service."""


class ClinicMetrics:
    """One server's figures."""

    def __init__(self) -> None:
        made = Figures()
        self.registry, self.page = made.registry, made.page
        self._requests = made.counter("bedside_http_requests", "Requests by route and status", "route", "status")
        self._seconds = made.histogram(
            "bedside_http_request_seconds", "From a request's first byte to its answer's", "route", buckets=SECONDS
        )
        self._under_way = made.gauge("bedside_http_requests_under_way", "Requests being answered")
        self._refusals = made.counter("bedside_http_refusals", "Requests refused, by code; internal is our own", "code")
        self._logins = made.counter("bedside_logins", "Logins: done, or the code of the refusal", "outcome")
        self._verdicts = made.counter("bedside_guard_verdicts", "What the guards concluded", "verdict")
        self._guards = made.histogram("bedside_guard_seconds", "Time of each guard", "guard", buckets=SECONDS)
        self._unasked = made.counter("bedside_guard_failures", "Guards that could not be asked", "guard")
        self._answers = made.counter("bedside_answers", "Answers of models and library", "source", "outcome")
        self._answering = made.histogram("bedside_answer_seconds", "Time of an answer", "source", buckets=SECONDS)
        self._cards = made.counter("bedside_cards", "Cards shown, accepted, overridden; by rule", "rule", "outcome")
        self._audited = made.counter("bedside_audit_lines", "Audit lines: written, or failed", "outcome")
        self._queues = made.gauge("bedside_queue_items", "What waits: for readers, for workers", "queue")
        self._alerts = made.gauge("bedside_alerts_open", "Alerts that nobody has closed", "level")
        self._notices = made.counter("bedside_alert_notices", "Messages of alerts", "channel", "outcome")
        made.registry.register(ProcessFigures())

    def request(self, route: str, status: int, seconds: float = 0.0) -> None:
        """One answer; `route` is the address as it is written in the program, without anybody's id."""
        self._requests.labels(route or UNKNOWN, status).inc()
        self._seconds.labels(route or UNKNOWN).observe(seconds)

    def under_way(self, change: int) -> None:
        """One request more (1) or less (-1) being answered."""
        self._under_way.inc(change)

    def refusal(self, code: str) -> None:
        """One request refused; `code` is a word of ours."""
        self._refusals.labels(code).inc()

    def login(self, outcome: str) -> None:
        """One login, done or refused."""
        self._logins.labels(outcome).inc()

    def verdict(self, found: Verdict) -> None:
        """One verdict of the guards, the time of each, and those that could not be asked.

        >>> metrics = ClinicMetrics()
        >>> metrics.verdict(Verdict(outcome="allow", ms={"rules": 12.0}))
        >>> b'bedside_guard_seconds_bucket{guard="rules",le="0.025"} 1.0' in metrics.page()
        True
        """
        self._verdicts.labels(found.outcome).inc()
        for guard, ms in found.ms.items():
            self._guards.labels(guard).observe(ms / 1000)
        for one in found.findings:
            if one.rule.startswith(UNCHECKED):
                self._unasked.labels(one.rule.removeprefix(UNCHECKED)).inc()

    def answer(self, source: str, outcome: str, seconds: float) -> None:
        """One answer of a model or the library: answered, abstained, nothing or failed."""
        self._answers.labels(source, outcome).inc()
        self._answering.labels(source).observe(seconds)

    def card(self, rule: str, outcome: str) -> None:
        """One card shown, accepted or overridden.

        >>> metrics = ClinicMetrics()
        >>> metrics.card("renal.metformin", "overridden")
        >>> b'bedside_cards_total{outcome="overridden",rule="renal.metformin"} 1.0' in metrics.page()
        True
        """
        self._cards.labels(rule or UNKNOWN, outcome).inc()

    def audited(self, outcome: str) -> None:
        """One audit line, `written` or `failed`."""
        self._audited.labels(outcome).inc()

    def queue(self, name: str, waiting: Callable[[], float]) -> None:
        """Have a queue's length read whenever the figures are; not a number where it cannot be read."""
        self._queues.labels(name).set_function(_or_unknown(waiting))

    def alerts(self, open_now: Callable[[str], float]) -> None:
        """Have the open alerts of each level counted whenever the figures are read."""
        for level in ("warning", "critical"):
            self._alerts.labels(level).set_function(_or_unknown(partial(open_now, level)))

    def notice(self, channel: str, outcome: str) -> None:
        """One message of an alert: sent, failed or given_up."""
        self._notices.labels(channel, outcome).inc()


def _or_unknown(read: Callable[[], float]) -> Callable[[], float]:
    """One figure that cannot be read must not take the page of all others with it."""

    def told() -> float:
        try:
            return read()
        except Exception as fault:
            log_fault(log, fault)
            return math.nan

    return told
