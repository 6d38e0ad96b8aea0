"""Measures a fit on its tuning part, for its card, its last line and its entry among the runs."""

from __future__ import annotations

from typing import Any


def measured_on_dev(parts: Any, answers: Any, seed: int) -> dict[str, Any]:
    """The tuning part's figures with intervals: what `bedside.train.fit.fit` takes as `measure`."""
    from bedside.evaluate.answers import gathered

    said = gathered(parts.head, parts.labels, answers)
    return said.measure(parts.dev.labels, parts.dev.patients, seed=seed).metrics
