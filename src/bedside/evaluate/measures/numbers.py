"""Measures numbers answered against numbers marked: how far off, how well ordered, and whether intervals keep faith.

    from bedside.evaluate.measures.numbers import evaluate_numbers
    evaluate_numbers("ordinal", ["0", "1", "2"], truth, answers, patients).metrics["qwk"]

Quadratic weighted kappa (Cohen 1968) of levels takes the distance between the numbers themselves; of numbers in
general the same formula is Lin's concordance (1989). Spearman's rho takes ties at their mean rank.
Shapes: n rows, c patients, r draws (the data itself first).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bedside.errors import DataError
from bedside.evaluate.bootstrap import Array, Clusters, Ints, clusters_of, draws, tally
from bedside.evaluate.estimate import figure
from bedside.evaluate.metrics import Evaluation
from bedside.evaluate.subgroups import by_subgroup
from bedside.model.forms.score import level_name
from bedside.types import Figure, Score

FIGURES = {
    "ordinal": ("qwk", "mae", "rmse", "spearman", "accuracy", "coverage", "width"),
    "continuous": ("mae", "rmse", "ccc", "spearman", "coverage", "width"),
}
SHARES = {"accuracy", "coverage"}
_TOGETHER = 64
"""Draws whose ranks are held at a time."""


@dataclass(frozen=True, slots=True)
class Marked:
    """Truth, answer and the ends of its interval, side by side [n], and the patient of each."""

    truth: Array
    value: Array
    low: Array
    high: Array
    clusters: Clusters

    def take(self, rows: Ints) -> Marked:
        """Some of the rows."""
        clusters = self.clusters.take(rows)
        return Marked(self.truth[rows], self.value[rows], self.low[rows], self.high[rows], clusters)


def evaluate_numbers(
    head: str,
    levels: Sequence[str],
    truth: Sequence[float],
    answers: Sequence[Score],
    patients: Sequence[Hashable] | None = None,
    *,
    seed: int = 0,
    subgroups: Mapping[str, Sequence[str]] | None = None,
) -> Evaluation:
    """All figures with intervals over patients; `head` is ordinal or continuous, `levels` those the model knows.

    >>> done = evaluate_numbers("continuous", [], [36.6, 39.0] * 5, [Score(value=37.0, low=36.0, high=38.0)] * 10)
    >>> round(done.metrics["mae"].value, 2), done.metrics["coverage"].value
    (1.2, 0.5)
    """
    if not len(truth):
        raise DataError("no rows to evaluate")
    value, low, high = np.array([[one.value, one.low, one.high] for one in answers], np.float64).T
    marked = Marked(np.array(truth, np.float64), value, low, high, clusters_of(patients, len(truth)))
    overall = _sample(marked, head, seed)
    ordinal = head == "ordinal"

    def of_group(rows: Ints, _: Clusters) -> dict[str, Figure]:
        own = marked.take(rows)
        return _figures(own, _sample(own, head, seed), seed)

    names = [level_name(value) for value in np.unique(np.concatenate([marked.truth, marked.value]))]
    return Evaluation(
        head=head,
        labels=tuple(levels),
        n=len(truth),
        n_patients=marked.clusters.count,
        seed=seed,
        clustered=patients is not None,
        metrics=_figures(marked, overall, seed),
        per_class=_by_level(marked, seed) if ordinal else {},
        confusion_labels=tuple(names) if ordinal else (),
        confusion=_confusion(marked, names) if ordinal else [],
        unknown_labels=_unknown(marked, levels) if ordinal else {},
        subgroups=by_subgroup(subgroups or {}, marked.clusters, of_group),
        resampled=overall,
        right=marked.truth == marked.value,
        patient_of_row=marked.clusters.of_row,
    )


def _sample(marked: Marked, head: str, seed: int) -> dict[str, Array]:
    """Every figure [r] of the head."""
    blocks = [_measured(marked, draw) for draw in draws(marked.clusters.count, seed)]
    return {name: np.concatenate([block[name] for block in blocks]) for name in FIGURES[head]}


def _measured(marked: Marked, draw: Array) -> dict[str, Array]:
    """Every figure [r] in each draw [c, r]."""
    middle = marked.truth.mean()  # kappa does not mind where zero is, rounding does
    truth, value = marked.truth - middle, marked.value - middle
    error, inside = truth - value, (marked.low <= marked.truth) & (marked.truth <= marked.high)
    rows = [np.ones_like(truth), truth, value, truth**2, value**2, error**2, np.abs(error), error == 0, inside]
    rows.append(marked.high - marked.low)
    bins = np.repeat(np.arange(len(rows)), len(truth))
    owners = np.tile(marked.clusters.of_row, len(rows))
    n, t, v, tt, vv, square, off, same, held, wide = (
        tally(bins, len(rows), owners, marked.clusters.count, np.concatenate(rows).astype(float)) @ draw
    )
    apart = tt + vv - 2 * t * v / n
    with np.errstate(divide="ignore", invalid="ignore"):
        kappa = np.where(apart > 0, 1 - square / apart, np.nan)
    shares = {"accuracy": same / n, "coverage": held / n, "mae": off / n, "width": wide / n}
    ranked = np.concatenate(list(_rank_correlations(marked, draw)))
    return {**shares, "rmse": np.sqrt(square / n), "qwk": kappa, "ccc": kappa, "spearman": ranked}


def _rank_correlations(marked: Marked, draw: Array) -> Iterator[Array]:
    """Spearman's rho [r] in each draw, some draws at a time; NaN where truth or answer does not vary."""
    sides = [np.unique(part, return_inverse=True)[1] for part in (marked.truth, marked.value)]
    for start in range(0, draw.shape[1], _TOGETHER):
        weight = draw[:, start : start + _TOGETHER][marked.clusters.of_row]
        total = weight.sum(0)
        one, two = (_ranks(place, weight) - (total + 1) / 2 for place in sides)
        apart = np.sqrt((weight * one**2).sum(0) * (weight * two**2).sum(0))
        with np.errstate(divide="ignore", invalid="ignore"):
            yield np.where(apart > 1e-9 * total, (weight * one * two).sum(0) / apart, np.nan)


def _ranks(place: Ints, weight: Array) -> Array:
    """The mean rank of each row [n, r] where rows stand `weight` [n, r] times; `place` [n] numbers their values."""
    counts = np.zeros((int(place.max()) + 1, weight.shape[1]))
    np.add.at(counts, place, weight)
    ranks: Array = (np.cumsum(counts, 0) - (counts - 1) / 2)[place]
    return ranks


def _figures(marked: Marked, overall: Mapping[str, Array], seed: int) -> dict[str, Figure]:
    n, patients = len(marked.truth), marked.clusters.count
    return {
        name: figure(values, n=n, n_patients=patients, seed=seed, bounded=name in SHARES)
        for name, values in overall.items()
    }


def _by_level(marked: Marked, seed: int) -> dict[str, dict[str, Figure | int]]:
    """How far off the answers to the rows of each level are, and how many rows those are."""
    found: dict[str, dict[str, Figure | int]] = {}
    for value in np.unique(marked.truth):
        part = marked.take(np.flatnonzero(marked.truth == value))
        overall = _sample(part, "ordinal", seed)
        found[level_name(value)] = {"mae": _figures(part, overall, seed)["mae"], "support": len(part.truth)}
    return found


def _confusion(marked: Marked, names: Sequence[str]) -> list[list[int]]:
    counts = Counter((level_name(t), level_name(v)) for t, v in zip(marked.truth, marked.value, strict=True))
    return [[counts[truth, answer] for answer in names] for truth in names]


def _unknown(marked: Marked, levels: Sequence[str]) -> dict[str, int]:
    """Levels in the data that the model does not know; they count, as far off as they are."""
    return dict(Counter(name for value in marked.truth if (name := level_name(value)) not in set(levels)))
