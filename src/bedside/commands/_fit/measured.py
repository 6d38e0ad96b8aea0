"""Measures a fit on its tuning part, for its card, its last line and its entry among the runs."""

from __future__ import annotations

from typing import Any


def measured_on_dev(parts: Any, answers: Any, seed: int) -> dict[str, Any]:
    """The tuning part's figures with intervals: what `bedside.train.fit.fit` takes as `measure`."""
    from bedside.evaluate.answers import gathered

    said = gathered(parts.head, parts.labels, answers)
    return said.measure(parts.dev.labels, parts.dev.patients, seed=seed).metrics


def rivals_on_dev(parts: Any, seed: int) -> dict[str, Any]:
    """The baselines' figures there: what `fit` takes as `beside`."""
    from bedside.evaluate.baselines import baselines
    from bedside.evaluate.baselines.rivals import Rows
    from bedside.types import Undefined

    train, dev = (Rows(one.texts, one.labels, one.patients, one.given) for one in (parts.train, parts.dev))
    found = baselines(train, dev, labels=parts.labels, head=parts.head, seed=seed)
    return {name: one.metrics for name, one in found.items() if not isinstance(one, Undefined)}
