"""Whether doubt keeps its word: how often sets hold the right label, how large they are, and what abstaining spares.

The promise is about a row of a new patient, so every patient counts once, however many rows he has. Risk is the share
of wrong answers among those given; the curve shows it when the surest share of rows is answered, its area is the mean
risk over all shares (Geifman & El-Yaniv 2017, "Selective Classification for Deep Neural Networks").

Shapes: n rows, c patients, r draws (the data itself first).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from bedside.evaluate.bootstrap import Array, Clusters, clusters_of, draws
from bedside.evaluate.estimate import figure
from bedside.evaluate.measures.scored import Bools
from bedside.types import Figure

POINTS = 100
"""Points of a curve that is drawn."""

BLOCK = 50
"""Draws weighed at a time along the curve: n x 50 numbers, whatever the number of draws."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Rows as they were answered: the true labels, the sets (None: none were made), and what was doubted.

    `right` [n]: the answer is the truth; `sure` [n] orders rows, the surest highest; `doubted` [n]: a person is asked.
    """

    truths: Sequence[Sequence[str]]
    held: Sequence[Sequence[str]] | None
    right: Bools
    sure: Array
    doubted: Bools
    patients: Sequence[Hashable] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubting:
    """What doubt came to; `promised` is the coverage that the sets were to have.

    `metrics`: `set_coverage`, `set_size`, `single` (sets of one label), `doubted`, `risk_answered` (wrong among those
    not doubted), `risk_all` and `aurc`. `per_class` is the coverage of the rows that bear a label. `curve` is (share
    answered, risk).
    """

    promised: float
    metrics: dict[str, Figure]
    per_class: dict[str, Figure] = field(default_factory=dict)
    curve: list[tuple[float, float]] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, without the curve."""

        def plain(figures: Mapping[str, Figure]) -> dict[str, Any]:
            return {name: asdict(one) for name, one in figures.items()}

        return {"promised": self.promised, "metrics": plain(self.metrics), "per_class": plain(self.per_class)}


def measure_doubt(rows: Judged, *, promised: float, seed: int = 0) -> Doubting:
    """Every figure with its interval over patients.

    >>> sets = [("benign",), ("benign", "malignant")] * 5
    >>> right = np.array([True, False] * 5)
    >>> rows = Judged(truths=[("benign",), ("malignant",)] * 5, held=sets, right=right, sure=right * 1.0,
    ...               doubted=~right, patients=None)
    >>> found = measure_doubt(rows, promised=0.9).metrics
    >>> found["set_coverage"].value, found["set_size"].value, found["aurc"].value < found["risk_all"].value
    (1.0, 1.5, True)
    """
    owners = clusters_of(rows.patients, len(rows.truths))
    metrics: dict[str, Figure] = {}
    per_class: dict[str, Figure] = {}
    if rows.held is not None:
        covered = np.array([set(true) <= set(held) for true, held in zip(rows.truths, rows.held, strict=True)])
        sizes = np.array([len(held) for held in rows.held], np.float64)
        metrics["set_coverage"] = _by_patient(covered * 1.0, owners, seed)
        metrics["set_size"] = _by_patient(sizes, owners, seed, bounded=False)
        metrics["single"] = _by_patient((sizes == 1) * 1.0, owners, seed)
        for label in sorted({label for true in rows.truths for label in true}):
            bears = np.flatnonzero([label in true for true in rows.truths])
            per_class[label] = _by_patient(covered[bears] * 1.0, owners.take(bears), seed)
    wrong = ~rows.right
    metrics["doubted"] = _share(rows.doubted, np.ones(len(wrong), bool), owners, seed)
    metrics["risk_answered"] = _share(wrong, ~rows.doubted, owners, seed)
    metrics["risk_all"] = _share(wrong, np.ones(len(wrong), bool), owners, seed)
    metrics["aurc"] = _area(wrong, rows.sure, owners, seed)
    return Doubting(promised=promised, metrics=metrics, per_class=per_class, curve=risk_curve(wrong, rows.sure))


def risk_curve(wrong: Bools, sure: Array) -> list[tuple[float, float]]:
    """(share answered, share of wrong answers among them), the surest rows first.

    >>> risk_curve(np.array([False, True]), np.array([0.9, 0.6]))
    [(0.5, 0.0), (1.0, 0.5)]
    """
    order = np.argsort(-sure, kind="stable")
    answered = np.arange(1, len(order) + 1)
    risk = np.cumsum(wrong[order]) / answered
    first = (len(order) - 1) // POINTS  # a share of less is one of a handful of rows
    at = np.unique(np.linspace(first, len(order) - 1, min(POINTS, len(order))).astype(int))
    return [(float(answered[place] / len(order)), float(risk[place])) for place in at]


def _by_patient(values: Array, owners: Clusters, seed: int, *, bounded: bool = True) -> Figure:
    """The mean over patients of their rows' mean."""
    rows = np.bincount(owners.of_row, minlength=owners.count)
    means = np.bincount(owners.of_row, values, owners.count) / np.maximum(rows, 1)
    found = np.concatenate([means @ draw / draw.sum(0) for draw in draws(owners.count, seed)])
    return figure(found, n=len(values), n_patients=owners.count, seed=seed, bounded=bounded)


def _share(those: Bools, among: Bools, owners: Clusters, seed: int) -> Figure:
    """The share of the rows `among` that are `those`."""
    hits = np.bincount(owners.of_row, those & among, owners.count)
    asked = np.bincount(owners.of_row, among, owners.count)
    with np.errstate(invalid="ignore"):
        found = np.concatenate([(hits @ draw) / (asked @ draw) for draw in draws(owners.count, seed)])
    return figure(found, n=int(among.sum()), n_patients=owners.count, seed=seed)


def _area(wrong: Bools, sure: Array, owners: Clusters, seed: int) -> Figure:
    """The area under the risk curve, rows weighed by how often their patient was drawn."""
    order = np.argsort(-sure, kind="stable")
    missed, owner = wrong[order].astype(np.float64), owners.of_row[order]
    areas = []
    for draw in draws(owners.count, seed):
        for start in range(0, draw.shape[1], BLOCK):
            weight = draw[owner, start : start + BLOCK]
            answered = np.cumsum(weight, 0)
            risk = np.cumsum(weight * missed[:, None], 0) / np.maximum(answered, 1)
            areas.append((weight * risk).sum(0) / answered[-1])
    return figure(np.concatenate(areas), n=len(wrong), n_patients=owners.count, seed=seed)
