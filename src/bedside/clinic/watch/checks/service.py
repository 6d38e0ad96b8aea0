"""Does the server do its work: our own faults, slow answers, guards and audit lines that failed, this past hour."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from bedside.clinic.watch.alerts import Signal
from bedside.clinic.watch.checks._base import Found, Ground
from bedside.clinic.watch.tallies import HOUR_S, Tally

FEWEST = 100
"""Requests below which a share says nothing."""
ERRORS = 0.01
SLOW_S = 0.5
"""CDS Hooks 2.0 (2022), "Service response": "within 500 ms"."""
NAMES = (
    "bedside_http_requests_total",
    "bedside_http_request_seconds_bucket",
    "bedside_guard_failures_total",
    "bedside_audit_lines_total",
)


def look(ground: Ground, now: float) -> Found:
    """The hour that is now and the one before."""
    read = ground.tallies.read(NAMES, int(now // HOUR_S) - 1)
    requests, seconds, guards, audit = ([one for one in read if one.name == name] for name in NAMES)
    total = int(sum(one.value for one in requests))
    errors = int(sum(one.value for one in requests if one.labels["status"] in ("500", "503")))
    signals = []
    if total >= FEWEST and errors / total > ERRORS:
        signals.append(Signal(code="errors", level="critical", detail={"errors": errors, "requests": total}))
    if total >= FEWEST and (slowest := percentile(seconds, 0.95)) > SLOW_S:
        signals.append(Signal(code="slow", level="warning", detail={"p95_s": slowest}))
    failed = Counter[str]()
    for one in guards:
        failed[one.labels["guard"]] += int(one.value)
    for guard, times in failed.items():
        signals.append(Signal(code="guard_failed", level="critical", subject=guard, detail={"times": times}))
    if lost := int(sum(one.value for one in audit if one.labels["outcome"] == "failed")):
        signals.append(Signal(code="audit_failed", level="critical", detail={"times": lost}))
    return Found(signals, detail={"requests": total, "errors": errors})


def percentile(buckets: Sequence[Tally], share: float) -> float:
    """The lower edge of the bucket that holds the percentile: it is that or more; 0 of nothing.

    >>> told = {"0.1": 50.0, "0.5": 90.0, "1.0": 100.0, "+Inf": 100.0}
    >>> percentile([Tally(0, "seconds", {"le": edge}, count) for edge, count in told.items()], 0.95)
    0.5
    """
    counts: dict[float, float] = defaultdict(float)
    for one in buckets:
        counts[float(one.labels["le"])] += one.value
    edges, total = sorted(counts), counts[float("inf")]
    below = [edge for edge in edges if counts[edge] < share * total]
    return below[-1] if below else 0.0
