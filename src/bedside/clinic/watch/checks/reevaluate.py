"""Measures the live models on what people have decided since: an `evaluate` job for each (`measured.py` reads it)."""

from __future__ import annotations

from bedside.clinic.watch.checks._base import Found, Ground


def look(ground: Ground, now: float) -> Found:
    """Queue a measurement for every live model of which enough was decided, and something new."""
    retraining, queued = ground.retraining, 0
    for live in retraining.live():
        rows = retraining.unseen(live, ground.settings.least_corrections)
        if rows is not None:
            retraining.queue("evaluate", live, rows, "--no-texts")
            queued += 1
    return Found(detail={"queued": queued})
