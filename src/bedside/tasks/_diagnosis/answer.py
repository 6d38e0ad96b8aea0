"""From a case to a ranked differential: what is shown, when to hold back, and why each stands where it does."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

from bedside.knowledge._ask import next_questions
from bedside.knowledge._lr_weights import ABSTAIN_BELOW
from bedside.knowledge._ranker import Ranker
from bedside.knowledge._scores import Scores
from bedside.knowledge._waterfall import Bar, contrast, expected, unexplained, waterfall
from bedside.tasks._diagnosis.case import DiagnosisCase

ASKED_OF = 10
"""How many leading candidates the next question should separate."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One disease of the differential."""

    id: str
    label: str
    score: float
    probability: float
    genes: tuple[str, ...] = ()
    group: str = ""
    """The series or gene that it shares with near twins, which findings seldom tell apart."""


@dataclass(frozen=True, slots=True)
class Differential:
    """The answer: the first `top` diseases; `other` is the chance of a disease beyond the calibrated list."""

    id: str
    ranking: tuple[Candidate, ...]
    abstained: bool
    other: float
    unread: tuple[str, ...]
    disputed: tuple[str, ...] = ()

    def line(self) -> dict[str, Any]:
        """The contract's line of a table."""
        ranking = [
            {
                "id": one.id,
                "label": one.label,
                "score": one.score,
                "probability": one.probability,
                "group": one.group,
            }
            for one in self.ranking
        ]
        told = {"id": self.id, "ranking": ranking, "abstained": self.abstained, "other": self.other}
        left = {"unread": list(self.unread), "disputed": list(self.disputed)}
        return told | {name: ids for name, ids in left.items() if ids}


@dataclass(frozen=True, slots=True)
class Why:
    """The reasons for one disease: bars that sum to its score, what it leaves open, and a rival."""

    disease: str
    bars: tuple[Bar, ...]
    unexplained: tuple[str, ...]
    expected: tuple[tuple[str, str, float], ...]
    rival: str
    against: tuple[tuple[str, str, float], ...]
    questions: tuple[tuple[str, str, float], ...]


def diagnose(
    ranker: Ranker, case: DiagnosisCase, *, top: int = 100, denied_weight: float = 0.0
) -> tuple[Differential, Scores]:
    """Rank all diseases for a case; the second value is what `explain` takes."""
    scores = ranker.score(case.findings, without=case.without, denied_weight=denied_weight)
    chances, other = ranker.probabilities(scores, case.findings)
    hpo = ranker.hpo
    first = np.argpartition(-scores.total, min(top, hpo.ranked - 1))[:top]
    order = first[np.lexsort((first, -scores.total[first]))]
    told = zip(order.tolist(), scores.total[order].tolist(), chances[order].tolist(), strict=True)
    names, titles, genes, group = hpo.diseases, hpo.titles, hpo.genes, ranker.groups
    ranking = tuple(
        Candidate(names[n], titles[n], round(score, 4), chance, tuple(genes[n]), group[n]) for n, score, chance in told
    )
    held = ranking[0].probability < ABSTAIN_BELOW
    return Differential(case.id, ranking, held, round(other, 6), case.unread, case.disputed), scores


def explain(
    ranker: Ranker,
    case: DiagnosisCase,
    told: Differential,
    scores: Scores,
    *,
    disease: str = "",
    rival: str = "",
    skip: Collection[int] = (),
) -> Why:
    """Why one disease (the first unless named) stands where it does, and against another (the next unless named).

    `skip` are findings that were asked for in vain: they are no question again.
    """
    hpo, found = ranker.hpo, case.findings
    listed = [one.id for one in told.ranking]
    chosen = disease or listed[0]
    other = rival or next((id for id in listed if id != chosen), chosen)
    one, two = hpo.disease_number[chosen], hpo.disease_number[other]
    leading = [hpo.disease_number[one.id] for one in told.ranking[:ASKED_OF]]
    weights = np.array([one.probability for one in told.ranking[:ASKED_OF]]) + 1e-12
    gaps = contrast(found, scores, one, two)

    def named(pairs: list[tuple[int, float]]) -> tuple[tuple[str, str, float], ...]:
        return tuple((hpo.ids[term], hpo.names[term], value) for term, value in pairs)

    return Why(
        disease=chosen,
        bars=tuple(waterfall(ranker, found, scores, one, without=case.without)),
        unexplained=tuple(hpo.names[term] for term in unexplained(found, scores, one)),
        expected=named(expected(ranker, found, one)),
        rival=other,
        against=named([pair for pair in gaps if abs(pair[1]) > 1e-6]),
        questions=named(next_questions(ranker, found, leading, weights, skip=skip)),
    )
