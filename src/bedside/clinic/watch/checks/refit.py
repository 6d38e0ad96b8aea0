"""Teaches the live models what people have corrected: an `update` job, whose result becomes a candidate, and no more.

`update` writes no model that forgot; promotion is a person's act, through the gates (docs/models.md).
"""

from __future__ import annotations

from bedside.clinic.watch.checks._base import Found, Ground


def look(ground: Ground, now: float) -> Found:
    """Queue a fit for every live model of which enough was decided, and something new."""
    retraining, queued = ground.retraining, 0
    for live in retraining.live():
        rows = retraining.corrected(live, ground.settings.least_corrections)
        if rows is not None:
            out = rows.removesuffix(".jsonl")
            retraining.queue("update", live, rows, "-o", out, then={"register": live.name})
            queued += 1
    return Found(detail={"queued": queued})
