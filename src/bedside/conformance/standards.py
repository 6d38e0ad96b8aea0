"""The standards that can be tried, by name."""

from __future__ import annotations

from bedside.conformance import bulk, cds_hooks, fhir, openai, smart
from bedside.conformance._base import Check

STANDARDS: dict[str, tuple[Check, ...]] = {
    "cds-hooks": cds_hooks.CHECKS,
    "fhir": fhir.CHECKS,
    "bulk": bulk.CHECKS,
    "openai": openai.CHECKS,
    "smart": smart.CHECKS,
}
