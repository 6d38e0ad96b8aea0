"""One case with all that is said about it: what its views (page, picture, FHIR, phenopacket) show."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from bedside.knowledge._ranker import Ranker
from bedside.knowledge._waterfall import Bar, waterfall
from bedside.phenotypes.reader import Finding
from bedside.tasks._diagnosis.answer import Differential, Why, diagnose, explain
from bedside.tasks._diagnosis.aside import Aside
from bedside.tasks._diagnosis.case import DiagnosisCase

SHOWN = 10
"""Diseases that a view lists; the rest of the chance is told as one."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A question that was put, its answer (yes, no, unknown), and the chances of the first diseases after it."""

    id: str
    answer: str
    bits: float
    leading: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A case, its differential, the reasons; of a story, the text without identity and where its findings stand."""

    case: DiagnosisCase
    answer: Differential
    why: Why
    total: float
    """The score of the disease that is explained: what its bars sum to."""
    bars: dict[str, tuple[Bar, ...]]
    """The bars of each disease that is shown."""
    denied_weight: float = 0.0
    asked: tuple[Answered, ...] = ()
    text: str = field(default="", repr=False)
    read: tuple[Finding, ...] = field(default=(), repr=False)
    aside: Aside = field(default_factory=Aside)

    def rest(self, shown: int = SHOWN) -> float:
        """The chance that it is none of the first `shown`."""
        return max(0.0, 1 - sum(one.probability for one in self.answer.ranking[:shown]))


def tell(
    ranker: Ranker,
    case: DiagnosisCase,
    *,
    top: int = 100,
    denied_weight: float = 0.0,
    disease: str = "",
    rival: str = "",
    skip: Collection[int] = (),
) -> Told:
    """Rank a case and say why: `disease` is explained (the first unless named), `rival` set beside it."""
    answer, scores = diagnose(ranker, case, top=top, denied_weight=denied_weight)
    why = explain(ranker, case, answer, scores, disease=disease, rival=rival, skip=skip)
    number = ranker.hpo.disease_number
    bars = {
        id: tuple(waterfall(ranker, case.findings, scores, number[id], without=case.without))
        for id in dict.fromkeys([why.disease, why.rival, *(one.id for one in answer.ranking[:SHOWN])])
    }
    return Told(case, answer, why, float(scores.total[number[why.disease]]), bars, denied_weight)
