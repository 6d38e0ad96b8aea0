"""A text as it was read: its sentences, and what each claims; what it names, orders and lists of allergies."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property

from bedside.drugs import Order, orders
from bedside.grounding._apart import Mark, siblings
from bedside.grounding._figures import Figure
from bedside.grounding._terms import Term, above
from bedside.phenotypes._numbers import Level
from bedside.phenotypes.context import Context

_CLAUSE = re.compile(r"[,，;；。、:：]|\.\s|\n|\band\b|\bbut\b")
ALLERGIES = re.compile(r"\ballerg(?:ies|ic)\b|\bNKD?A\b|过敏", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Claim:
    """A term and what is said of it."""

    term: Term
    context: Context
    allergic: bool = False
    tentative: bool = False

    @property
    def wide(self) -> frozenset[str]:
        """What is named, whole and in part, with all that each is a kind of."""
        said = self.term.all_ids()
        return said.union(*(above(id) for id in said))

    @property
    def denied(self) -> bool:
        """Whether it is said not to be there."""
        return self.context.negated != self.term.denied

    @property
    def unsure(self) -> bool:
        """Whether it is only possible, or not so yet; a medicine that is taken as needed is taken."""
        if self.term.kind == "drug":
            return self.tentative
        return self.tentative or self.context.uncertain or self.context.hypothetical


@dataclass(frozen=True)
class Sentence:
    """A sentence with its place in the text, and what it claims; places of claims are those of the text."""

    start: int
    end: int
    claims: tuple[Claim, ...] = field(repr=False)
    marks: tuple[Mark, ...] = field(repr=False)
    figures: tuple[Figure, ...] = field(repr=False)

    @cached_property
    def ids(self) -> frozenset[str]:
        """What is named in it, whole and in part, with all that each is a kind of."""
        return frozenset[str]().union(*(claim.wide for claim in self.claims))


@dataclass(frozen=True)
class Reading:
    """A text and its sentences."""

    text: str = field(repr=False)
    sentences: tuple[Sentence, ...]
    levels: tuple[Level, ...] = ()

    @cached_property
    def ids(self) -> frozenset[str]:
        """What is named in any of its sentences."""
        return frozenset[str]().union(*(one.ids for one in self.sentences))

    @cached_property
    def lists_allergies(self) -> bool:
        """Whether it says what is not borne, if only that nothing is."""
        return bool(ALLERGIES.search(self.text))

    @cached_property
    def orders(self) -> list[Order]:
        """What it does with each medicine."""
        return orders(self.text)

    @cached_property
    def siblings(self) -> list[Mark]:
        """Things of a family that exclude each other."""
        return siblings(self.text)

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """The clause around a place."""
        cuts = self._cuts
        at = bisect_right(cuts, start)
        return (cuts[at - 1] if at else 0), next((cut for cut in cuts[at:] if cut >= end), len(self.text))

    def clauses(self, sentence: Sentence) -> list[tuple[tuple[int, int], frozenset[str]]]:
        """The clauses of one of its sentences, and what each names."""
        if sentence.start not in self._clauses:
            self._clauses[sentence.start] = _clauses(self, sentence)
        return self._clauses[sentence.start]

    @cached_property
    def _clauses(self) -> dict[int, list[tuple[tuple[int, int], frozenset[str]]]]:
        return {}

    @cached_property
    def _cuts(self) -> list[int]:
        return [match.end() for match in _CLAUSE.finditer(self.text)]


def _clauses(text: Reading, sentence: Sentence) -> list[tuple[tuple[int, int], frozenset[str]]]:
    places = dict.fromkeys(text.clause(one.term.start, one.term.end) for one in sentence.claims)
    return [
        (place, frozenset[str]().union(*(one.wide for one in sentence.claims if place[0] <= one.term.start < place[1])))
        for place in places
    ]
