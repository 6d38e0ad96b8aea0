"""A text read once: its sentences, and what each claims: terms with their context, marks, figures."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from functools import cached_property

from bedside.cleaning.sentences import spans
from bedside.grounding._apart import Mark, marks
from bedside.grounding._figures import Figure, figures
from bedside.grounding._terms import Term, above, terms
from bedside.phenotypes.context import Context, Language, contexts

_CLAUSE = re.compile(r"[,，;；。、:：]|\.\s|\n|\band\b|\bbut\b")
_ALLERGY = re.compile(r"allerg|过敏|NKDA|hives|intoleran", re.IGNORECASE)
_WIDTHS = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) not in "，；：？！（）"}


@dataclass(frozen=True, slots=True)
class Claim:
    """A term and what is said of it."""

    term: Term
    context: Context
    allergic: bool = False

    @property
    def denied(self) -> bool:
        """Whether it is said not to be there."""
        return self.context.negated != self.term.denied


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
        said = frozenset[str]().union(*(claim.term.all_ids() for claim in self.claims))
        return said.union(*(above(id) for id in said))


@dataclass(frozen=True)
class Reading:
    """A text and its sentences."""

    text: str = field(repr=False)
    sentences: tuple[Sentence, ...]

    @cached_property
    def ids(self) -> frozenset[str]:
        """What is named in any of its sentences."""
        return frozenset[str]().union(*(one.ids for one in self.sentences))

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """The clause around a place."""
        cuts = self._cuts
        at = bisect_right(cuts, start)
        return (cuts[at - 1] if at else 0), next((cut for cut in cuts[at:] if cut >= end), len(self.text))

    @cached_property
    def _cuts(self) -> list[int]:
        return [match.end() for match in _CLAUSE.finditer(self.text)]


def read(text: str, lang: Language | None = None, *, whole: bool = False) -> Reading:
    """Read a text; `whole`: it is one sentence."""
    text = text.translate(_WIDTHS)
    counted = figures(text)
    found = [one for one in terms(text) if not any(_within(one, figure) for figure in counted)]
    counted = [one for one in counted if one.kind or not any(_inside(one, term) for term in found)]
    marked = [one for one in marks(text) if not any(_part_of(one, term) for term in found)]
    found = [one for one in found if one.named or not any(_within(one, mark) for mark in marked)]
    said = contexts(text, [(one.start, one.end) for one in found], lang=lang)
    claims = [Claim(term, context) for term, context in zip(found, said, strict=True)]
    places = [(0, len(text))] if whole else list(spans(text))
    return Reading(text, tuple(_sentence(text, place, claims, marked, counted) for place in places))


def _sentence(text: str, place: tuple[int, int], claims: list[Claim], marked: list[Mark], counted: list[Figure]) -> Sentence:
    start, end = place
    allergic = _ALLERGY.search(text, start, end) is not None
    own = tuple(
        replace(one, allergic=allergic and one.term.kind == "drug") for one in claims if start <= one.term.start < end
    )
    return Sentence(
        start,
        end,
        own,
        tuple(one for one in marked if start <= one.start < end),
        tuple(one for one in counted if start <= one.start < end),
    )


def _within(one: Term, other: Figure | Mark) -> bool:
    return other.start <= one.start and one.end <= other.end


def _inside(one: Figure, other: Term) -> bool:
    return other.start <= one.start and one.end <= other.end


def _part_of(one: Mark, other: Term) -> bool:
    """Whether a mark is only letters of a longer name, and no part that is said by itself."""
    inside = other.start <= one.start and one.end <= other.end and other.end - other.start > one.end - one.start
    return inside and one.set not in ("side", "height", "wall", "pace", "grade", "habit", "degree")
