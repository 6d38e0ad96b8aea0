"""Answers as vectors of their chances: a change of all together that no column alone need show.

Two months may name the same labels as surely and yet doubt between others. Of what can be watched without the texts,
a model's own chances tell most of a change of the texts.
Sources: Lipton et al. 2018, "Detecting and Correcting for Label Shift with Black Box Predictors", ICML; Rabanser et
al. 2019, "Failing Loudly: An Empirical Study of Methods for Detecting Dataset Shift", NeurIPS.
"""

from __future__ import annotations

import numpy as np

from bedside.drift.groups import two_groups
from bedside.drift.mmd import Distance, distance_of, drawn
from bedside.drift.rows import Part

LEAST = 2
"""Patients of each part; one cannot be compared with another of his group."""


def distance_of_chances(reference: Part, current: Part, *, seed: int) -> Distance | None:
    """The distance of the rows that have chances; None where there are too few.

    >>> sure, unsure = {"flu": 0.9, "cold": 0.1}, {"flu": 0.6, "cold": 0.4}
    >>> may = Part(patients=[*"abcdef"], probabilities=[sure] * 6)
    >>> june = Part(patients=[*"ghijkl"], probabilities=[unsure] * 6)
    >>> distance_of_chances(may, june, seed=0).p < 0.01
    True
    """
    before, after = _stated(reference), _stated(current)
    groups = two_groups([patient for patient, _ in before], [patient for patient, _ in after])
    if min(groups.reference, groups.count - groups.reference) < LEAST:
        return None
    chances = [one for _, one in (*before, *after)]
    column = {label: at for at, label in enumerate(sorted({label for one in chances for label in one}))}
    rows, some = drawn(groups, seed=seed)
    vectors = np.zeros((len(rows), len(column)))
    for at, row in enumerate(rows.tolist()):
        for label, chance in chances[row].items():
            vectors[at, column[label]] = chance
    return distance_of(vectors, some, seed=seed)


def _stated(part: Part) -> list[tuple[str, dict[str, float]]]:
    """Patient and chances of each row that has any."""
    return [(who, one) for who, one in zip(part.patients, part.probabilities, strict=True) if one]
