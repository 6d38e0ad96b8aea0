"""Engines side by side on the same cases: the true label first or among three, log loss, calibration, paired tests.

Intervals and tests draw patients; every engine is drawn alike. A tie counts against the engine. The calibration error
is of the first label's chance, in 15 bins of equally many cases. Shapes: n cases, c labels, r draws (the data first).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np

from bedside.evaluate.bootstrap import Array, Clusters, Ints, clusters_of, draws, tally
from bedside.evaluate.compare import p_value
from bedside.evaluate.estimate import figure
from bedside.evaluate.measures.probability import BINS, bins_of
from bedside.types import Figure

FIGURES = ("top1", "top3", "log_loss", "ece")
SURPRISED = 1e-6
"""The chance of a label that an engine does not know, in the log loss."""


def measure_engines(
    chances: Mapping[str, Array], truth: Ints, patients: Sequence[Hashable], *, seed: int = 0
) -> tuple[dict[str, dict[str, Figure]], dict[str, dict[str, Array]]]:
    """Figures of each engine with intervals, and their resamples; `truth` [n] is a column, -1 a label outside them.

    >>> sure = np.tile([0.9, 0.1], (8, 1))
    >>> figures, _ = measure_engines({"one": sure}, np.array([0, 0, 0, 1] * 2), list("abcdefgh"))
    >>> figures["one"]["top1"].value
    0.75
    """
    groups = clusters_of(patients, len(truth))
    resampled = {name: _resampled(np.asarray(told, float), truth, groups, seed) for name, told in chances.items()}
    figures = {
        name: {
            what: figure(
                values,
                n=len(truth),
                n_patients=groups.count,
                seed=seed,
                kind="reverse" if what == "ece" else "percentile",
                bounded=what != "log_loss",
            )
            for what, values in found.items()
        }
        for name, found in resampled.items()
    }
    return figures, resampled


def differences(
    resampled: Mapping[str, Mapping[str, Array]], ours: str, theirs: str, *, n: int, n_patients: int, seed: int = 0
) -> dict[str, dict[str, Any]]:
    """Each figure of one engine minus another's, with its interval and the paired patient bootstrap's p."""
    gaps = {what: resampled[ours][what] - resampled[theirs][what] for what in FIGURES}
    return {
        what: {
            "difference": figure(gap, n=n, n_patients=n_patients, seed=seed, bounded=False),
            "p": p_value(gap),
            "test": "paired patient bootstrap",
        }
        for what, gap in gaps.items()
    }


def _resampled(chances: Array, truth: Ints, groups: Clusters, seed: int) -> dict[str, Array]:
    rows = np.arange(len(truth))
    known = truth >= 0
    own = np.where(known, chances[rows, np.maximum(truth, 0)], 0.0)
    rank = np.where(known, (chances >= own[:, None]).sum(1), chances.shape[1] + 1)
    first = chances.max(1)
    bins = bins_of(first)
    amounts = {
        "top1": (rank <= 1).astype(float),
        "top3": (rank <= 3).astype(float),
        "log_loss": -np.log(np.maximum(own, SURPRISED)),
    }
    one = np.zeros(len(truth), dtype=np.int64)
    size = tally(one, 1, groups.of_row, groups.count)
    sums = {what: tally(one, 1, groups.of_row, groups.count, values) for what, values in amounts.items()}
    gap = tally(bins, BINS, groups.of_row, groups.count, first - amounts["top1"])
    found: dict[str, list[Array]] = {what: [] for what in FIGURES}
    for block in draws(groups.count, seed):
        total = (size @ block)[0]
        for what, matrix in sums.items():
            found[what].append((matrix @ block)[0] / total)
        found["ece"].append(np.abs(gap @ block).sum(axis=0) / total)
    return {what: np.concatenate(parts) for what, parts in found.items()}
