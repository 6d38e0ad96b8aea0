"""Asks for findings one at a time, the most telling first, and ranks anew after each answer.

An answer is of this patient, so a "no" counts as much as a "yes": its weight is the mean weight of the findings that
are present. (In published tables a denied finding is one that other patients of the same disease have; see
docs/diagnosis.md.)
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bedside.knowledge._ask import next_questions
from bedside.knowledge._ranker import Ranker
from bedside.tasks._diagnosis.answer import ASKED_OF, Differential, diagnose
from bedside.tasks._diagnosis.case import DiagnosisCase
from bedside.tasks._diagnosis.told import Answered, Told, tell

ANSWERS = ("yes", "no", "unknown")
LEAST_BITS = 0.01
"""A question from which less is expected is not put: nothing would change."""
LEADING = 5


@dataclass(frozen=True, slots=True)
class Question:
    """A finding to ask for: its number and id, and the expected drop of entropy in bits."""

    term: int
    id: str
    bits: float


class Interview:
    """The state of a conversation: answers so far, the differential with them, and what to ask next (None: nothing)."""

    def __init__(self, ranker: Ranker, case: DiagnosisCase, *, top: int = 100, denied_weight: float | None = None):
        self.ranker, self.given, self.top = ranker, case, top
        self.said_weight = denied_weight
        self.asked: list[Answered] = []
        self._rank()

    def answer(self, said: str) -> None:
        """Take the answer to the question that stands, one of `ANSWERS`."""
        if self.question is None or said not in ANSWERS:
            raise ValueError("an answer to a question is yes, no or unknown")
        self.asked.append(Answered(self.question.id, said, self.question.bits))
        self._rank()
        self.asked[-1] = replace(self.asked[-1], leading=self.leading())

    def back(self) -> bool:
        """Forget the last answer; False when there is none."""
        if not self.asked:
            return False
        self.asked.pop()
        self._rank()
        return True

    def leading(self) -> tuple[tuple[str, float], ...]:
        """The first diseases and their chances, as they stand."""
        return tuple((one.id, one.probability) for one in self.differential.ranking[:LEADING])

    def told(self, *, disease: str = "", rival: str = "") -> Told:
        """The case with all answers, as any view takes it."""
        told = tell(
            self.ranker,
            self.case,
            top=self.top,
            denied_weight=self.denied_weight,
            disease=disease,
            rival=rival,
            skip=self._unknown(),
        )
        return replace(told, asked=tuple(self.asked))

    def _rank(self) -> None:
        number = self.ranker.hpo.number
        found = self.given.findings
        terms = {said: tuple(number[one.id] for one in self.asked if one.answer == said) for said in ANSWERS}
        found = replace(found, present=found.present + terms["yes"], denied=found.denied + terms["no"])
        self.case = replace(self.given, findings=found)
        self.denied_weight = self._weight()
        self.differential: Differential = diagnose(
            self.ranker, self.case, top=max(self.top, ASKED_OF), denied_weight=self.denied_weight
        )[0]
        self.question = self._next()

    def _weight(self) -> float:
        if self.said_weight is not None:
            return self.said_weight
        return float(np.mean(self.ranker.score(self.case.findings, without=self.case.without).weights))

    def _next(self) -> Question | None:
        hpo = self.ranker.hpo
        leading = self.differential.ranking[:ASKED_OF]
        candidates = [hpo.disease_number[one.id] for one in leading]
        weights = np.array([one.probability for one in leading]) + 1e-12
        best = next_questions(self.ranker, self.case.findings, candidates, weights, most=1, skip=self._unknown())
        if not best or best[0][1] < LEAST_BITS:
            return None
        term, bits = best[0]
        return Question(term, hpo.ids[term], bits)

    def _unknown(self) -> tuple[int, ...]:
        return tuple(self.ranker.hpo.number[one.id] for one in self.asked if one.answer == "unknown")
