"""The watch of one server, put together: writes figures down, runs the checks that are due, sends what is to go."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from prometheus_client import CollectorRegistry

from bedside.clinic.open import Clinic
from bedside.clinic.watch.alerts import Alerts, Signal
from bedside.clinic.watch.answers import Answers
from bedside.clinic.watch.channels.opened import channels
from bedside.clinic.watch.checks import CHECKS
from bedside.clinic.watch.checks._base import Found, Ground
from bedside.clinic.watch.lease import Lease
from bedside.clinic.watch.notices import Notices
from bedside.clinic.watch.points import Points
from bedside.clinic.watch.retraining import Live, Retraining
from bedside.clinic.watch.runs import Runs
from bedside.clinic.watch.settings import WatchSettings
from bedside.clinic.watch.tallies import Tallies
from bedside.errors import log_fault

log = logging.getLogger("bedside.watch")
TEST = Signal(code="test", level="warning")


@dataclass(frozen=True)
class Watch:
    """Everything that keeps watch, over one database."""

    ground: Ground
    runs: Runs
    points: Points
    alerts: Alerts
    notices: Notices
    lease: Lease
    _zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))

    @property
    def settings(self) -> WatchSettings:
        """What an administrator said of it."""
        return self.ground.settings

    def tick(self, now: float) -> None:
        """What is to be done now: figures written; by the one server that has the lease, checks and messages."""
        self.write(now)
        if self.lease.take():
            for name in CHECKS:
                self._run_due(name, now)
            self.notices.send_due(now)

    def write(self, now: float) -> None:
        """Write down what this process has counted."""
        self.ground.tallies.write(now)
        self.ground.answers.write(now)

    def run(self, name: str, now: float) -> Found | None:
        """Run a check now, due or not; None where it broke."""
        self.runs.begin_now(name, now)
        return self._looked(name, now, now)

    def test_alert(self, now: float) -> str:
        """Open an alert that says it is a test, have it told, and close it; its id."""
        id = self.alerts.open_one("test", TEST, now)
        self.alerts.close(id, now)
        return id

    def _run_due(self, name: str, now: float) -> None:
        schedule = self.settings.schedule(name)
        due = schedule.latest(now, self._zone) if schedule else None
        if due is not None and self.runs.begin(name, due, now):
            self.lease.take()  # its time begins again with each check
            self._looked(name, due, now)

    def _looked(self, name: str, due: float, now: float) -> Found | None:
        try:
            found = CHECKS[name](self.ground, now)
        except Exception as fault:  # one check that breaks must not keep the others from being made
            error_id = log_fault(log, fault)
            broke = Signal(code="check_failed", level="critical", subject=name, detail={"error_id": error_id})
            self.alerts.found(f"watch {name}", [broke], now)
            self.runs.end(name, due, "failed", {"error_id": error_id}, now)
            return None
        self.points.add(found.points, now)
        fresh = self.alerts.found(name, found.signals, now)
        self.alerts.found(f"watch {name}", [], now)
        told = {**found.detail, "alerts": len(found.signals), "new": fresh}
        self.runs.end(name, due, "done", told, now)
        return found


def open_watch(
    clinic: Clinic,
    settings: WatchSettings,
    outbound: Iterable[str] = (),
    *,
    registry: CollectorRegistry | None = None,
    told: Callable[[str, str], None] = lambda channel, outcome: None,
) -> Watch:
    """The watch over a clinic; `registry` are the figures of this process, `told` counts messages.

    Raises ConfigError for an address that is not listed.
    """
    holder = secrets.token_hex(8)
    ways = channels(settings, outbound)
    ground = Ground(
        settings,
        Tallies(clinic.database, holder, registry),
        Answers(clinic.database, clinic.records.terms_key),
        Retraining(lambda: _live(clinic), clinic.jobs, clinic.review, clinic.folder),
    )
    return Watch(
        ground=ground,
        runs=Runs(clinic.database, holder),
        points=Points(clinic.database),
        alerts=Alerts(clinic.database, tuple(ways)),
        notices=Notices(clinic.database, ways, settings.address, told),
        lease=Lease(clinic.database, holder),
        _zone=ZoneInfo(settings.timezone),
    )


def _live(clinic: Clinic) -> list[Live]:
    """The versions of the registry that answer now."""
    return [Live(one.name, one.version, one.created) for one in clinic.models.heard() if one.stage == "live"]
