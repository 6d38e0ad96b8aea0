"""The points of ROC and precision-recall curves, thinned so that a report stays small."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bedside.evaluate.bootstrap import Array
from bedside.evaluate.measures.scored import Scored

Curve = list[tuple[float, float]]

POINTS = 200
_LABELS = 4  # curves a reader can tell apart


def curves(scored: Scored) -> dict[str, dict[str, Curve]]:
    """`{"roc": {name: points}, "pr": {name: points}}`: the positive label of two; else all labels pooled ("") and the
    most frequent ones."""
    found: dict[str, dict[str, Curve]] = {"roc": {}, "pr": {}}
    if scored.n_known == 2 and not scored.multilabel:
        wanted = {scored.labels[1]: (scored.probabilities[:, 1], scored.truth[:, 1])}
    else:
        frequent = np.argsort(-scored.known_truth.sum(axis=0), kind="stable")[:_LABELS]
        wanted = {"": (scored.probabilities.ravel(), scored.known_truth.ravel())}
        wanted |= {scored.labels[k]: (scored.probabilities[:, k], scored.truth[:, k]) for k in frequent}
    for name, (scores, positive) in wanted.items():
        if positive.any() and not positive.all():
            found["roc"][name], found["pr"][name] = _curve(scores, positive)
    return found


def _curve(scores: Array, positive: NDArray[np.bool_]) -> tuple[Curve, Curve]:
    """ROC as (false positive rate, sensitivity) and PR as (recall, precision), a point a distinct score."""
    order = np.argsort(-scores, kind="stable")
    last = np.append(np.flatnonzero(np.diff(scores[order])), len(scores) - 1)  # the end of each run of ties
    found = np.cumsum(positive[order])[last].astype(float)
    wrong = last + 1 - found
    recall, fall_out, precision = found / found[-1], wrong / max(wrong[-1], 1), found / (found + wrong)
    roc = [(0.0, 0.0), *zip(fall_out.tolist(), recall.tolist(), strict=True)]
    pr = [(0.0, float(precision[0])), *zip(recall.tolist(), precision.tolist(), strict=True)]
    return _thin(roc), _thin(pr)


def _thin(points: Curve) -> Curve:
    """At most POINTS of them, evenly along the curve's own length, ends kept."""
    if len(points) <= POINTS:
        return points
    steps = np.abs(np.diff(np.array(points), axis=0)).sum(axis=1)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    at = np.unique(np.searchsorted(along, np.linspace(0, along[-1], POINTS)))
    kept = [*at[at < len(points)].tolist(), len(points) - 1]
    return [points[i] for i in dict.fromkeys(kept)]
