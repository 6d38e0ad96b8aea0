"""A sentence beside a chart, with the sentences of the chart that it may rest on: what every check is given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from bedside.grounding._apart import Mark
from bedside.grounding._claims import Claim, Reading, Sentence
from bedside.grounding._coverage import SAME, covered, names_too
from bedside.grounding._figures import Figure
from bedside.grounding._terms import Term

MOST_SENTENCES = 3
"""Sentences of the chart that one sentence may be joined from."""
LEAST = 0.3
"""What a sentence of the chart must hold to be evidence: less than half of a plain word is nothing."""
WEIGHT = {"finding": 1.0, "drug": 1.2, "test": 0.9, "care": 0.7, "body": 0.6, "word": 0.4, "act": 0.2}
"""What a term counts in choosing evidence, and in the share that is missing."""
_FIGURE, _MARK = 0.8, 0.2


class Note(NamedTuple):
    """So much of a feature, and the words of the sentence it is because of."""

    feature: str
    amount: float
    start: int
    end: int


@dataclass(frozen=True)
class Pair:
    """One sentence, read as a whole, and the chart."""

    said: Reading = field(repr=False)
    chart: Reading = field(repr=False)

    @property
    def sentence(self) -> Sentence:
        """The sentence's claims."""
        return self.said.sentences[0]

    @cached_property
    def evidence(self) -> tuple[Sentence, ...]:
        """The sentences of the chart that together hold most of what is said, the one that holds most first."""
        claims = list(self.sentence.claims)
        figures = [one for one in self.sentence.figures if not one.soft]
        chosen: list[Sentence] = []
        for _ in range(MOST_SENTENCES):
            left = [one for one in self.chart.sentences if one not in chosen]
            held = [_held(one, claims, figures, self.sentence.marks) for one in left]
            best = left[held.index(max(held))] if held else None
            if best is None or _held(best, claims, figures, ()) < LEAST:
                break
            chosen.append(best)
            claims = [one for one in claims if covered(one.term, best.ids) < SAME]
            figures = [one for one in figures if not any(one.equals(other) for other in best.figures)]
        return tuple(chosen)

    def occurrences(self, term: Term) -> tuple[list[Claim], list[Claim]]:
        """What the chart says of a thing itself, and of kinds of it: in the evidence if it is there, else anywhere."""
        for sentences in (self.evidence, self.chart.sentences):
            claims = [one for sentence in sentences for one in sentence.claims]
            same = [one for one in claims if one.term.ids & term.ids]
            narrow = [one for one in claims if one not in same and names_too(one.term, term)]
            if same or narrow:
                return same, narrow
        return [], []


def _held(one: Sentence, claims: Iterable[Claim], figures: Iterable[Figure], marks: Iterable[Mark]) -> float:
    """How much of some claims a sentence of the chart holds."""
    terms = sum(covered(claim.term, one.ids) * WEIGHT[claim.term.kind] for claim in claims)
    numbers = sum(_FIGURE for figure in figures if any(figure.equals(other) for other in one.figures))
    told = {(mark.set, mark.value) for mark in one.marks}
    return terms + numbers + sum(_MARK for mark in marks if (mark.set, mark.value) in told)
