"""Measures entities, or relations, found against those marked: exact, in all rows together and a type.

    from bedside.evaluate.measures.entities import evaluate_entities
    evaluate_entities(["disease"], truth, found, patients).metrics["entity_f1"]

Source: the exact-match scores of Tjong Kim Sang & De Meulder 2003 (CoNLL), as seqeval counts them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import Protocol

import numpy as np

from bedside.errors import DataError
from bedside.evaluate.bootstrap import Array, Clusters, Ints, clusters_of, draws, figures_of, tally
from bedside.evaluate.estimate import figure
from bedside.evaluate.metrics import Evaluation
from bedside.evaluate.subgroups import by_subgroup
from bedside.types import Figure


class Typed(Protocol):
    """An entity or a relation: equal when it is the same, of a type."""

    @property
    def type(self) -> str:
        """The name of its type."""
        ...


Rows = Sequence[Sequence[Typed]]
FIGURES = ("f1", "precision", "recall", "macro_f1")


def evaluate_entities(
    types: Sequence[str],
    truth: Rows,
    found: Rows,
    patients: Sequence[Hashable] | None = None,
    *,
    seed: int = 0,
    subgroups: Mapping[str, Sequence[str]] | None = None,
    head: str = "tag",
    prefix: str = "entity",
) -> Evaluation:
    """Precision, recall and F1 of entities, with intervals over patients; `types` are those the model knows.

    What is said of entities here holds of relations too, when `prefix`, of the figures' names, is `relation`.

    A type in the data that the model does not know counts as missed, and is told apart in `unknown_labels`.

    >>> from bedside.types import Entity
    >>> rows = [[Entity(0, 5, "symptom")]] * 10
    >>> evaluate_entities(["symptom"], rows, rows).metrics["entity_f1"].value
    1.0
    """
    if not len(truth):
        raise DataError("no rows to evaluate")
    strange = Counter(one.type for row in truth for one in row if one.type not in set(types))
    names = (*types, *sorted(strange))
    counts = _counts(names, truth, found)
    clusters = clusters_of(patients, len(truth))
    overall, by_type = _sample(counts, clusters, seed, prefix)

    def of_group(rows: Ints, own: Clusters) -> dict[str, Figure]:
        return figures_of(_sample(counts[:, :, rows], own, seed, prefix)[0], len(rows), own, seed)

    return Evaluation(
        head=head,
        labels=tuple(types),
        n=len(truth),
        n_patients=clusters.count,
        seed=seed,
        clustered=patients is not None,
        metrics=figures_of(overall, len(truth), clusters, seed),
        per_class={name: _of_type(counts, clusters, k, by_type, seed) for k, name in enumerate(names)},
        unknown_labels=dict(strange),
        subgroups=by_subgroup(subgroups or {}, clusters, of_group),
        resampled=overall,
        right=np.array([set(marked) == set(given) for marked, given in zip(truth, found, strict=True)]),
        patient_of_row=clusters.of_row,
    )


def _counts(names: Sequence[str], truth: Rows, found: Rows) -> Array:
    """[3, types, rows]: entities found rightly, found, and marked."""
    column = {name: k for k, name in enumerate(names)}
    counts = np.zeros((3, len(names), len(truth)))
    for row, (marked, given) in enumerate(zip(truth, found, strict=True)):
        for part, several in enumerate((set(marked) & set(given), set(given), set(marked))):
            for one in several:
                counts[part, column[one.type], row] += 1
    return counts


def _sample(counts: Array, clusters: Clusters, seed: int, prefix: str) -> tuple[dict[str, Array], dict[str, Array]]:
    """Every overall figure [r], and every figure a type [types, r], in the data itself (first) and each draw."""
    parts, types, rows = counts.shape
    bins = np.repeat(np.arange(parts * types), rows)
    sums = tally(bins, parts * types, np.tile(clusters.of_row, parts * types), clusters.count, counts.ravel())
    drawn = np.concatenate([sums @ draw for draw in draws(clusters.count, seed)], axis=1).reshape(parts, types, -1)
    by_type = dict(zip(("precision", "recall", "f1"), _shares(drawn), strict=True))
    there = ~np.isnan(by_type["f1"])
    with np.errstate(invalid="ignore"):
        macro = np.where(there, by_type["f1"], 0).sum(0) / there.sum(0)
    precision, recall, f1 = _shares(drawn.sum(1))
    overall = dict(zip(FIGURES, (f1, precision, recall, macro), strict=True))
    return {f"{prefix}_{name}": values for name, values in overall.items()}, by_type


def _shares(drawn: Array) -> tuple[Array, Array, Array]:
    """Precision, recall and F1 from [3, ...] counts; NaN where nothing was found or marked."""
    right, given, marked = drawn
    with np.errstate(invalid="ignore", divide="ignore"):
        return right / given, right / marked, 2 * right / (given + marked)


def _of_type(
    counts: Array, clusters: Clusters, k: int, values: Mapping[str, Array], seed: int
) -> dict[str, Figure | int]:
    """Its figures, over the patients who bear the type, and how many entities of it are marked."""
    support = int(counts[2, k].sum())
    patients = len(np.unique(clusters.of_row[counts[1:, k].sum(0) > 0]))
    found = {name: figure(drawn[k], n=support, n_patients=patients, seed=seed) for name, drawn in values.items()}
    return {**found, "support": support}
