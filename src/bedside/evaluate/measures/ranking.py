"""Measures rankings: where the right documents stand, as means over questions with intervals over patients.

    from bedside.evaluate.measures.ranking import evaluate_rankings
    evaluate_rankings(grades, ranked, patients).metrics["mrr"]

A question without a patient stands for itself, and so does the interval's unit. The figures: `model/ranks.py`.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import numpy as np

from bedside.errors import DataError
from bedside.evaluate.bootstrap import Array, Clusters, Ints, clusters_of, draws, figures_of, tally
from bedside.evaluate.metrics import Evaluation
from bedside.evaluate.subgroups import by_subgroup
from bedside.lang import tr
from bedside.model.lists import Grades
from bedside.model.ranks import ndcg, recall, reciprocal_rank, right_ones
from bedside.types import Figure

METRICS = ("mrr", "ndcg@10", "recall@1", "recall@10", "recall@100")


def evaluate_rankings(
    truth: Sequence[Grades],
    ranked: Sequence[Sequence[str]],
    patients: Sequence[Hashable] | None = None,
    *,
    seed: int = 0,
    subgroups: Mapping[str, Sequence[str]] | None = None,
) -> Evaluation:
    """MRR, nDCG and recall; `ranked` holds each question's documents by name, the best first.

    A question whose right documents stand nowhere in its ranking scores 0. Raises DataError without rows.

    >>> evaluate_rankings([(("a", 1),)] * 10, [["b", "a"]] * 10).metrics["mrr"].value
    0.5
    """
    if not len(truth):
        raise DataError(tr("no rows to evaluate", "没有可评估的行"))
    clusters = clusters_of(patients, len(truth))
    values = np.array([_of_question(*one) for one in zip(truth, ranked, strict=True)]).T
    resampled = _sample(values, clusters, seed)

    def of_group(rows: Ints, own: Clusters) -> dict[str, Figure]:
        return figures_of(_sample(values[:, rows], own, seed), len(rows), own, seed)

    return Evaluation(
        head="rank",
        labels=("relevant",),
        n=len(truth),
        n_patients=clusters.count,
        seed=seed,
        clustered=patients is not None,
        metrics=figures_of(resampled, len(truth), clusters, seed),
        per_class={},
        subgroups=by_subgroup(subgroups or {}, clusters, of_group),
        resampled=resampled,
        right=np.array([bool(right_ones(own) & set(names[:1])) for own, names in zip(truth, ranked, strict=True)]),
        patient_of_row=clusters.of_row,
    )


def _of_question(truth: Grades, names: Sequence[str]) -> list[float]:
    """Each of `METRICS`."""
    return [reciprocal_rank(truth, names), ndcg(truth, names), *(recall(truth, names, k) for k in (1, 10, 100))]


def _sample(values: Array, clusters: Clusters, seed: int) -> dict[str, Array]:
    """The mean of each figure [r], in the data itself (first) and each draw; `values` [figures, rows]."""
    count, rows = values.shape
    bins = np.repeat(np.arange(count), rows)
    sums = tally(bins, count, np.tile(clusters.of_row, count), clusters.count, values.ravel())
    sizes = np.bincount(clusters.of_row, minlength=clusters.count)
    means = [(sums @ draw) / (sizes @ draw) for draw in draws(clusters.count, seed)]
    return dict(zip(METRICS, np.concatenate(means, axis=1), strict=True))
