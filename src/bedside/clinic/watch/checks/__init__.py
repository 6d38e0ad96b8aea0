"""What the watch looks at, one check a file; `CHECKS` are all of them, by the names that the settings give times to."""

from bedside.clinic.watch.checks import drift, measured, outcomes, overrides, reevaluate, refit, service
from bedside.clinic.watch.checks._base import Check

CHECKS: dict[str, Check] = {
    "service": service.look,
    "drift": drift.look,
    "outcomes": outcomes.look,
    "overrides": overrides.look,
    "reevaluate": reevaluate.look,
    "refit": refit.look,
    "measured": measured.look,
}
