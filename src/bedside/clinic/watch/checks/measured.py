"""Reads what the queued measurements of live models gave, and keeps their figures for the plots."""

from __future__ import annotations

from bedside.clinic.watch.checks._base import Found, Ground
from bedside.clinic.watch.points import Point

FIGURES = ("accuracy", "macro_f1", "auroc", "brier", "ece")


def look(ground: Ground, now: float) -> Found:
    """The figures of every measurement that has ended."""
    points = [
        Point(f"reevaluated/{one.model}/{name}", figure["value"], figure["n"], figure["low"], figure["high"], one.at)
        for one in ground.retraining.measured()
        for name in FIGURES
        if "value" in (figure := one.metrics.get(name, {}))
    ]
    return Found(points=points, detail={"figures": len(points)})
