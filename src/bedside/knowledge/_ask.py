"""What to ask next: the finding whose answer is expected to narrow the leading candidates most.

Expected drop of entropy over the candidates' probabilities when the patient is asked for a finding, with the chance of
"yes" under each disease its annotated share there, or the background where it is not annotated.
Shapes: q askable findings, k candidates.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from bedside.knowledge._closure import closure_without
from bedside.knowledge._ranker import Findings, Ranker

SUREST, RAREST = 0.95, 0.02
"""No annotation is certain: the chance of "yes" stays between these."""
TOO_GENERAL = 0.3
"""A finding above which this share of diseases lies is no question ("any abnormality of the eye?")."""


def next_questions(
    ranker: Ranker,
    found: Findings,
    candidates: list[int],
    weights: NDArray[np.float64],
    *,
    most: int = 3,
    skip: Collection[int] = (),
) -> list[tuple[int, float]]:
    """Term numbers and the expected drop of entropy in bits, best first; `weights` [k] are the candidates' chances.

    What was asked and is not known (`skip`) is not asked again, nor is a kind of it.
    """
    chances = weights / weights.sum()
    closures = [closure_without(ranker.hpo, disease, ()) for disease in candidates]
    asked = still_open(ranker, found, candidates, skip)
    if not asked:
        return []
    place = {term: row for row, term in enumerate(asked)}
    yes = np.repeat(np.maximum(ranker.background[asked], RAREST)[:, None].astype(float), len(candidates), axis=1)
    for column, (terms, share) in enumerate(closures):
        for term, value in zip(terms.tolist(), share.tolist(), strict=True):
            if term in place:
                yes[place[term], column] = value
    gains = _gain(np.clip(yes, RAREST, SUREST), chances)
    best = np.argsort(-gains, kind="stable")[:most]
    return [(asked[int(row)], float(gains[row])) for row in best]


def still_open(ranker: Ranker, found: Findings, candidates: Sequence[int], skip: Collection[int] = ()) -> list[int]:
    """Annotated findings of the candidates that are neither said, nor implied, nor denied, nor too general.

    A kind of what is known, or of what was asked in vain (`skip`), is not open either.
    """
    hpo = ranker.hpo
    implied = {int(above) for term in found.present for above in hpo.ancestors(term)}
    known = set(found.present) | set(found.denied) | set(skip)
    direct = {int(hpo.row_term[row]) for disease in candidates for row in hpo.rows(disease)}
    return [
        term
        for term in sorted(direct - implied - known)
        if ranker.background[term] < TOO_GENERAL and not known & set(hpo.ancestors(term).tolist())
    ]


def _gain(yes: NDArray[np.float64], chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """[q] the mutual information of each answer and the disease, in bits."""
    overall = yes @ chances
    return _bits(overall) - _bits(yes) @ chances


def _bits(p: NDArray[np.float64]) -> NDArray[np.float64]:
    return -(p * np.log2(p) + (1 - p) * np.log2(1 - p))
