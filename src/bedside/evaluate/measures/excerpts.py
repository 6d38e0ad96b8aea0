"""Measures answers found in texts: exact match and F1 of words, all rows together, with an answer and without one.

    from bedside.evaluate.measures.excerpts import evaluate_excerpts
    evaluate_excerpts(truths, found, patients).metrics["answer_f1"]

Source: Rajpurkar et al. 2016 (SQuAD) and 2018 (SQuAD 2.0: HasAns and NoAns).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import numpy as np

from bedside.errors import DataError
from bedside.evaluate.bootstrap import Array, Clusters, Ints, clusters_of, draws, tally
from bedside.evaluate.estimate import figure
from bedside.evaluate.metrics import Evaluation
from bedside.evaluate.subgroups import by_subgroup
from bedside.model.excerpts import likeness
from bedside.types import Excerpt, Figure

METRICS = ("answer_f1", "answer_em", "has_answer_f1", "has_answer_em", "no_answer_accuracy")


def evaluate_excerpts(
    truths: Sequence[Sequence[Excerpt]],
    found: Sequence[Excerpt],
    patients: Sequence[Hashable] | None = None,
    *,
    labels: Sequence[str] = ("answer",),
    seed: int = 0,
    subgroups: Mapping[str, Sequence[str]] | None = None,
) -> Evaluation:
    """Each row against the true answer that it is most like; intervals over patients.

    >>> rows = [Excerpt(0, 5, "fever")] * 10
    >>> evaluate_excerpts([[one] for one in rows], rows).metrics["answer_em"].value
    1.0
    """
    if not len(truths):
        raise DataError("no rows to evaluate")
    exact, f1 = np.array([likeness(one, truth) for one, truth in zip(found, truths, strict=True)]).T
    has = np.array([len(truth) > 0 for truth in truths], float)
    values = np.stack([f1, exact, f1, exact, exact])
    counted = np.stack([np.ones_like(has)] * 2 + [has] * 2 + [1 - has])
    clusters = clusters_of(patients, len(truths))
    overall = _sample(values, counted, clusters, seed)

    def of_group(rows: Ints, own: Clusters) -> dict[str, Figure]:
        kept = counted[:, rows]
        return _figures(_sample(values[:, rows], kept, own, seed), kept, own, seed)

    return Evaluation(
        head="answer",
        labels=tuple(labels),
        n=len(truths),
        n_patients=clusters.count,
        seed=seed,
        clustered=patients is not None,
        metrics=_figures(overall, counted, clusters, seed),
        per_class={},
        subgroups=by_subgroup(subgroups or {}, clusters, of_group),
        resampled=overall,
        right=exact > 0,
        patient_of_row=clusters.of_row,
    )


def _sample(values: Array, counted: Array, clusters: Clusters, seed: int) -> dict[str, Array]:
    """Every figure [r]: the mean of its values [figures, rows] over the rows that it counts."""
    number, rows = values.shape
    bins, owners = np.repeat(np.arange(number), rows), np.tile(clusters.of_row, number)
    sums, sizes = (
        tally(bins, number, owners, clusters.count, amounts.ravel()) for amounts in (values * counted, counted)
    )
    with np.errstate(invalid="ignore"):
        drawn = [sums @ draw / (sizes @ draw) for draw in draws(clusters.count, seed)]
    return dict(zip(METRICS, np.concatenate(drawn, axis=1), strict=True))


def _figures(overall: Mapping[str, Array], counted: Array, clusters: Clusters, seed: int) -> dict[str, Figure]:
    found = {}
    for (name, values), rows in zip(overall.items(), counted > 0, strict=True):
        patients = len(np.unique(clusters.of_row[rows]))
        found[name] = figure(values, n=int(rows.sum()), n_patients=patients, seed=seed)
    return found
