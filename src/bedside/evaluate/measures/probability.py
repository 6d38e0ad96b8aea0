"""Brier score and expected calibration error in every draw at once, and the reliability diagram's points.

What is judged: of two labels, the probability of the positive one; of more, the confidence in the answer given; for
multilabel, every label's probability. A row whose true label the model does not know counts as wrong.

ECE uses 15 bins of equally many rows (adaptive bins; Nguyen & O'Connor 2015), fixed on the data and kept in each draw.
Brier: of two labels, the squared error of the positive probability (0 to 1); of more, summed over labels (0 to 2);
multilabel, the mean over labels (0 to 1). Source: Brier 1950; Naeini et al. 2015.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bedside.evaluate.bootstrap import Array, Ints, tally
from bedside.evaluate.measures.scored import Scored

BINS = 15


def confidences(scored: Scored) -> tuple[Array, Array, Ints]:
    """The probabilities that are judged, whether each came true (0 or 1), and the row of each."""
    rows = np.arange(scored.n)
    if scored.multilabel:
        known = scored.known_truth
        return scored.probabilities.ravel(), known.ravel().astype(float), np.repeat(rows, known.shape[1])
    if scored.n_known == 2:
        confidence = scored.probabilities[:, 1]
        came_true = np.where(scored.outside, scored.predicted[:, 0], scored.truth[:, 1])
        return confidence, came_true.astype(float), rows
    answer = scored.predicted.argmax(axis=1)
    return scored.probabilities[rows, answer], scored.right.astype(float), rows


def bins_of(confidence: Array, bins: int = BINS) -> Ints:
    """The bin of each probability: as equally filled as ties allow, lowest first."""
    edges = np.quantile(confidence, np.linspace(0, 1, bins + 1)[1:-1])
    return np.searchsorted(np.unique(edges), confidence, "left").astype(np.int64)


def calibration_error(scored: Scored) -> Callable[[Array], Array]:
    """ECE [r] of each draw: the mean gap between probability and share that came true, weighted by bin size."""
    confidence, came_true, rows = confidences(scored)
    bins = bins_of(confidence)
    owners, count = scored.clusters.of_row[rows], scored.clusters.count
    gap = tally(bins, BINS, owners, count, confidence - came_true)
    size = tally(np.zeros_like(bins), 1, owners, count)
    return lambda draw: np.abs(gap @ draw).sum(axis=0) / (size @ draw)[0]


def brier(scored: Scored) -> Callable[[Array], Array]:
    """Brier score [r] of each draw."""
    truth = scored.known_truth.astype(float)
    squares = (scored.probabilities - truth) ** 2
    if scored.multilabel:
        error = squares.mean(axis=1)
    else:
        error = squares.sum(axis=1) + scored.outside  # the label it cannot name had probability 0
        error = error / 2 if scored.n_known == 2 else error
    zeros = np.zeros(scored.n, dtype=np.int64)
    total = tally(zeros, 1, scored.clusters.of_row, scored.clusters.count, error)
    size = tally(zeros, 1, scored.clusters.of_row, scored.clusters.count)
    return lambda draw: (total @ draw)[0] / (size @ draw)[0]


def reliability(scored: Scored) -> list[dict[str, float]]:
    """A point a bin: mean probability, share that came true, number judged."""
    confidence, came_true, _ = confidences(scored)
    bins = bins_of(confidence)
    return [
        {
            "confidence": float(confidence[bins == b].mean()),
            "share": float(came_true[bins == b].mean()),
            "n": int((bins == b).sum()),
        }
        for b in np.unique(bins)
    ]
