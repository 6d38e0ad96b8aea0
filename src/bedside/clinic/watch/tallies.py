"""Figures by the hour in the store: what the counters for Prometheus gained, so that pages and checks see the past.

Counts under words of ours. A server that is killed loses at most what it counted since the last writing.
"""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry
from sqlalchemy import delete, insert, select, update

from bedside.clinic._database import Database
from bedside.clinic.watch._tables import tallies

HOUR_S = 3600
KEPT_HOURS = 400 * 24
KEPT = {
    "bedside_http_requests_total": ("status",),
    "bedside_http_request_seconds_bucket": ("le",),
    "bedside_http_refusals_total": ("code",),
    "bedside_logins_total": ("outcome",),
    "bedside_guard_verdicts_total": ("verdict",),
    "bedside_guard_failures_total": ("guard",),
    "bedside_answers_total": ("source", "outcome"),
    "bedside_cards_total": ("rule", "outcome"),
    "bedside_audit_lines_total": ("outcome",),
}
"""The samples that are kept, each with the labels that are; over the others they are summed."""

Labels = dict[str, str]
Counts = dict[tuple[str, str], float]
"""By name, and labels as JSON; what was never counted is 0."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What one thing counted up to in one hour (since 1970)."""

    hour: int
    name: str
    labels: Labels
    value: float


@dataclass
class Tallies:
    """The counts in a database; those of one process come from its `registry`, under a name of its own."""

    database: Database
    server: str = ""
    registry: CollectorRegistry | None = None
    _before: Counts = field(default_factory=lambda: defaultdict(float))
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def write(self, now: float) -> None:
        """Add what was counted since the last writing to the hour that is now."""
        with self._lock:  # a page and the dispatcher may both write, and what was gained counts once
            self._write(now)

    def _write(self, now: float) -> None:
        counted = self._counted()
        gained = {key: value - self._before[key] for key, value in counted.items() if value > self._before[key]}
        if not gained:
            return
        hour = int(now // HOUR_S)
        with self.database.write() as db:
            for (name, labels), value in gained.items():
                key = {"hour": hour, "server": self.server, "name": name, "labels": labels}
                here = update(tallies).where(*(tallies.c[part] == told for part, told in key.items()))
                if not db.execute(here.values(value=tallies.c.value + value)).rowcount:
                    db.execute(insert(tallies).values(**key, value=value))
            db.execute(delete(tallies).where(tallies.c.hour < hour - KEPT_HOURS))
        self._before = counted

    def read(self, names: Iterable[str], since_hour: int) -> list[Tally]:
        """The counts of these names by the hour, all servers' together, the oldest first."""
        asked = select(tallies).where(tallies.c.name.in_(list(names)), tallies.c.hour >= since_hour)
        found: dict[tuple[int, str, str], float] = defaultdict(float)
        with self.database.read() as db:
            for row in db.execute(asked):
                found[row.hour, row.name, row.labels] += row.value
        return [Tally(hour, name, json.loads(labels), value) for (hour, name, labels), value in sorted(found.items())]

    def _counted(self) -> Counts:
        counted: Counts = defaultdict(float)
        if self.registry is None:
            return counted
        for family in self.registry.restricted_registry(KEPT).collect():  # the others may have to ask a disk
            for sample in family.samples:
                if sample.name in KEPT:
                    labels = {name: sample.labels[name] for name in KEPT[sample.name]}
                    counted[sample.name, json.dumps(labels)] += sample.value
        return counted
