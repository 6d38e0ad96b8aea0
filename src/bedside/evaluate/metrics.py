"""Measures predictions: every figure with its patient-clustered interval, or the reason why there is none.

    from bedside.evaluate.metrics import evaluate
    evaluate(["no", "yes"], targets, probabilities, patients, head="classify").metrics["auroc"]

The positive label of two is the second. With more labels AUROC and AUPRC are one-vs-rest, averaged over labels (macro).
Rows whose label the model does not know stay in, count as wrong, and are told apart in `unknown_labels`.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from bedside.evaluate.bootstrap import Array, Clusters, Ints, draws
from bedside.evaluate.estimate import MIN_PATIENTS, figure
from bedside.evaluate.measures.auroc import Ranker, macro, ranker
from bedside.evaluate.measures.counts import count, measure
from bedside.evaluate.measures.curves import curves
from bedside.evaluate.measures.probability import brier, calibration_error, reliability
from bedside.evaluate.measures.scored import Bools, Scored, score
from bedside.evaluate.subgroups import by_subgroup
from bedside.lang import tr
from bedside.types import Figure, Undefined

METRICS = (
    "accuracy",
    "balanced_accuracy",
    "macro_f1",
    "micro_f1",
    "macro_precision",
    "macro_recall",
    "micro_precision",
    "micro_recall",
    "auroc",
    "auprc",
    "brier",
    "ece",
    "hamming_loss",
)
"""Every figure there is, in the order they are shown; `accuracy` of multilabel is of whole rows (subset accuracy)."""

LOWER_IS_BETTER = frozenset({"brier", "ece", "hamming_loss", "mae", "rmse", "width"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What a model scored on some rows; `to_dict()` is its JSON.

    `per_class[label]` holds precision, recall, f1, auroc, auprc and support; `confusion[i][j]` counts rows of
    `confusion_labels[i]` answered as `confusion_labels[j]`, empty for multilabel. `clustered` is False where no
    patient was named and each row stood for itself.
    """

    head: str
    labels: tuple[str, ...]
    n: int
    n_patients: int
    seed: int
    clustered: bool
    metrics: dict[str, Figure]
    per_class: dict[str, dict[str, Figure | int]]
    confusion_labels: tuple[str, ...] = ()
    confusion: list[list[int]] = field(default_factory=list)
    unknown_labels: dict[str, int] = field(default_factory=dict)
    subgroups: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    reliability: list[dict[str, float]] = field(default_factory=list)
    curves: dict[str, dict[str, list[tuple[float, float]]]] = field(default_factory=dict)
    resampled: dict[str, Array] = field(default_factory=dict, repr=False)
    right: Bools = field(default_factory=lambda: np.zeros(0, dtype=bool), repr=False)
    patient_of_row: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64), repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON: figures, per class, confusion, subgroups; without the resamples and the curves."""
        from dataclasses import asdict

        def figures(values: Mapping[str, Any]) -> dict[str, Any]:
            return {name: v if isinstance(v, int) else asdict(v) for name, v in values.items()}

        return {
            "n": self.n,
            "n_patients": self.n_patients,
            "clustered": self.clustered,
            "metrics": figures(self.metrics),
            "per_class": {label: figures(values) for label, values in self.per_class.items()},
            "confusion": {"labels": list(self.confusion_labels), "counts": self.confusion},
            "unknown_labels": self.unknown_labels,
            "subgroups": {
                column: {value: {**part, "metrics": figures(part["metrics"])} for value, part in groups.items()}
                for column, groups in self.subgroups.items()
            },
        }


def evaluate(
    labels: Sequence[str],
    targets: Sequence[Any],
    probabilities: Any,
    patients: Sequence[Hashable] | None = None,
    *,
    head: str = "classify",
    seed: int = 0,
    subgroups: Mapping[str, Sequence[str]] | None = None,
    predicted: Sequence[Any] | None = None,
) -> Evaluation:
    """Measure probabilities [n, labels] against targets: a label a row, or for `multilabel` a collection of labels.

    `subgroups` maps a column's name to its value for each row. `predicted` stands where the answer is not simply the
    most probable label (or, multilabel, those of probability 0.5 and more).

    >>> done = evaluate(["no", "yes"], ["yes", "no"] * 5, [[0.2, 0.8], [0.9, 0.1]] * 5)
    >>> done.metrics["accuracy"].value
    1.0
    """
    scored = score(labels, targets, probabilities, patients, head=head, predicted=predicted)
    overall, by_label = sample(scored, seed)
    names = scored.labels
    outside = scored.truth[:, scored.n_known :].sum(axis=0)

    def of_group(rows: Ints, _: Clusters) -> dict[str, Figure]:
        own = scored.take(rows)
        return headline(own, sample(own, seed)[0], seed)

    return Evaluation(
        head=head,
        labels=tuple(labels),
        n=scored.n,
        n_patients=scored.clusters.count,
        seed=seed,
        clustered=patients is not None,
        metrics=headline(scored, overall, seed),
        per_class={label: _of_label(scored, k, by_label, seed) for k, label in enumerate(names)},
        confusion_labels=() if scored.multilabel else names,
        confusion=[] if scored.multilabel else (scored.truth.T.astype(int) @ scored.predicted.astype(int)).tolist(),
        unknown_labels={names[scored.n_known + k]: int(total) for k, total in enumerate(outside)},
        subgroups=by_subgroup(subgroups or {}, scored.clusters, of_group),
        reliability=reliability(scored),
        curves=curves(scored),
        resampled=overall,
        right=scored.right,
        patient_of_row=scored.clusters.of_row,
    )


def sample(scored: Scored, seed: int) -> tuple[dict[str, Array], dict[str, Array]]:
    """Every overall figure [r] and every figure per label [k, r], in the data itself (first) and each draw."""
    counts = count(scored)
    rankers = _rankers(scored)
    brier_of, error_of = brier(scored), calibration_error(scored)
    blocks: list[tuple[dict[str, Array], dict[str, Array]]] = []
    for draw in draws(scored.clusters.count, seed):
        overall, by_label = measure(counts, draw, multilabel=scored.multilabel)
        overall |= {"brier": brier_of(draw), "ece": error_of(draw)}
        nothing = np.full(draw.shape[1], np.nan)
        areas = [one(draw) if one else (nothing, nothing) for one in rankers]
        by_label["auroc"], by_label["auprc"] = (np.array(part) for part in zip(*areas, strict=True))
        two = scored.n_known == 2 and not scored.multilabel
        overall["auroc"], overall["auprc"] = areas[1] if two else macro(areas)
        blocks.append((overall, by_label))
    return (
        {name: np.concatenate([block[0][name] for block in blocks]) for name in METRICS if name in blocks[0][0]},
        {name: np.concatenate([block[1][name] for block in blocks], axis=1) for name in blocks[0][1]},
    )


def _rankers(scored: Scored) -> list[Ranker | None]:
    columns = zip(scored.probabilities.T, scored.known_truth.T, strict=True)
    known = [ranker(scores, positive, scored.clusters) for scores, positive in columns]
    return known + [None] * (len(scored.labels) - scored.n_known)


def headline(scored: Scored, overall: Mapping[str, Array], seed: int) -> dict[str, Figure]:
    """The overall figures; those that one class alone cannot give say so."""
    found: dict[str, Figure] = {}
    for name, values in overall.items():
        kind: Literal["percentile", "reverse"] = "reverse" if name == "ece" else "percentile"
        bounded = name != "brier" or scored.multilabel or scored.n_known == 2
        found[name] = figure(
            values, n=scored.n, n_patients=scored.clusters.count, seed=seed, kind=kind, bounded=bounded
        )
    if (why := _cannot_rank(scored)) is not None:
        found |= {"auroc": why, "auprc": why}
    return found


def _cannot_rank(scored: Scored) -> Undefined | None:
    """Why the rows cannot show whether a label is told from the rest, or None where some label can."""
    n_patients = scored.clusters.count
    sides = [_patients_each_side(scored, k) for k in range(scored.n_known)]
    if max(sides) == 0:
        reason = tr("one class only in the data", "数据中只有一个类别")
    elif max(sides) < MIN_PATIENTS:
        reason = tr(
            f"fewer than {MIN_PATIENTS} patients with, or without, a label", f"有或无该标签的患者少于 {MIN_PATIENTS} 人"
        )
    else:
        return None
    return Undefined(reason=reason, n=scored.n, n_patients=n_patients)


def _patients_each_side(scored: Scored, label: int) -> int:
    """Patients with a row that bears the label, or patients with a row that does not: the fewer."""
    bears, of_row = scored.truth[:, label], scored.clusters.of_row
    return min(len(np.unique(of_row[bears])), len(np.unique(of_row[~bears])))


def _of_label(scored: Scored, label: int, values: Mapping[str, Array], seed: int) -> dict[str, Figure | int]:
    bears = scored.truth[:, label]
    support, patients = int(bears.sum()), len(np.unique(scored.clusters.of_row[bears]))
    found: dict[str, Figure | int] = {}
    for name, resampled in values.items():
        if name in ("auroc", "auprc") and _patients_each_side(scored, label) < MIN_PATIENTS <= patients:
            reason = tr("too few patients without this label", "无此标签的患者过少")
            found[name] = Undefined(reason=reason, n=scored.n, n_patients=patients)
        elif name == "precision" and not scored.predicted[:, label].any():
            found[name] = Undefined(reason=tr("never predicted", "从未被预测"), n=support, n_patients=patients)
        else:
            found[name] = figure(resampled[label], n=support, n_patients=patients, seed=seed)
    return {**found, "support": support}
