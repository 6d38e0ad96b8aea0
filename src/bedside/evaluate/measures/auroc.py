"""AUROC and average precision in every draw at once, ties counted half.

A label's rows are binned once between its positives' scores; each draw then only weighs the bins. So a rare label costs
next to nothing. Shapes: u distinct scores of positives, c patients, r draws.

Source: Hanley & McNeil 1982 (AUROC as a rank statistic); Davis & Goadrich 2006 (average precision, as scikit-learn).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.evaluate.bootstrap import Array, Clusters, tally

Ranker = Callable[[Array], tuple[Array, Array]]


def ranker(scores: Array, positive: NDArray[np.bool_], clusters: Clusters) -> Ranker | None:
    """`ranker(...)(draw)` gives AUROC [r] and average precision [r]; None where all rows, or none, are positive."""
    if positive.all() or not positive.any():
        return None
    marks = np.unique(scores[positive])
    below = np.searchsorted(marks, scores[~positive], "left")
    tied = np.searchsorted(marks, scores[~positive], "right") > below
    negatives = tally(2 * below + tied, 2 * len(marks) + 1, clusters.of_row[~positive], clusters.count)
    at_mark = np.searchsorted(marks, scores[positive])
    positives = tally(at_mark, len(marks), clusters.of_row[positive], clusters.count)
    return lambda draw: _areas(positives @ draw, negatives @ draw)


def _areas(positives: Array, negatives: Array) -> tuple[Array, Array]:
    """From positives [u, r] at each mark, and negatives [2u+1, r] below, at, between and above the marks."""
    total_positives, total_negatives = positives.sum(axis=0), negatives.sum(axis=0)
    below = negatives.cumsum(axis=0)[0:-1:2]
    with np.errstate(divide="ignore", invalid="ignore"):
        won = (positives * (below + 0.5 * negatives[1::2])).sum(axis=0)
        auroc = won / (total_positives * total_negatives)
        found = positives[::-1].cumsum(axis=0)[::-1]
        precision = np.nan_to_num(found / (found + total_negatives - below))
        auprc = (positives * precision).sum(axis=0) / total_positives
    return auroc, np.where(total_negatives > 0, auprc, np.nan)


def macro(areas: list[tuple[Array, Array]]) -> tuple[Array, Array]:
    """The mean over labels, each draw over the labels it can rank."""
    stacked: Any = np.array(areas)  # [labels, 2, r]
    known = ~np.isnan(stacked)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(known, stacked, 0.0).sum(axis=0) / known.sum(axis=0)
    return mean[0], mean[1]
