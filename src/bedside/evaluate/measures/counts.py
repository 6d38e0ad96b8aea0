"""Precision, recall, F1 and accuracy in every draw at once, from three counts a label.

Definitions are scikit-learn's: macro averages run over the labels that occur in truth or prediction, with 0 where a
label was never predicted (precision) or never true (recall). Shapes: k labels, c patients, r draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from bedside.evaluate.bootstrap import Array, Ints, tally
from bedside.evaluate.measures.scored import Scored


@dataclass(frozen=True, slots=True)
class Counts:
    """Sparse [k, c]: true positives, predictions and true cases of each label; and [1, c] rows, rows wholly right."""

    hits: Any
    predicted: Any
    support: Any
    rows: Any
    exact: Any


def count(scored: Scored) -> Counts:
    """Count once; `measure` then asks for any number of draws."""
    groups, k = scored.clusters, len(scored.labels)

    def pairs(matrix: Any) -> Any:
        row, label = (part.astype(np.int64) for part in matrix.nonzero())
        return tally(label, k, groups.of_row[row], groups.count)

    def rows(which: Ints) -> Any:
        return tally(np.zeros(len(which), dtype=np.int64), 1, groups.of_row[which], groups.count)

    truth, predicted = scored.truth, scored.predicted
    return Counts(
        hits=pairs(truth & predicted),
        predicted=pairs(predicted),
        support=pairs(truth),
        rows=rows(np.arange(scored.n)),
        exact=rows(np.flatnonzero(scored.right)),
    )


def measure(counts: Counts, draw: Array, *, multilabel: bool) -> tuple[dict[str, Array], dict[str, Array]]:
    """The overall figures [r] and the figures per label [k, r] in each draw."""
    hits, predicted, support = counts.hits @ draw, counts.predicted @ draw, counts.support @ draw
    rows, exact = (counts.rows @ draw)[0], (counts.exact @ draw)[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        precision, recall = hits / predicted, hits / support
        f1 = 2 * hits / (predicted + support)
        overall = {"accuracy": exact / rows}
        if multilabel:
            wrong = (predicted + support - 2 * hits).sum(axis=0)
            overall["hamming_loss"] = wrong / (rows * len(hits))
        else:
            overall["balanced_accuracy"] = _mean(recall, support > 0)
        present = predicted + support > 0
        for name, values in (("precision", precision), ("recall", recall), ("f1", f1)):
            overall[f"macro_{name}"] = _mean(np.nan_to_num(values), present)
        total_hits, total_predicted, total_support = hits.sum(axis=0), predicted.sum(axis=0), support.sum(axis=0)
        overall["micro_precision"] = total_hits / total_predicted
        overall["micro_recall"] = total_hits / total_support
        overall["micro_f1"] = 2 * total_hits / (total_predicted + total_support)
    return overall, {"precision": precision, "recall": recall, "f1": f1}


def _mean(values: Array, where: Any) -> Array:
    """The mean down the labels, over those that count in the draw."""
    mean: Array = np.where(where, values, 0.0).sum(axis=0) / where.sum(axis=0)
    return mean
