"""Groups rows by a column (sex, site, age band, ...), so that a good average cannot hide a group that fares badly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from bedside.errors import DataError
from bedside.evaluate.bootstrap import Clusters, Ints
from bedside.lang import tr
from bedside.types import Figure

MOST = 20
"""Groups shown of one column; the smaller ones are pooled, not dropped."""


def groups_of(column: str, values: Sequence[Any], n: int) -> dict[str, Ints]:
    """The rows of each value, the most frequent value first; empty ones are a group of their own.

    >>> {value: rows.tolist() for value, rows in groups_of("sex", ["F", "M", "F"], 3).items()}
    {'F': [0, 2], 'M': [1]}
    """
    if len(values) != n:
        raise DataError("the subgroup column does not fit the rows", where=column, value=len(values), allowed=str(n))
    missing, other = tr("(missing)", "（缺失）"), tr("(other)", "（其他）")
    words = [missing if value is None or str(value).strip() == "" else str(value).strip() for value in values]
    ranked = [word for word, _ in Counter(words).most_common()]
    kept = set(ranked if len(ranked) <= MOST else ranked[: MOST - 1])
    shown = np.array([word if word in kept else other for word in words], dtype=object)
    order = [word for word in ranked if word in kept] + ([other] if len(ranked) > MOST else [])
    return {word: np.flatnonzero(shown == word) for word in order}


def by_subgroup(
    columns: Mapping[str, Sequence[Any]], clusters: Clusters, figures: Callable[[Ints, Clusters], Mapping[str, Figure]]
) -> dict[str, dict[str, dict[str, Any]]]:
    """The `figures` of the rows of each value of each column, of which `clusters` says the patients.

    >>> from bedside.evaluate.bootstrap import clusters_of
    >>> patients = clusters_of(["ann", "bo", "ann"], 3)
    >>> by_subgroup({"sex": ["F", "M", "F"]}, patients, lambda rows, own: {})["sex"]["F"]
    {'n': 2, 'n_patients': 1, 'metrics': {}}
    """

    def part(rows: Ints) -> dict[str, Any]:
        own = clusters.take(rows)
        return {"n": len(rows), "n_patients": own.count, "metrics": figures(rows, own)}

    return {
        column: {value: part(rows) for value, rows in groups_of(column, values, len(clusters.of_row)).items()}
        for column, values in columns.items()
    }
