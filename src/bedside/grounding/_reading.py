"""A text read once: its sentences, and what each claims: terms with their context, marks, figures."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from functools import cached_property

from bedside.cleaning.sentences import spans
from bedside.drugs import Order, orders
from bedside.grounding._apart import Mark, marks, siblings
from bedside.grounding._derived import shown
from bedside.grounding._figures import Figure, figures
from bedside.grounding._kin import of_relatives
from bedside.grounding._terms import Term, above, terms
from bedside.phenotypes._numbers import Level
from bedside.phenotypes.context import Context, Language, contexts

_CLAUSE = re.compile(r"[,，;；。、:：]|\.\s|\n|\band\b|\bbut\b")
_ALLERGY = re.compile(r"(?:allerg\w*|过敏|intoleran\w+)[^.;。；]*\Z", re.IGNORECASE)
_ALLERGY_OF = re.compile(r"[^,，.;。]{0,6}(?:过敏|allerg|(?:gives?|causes?|makes?) \w+)", re.IGNORECASE)
_ALLERGIES = re.compile(r"\ballerg(?:ies|ic)\b|\bNKD?A\b|过敏", re.IGNORECASE)
TENTATIVE = re.compile(
    r"\b(?:if|consider(?:ing)?|discuss(?:ed)?|should .{0,30} (?:develop|occur)|in case|might|may need|would|unless|"
    r"possible|rule out|r/o|when [^.;]{0,20}[<>≤≥]|once (?:stable|cleared))\b|"
    r"(?:^|(?<=[，,；;。、\s]))(?:如(?!下|前|上)|若|一旦)|必要时|可考虑|拟|风险|不排除|待排",
    re.IGNORECASE,
)
"""Behind which a thing is only possible, or not done yet."""
_NOT_KNOWN = re.compile(
    r"(?:史)?(?:不详|待排|待查|风险)|(?:结果)?(?:待回报|未回报|待回|未回)|\s*(?:unknown|not known|risk)|"
    r"(?: results?)?(?: is| are| still)* (?:awaited|pending)\b"
)
_NONE_OF = re.compile(r"(?<!\d)0\s*/\s*\d+\s*\(?\s*\Z|(?<![\d.])0\s+\Z")
SPOKEN = ("side", "height", "wall", "grade", "habit", "degree", "depth", "thickness")
"""Sets whose words are said by themselves within a longer name too ("right knee pain")."""
DENIABLE = ("amount", "course", "doing", "normality", "passing", "outcome")
"""Sets of which a denial says something; "no pain on the left" is of the pain."""
_WIDTHS = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) not in "，；：？！（）"}


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
        return bool(_ALLERGIES.search(self.text))

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


def read(text: str, lang: Language | None = None, *, whole: bool = False) -> Reading:
    """Read a text; `whole`: it is one sentence."""
    text = text.translate(_WIDTHS)
    counted = figures(text)
    found = [one for one in terms(text) if not any(_within(one, figure) for figure in counted)]
    counted = [one for one in counted if not any(_inside(one, term) for term in found if _names_number(one, term))]
    marked = _settled([one for one in marks(text) if not any(_part_of(one, term) for term in found)], found)
    found = [
        one
        for one in found
        if not any(_within(one, mark) and (not one.named or _says_all(one, mark)) for mark in marked)
    ]
    levels: list[Level] = []
    if not whole:
        derived = shown(text, counted, _sex(marked))
        found, marked = [*found, *derived.found], [*marked, *derived.told]
        levels = derived.levels
    places = [*((one.start, one.end) for one in found), *((one.start, one.end) for one in marked)]
    kin = list(of_relatives(text))
    said = [_of_kin(one, place, kin) for one, place in zip(contexts(text, places, lang=lang), places, strict=True)]
    claims = [Claim(term, _zero(text, term, context)) for term, context in zip(found, said, strict=False)]
    marked = [
        replace(one, denied=context.negated and one.set in DENIABLE)
        for one, context in zip(marked, said[len(found) :], strict=True)
    ]
    bounds = [(0, len(text))] if whole else list(spans(text))
    return Reading(text, tuple(_sentence(text, place, claims, marked, counted) for place in bounds), tuple(levels))


def _of_kin(context: Context, place: tuple[int, int], kin: list[tuple[int, int]]) -> Context:
    """A mention where the text tells of a relative is the relative's."""
    return replace(context, family=True) if any(low <= place[0] < high for low, high in kin) else context


def _settled(marked: list[Mark], found: list[Term]) -> list[Mark]:
    """Marks without those that mean something else here: who has quit no longer smokes, pains are not "started"."""
    quit = any(one.set == "habit" and one.value in ("quit", "never") for one in marked)
    ordered = any(one.kind in ("drug", "care") for one in found)
    return [
        one
        for one in marked
        if not (one.set == "habit" and one.value in ("smokes", "before") and quit) and (one.set != "doing" or ordered)
    ]


def _sex(marked: list[Mark]) -> str | None:
    """The sex that is said first."""
    return next((one.value for one in marked if one.set == "sex"), None)


def _zero(text: str, term: Term, context: Context) -> Context:
    """None of so many ("0/3 转移") is a denial."""
    return replace(context, negated=True) if _NONE_OF.search(text[max(0, term.start - 12) : term.start]) else context


def _sentence(
    text: str, place: tuple[int, int], claims: list[Claim], marked: list[Mark], counted: list[Figure]
) -> Sentence:
    start, end = place
    doubt = TENTATIVE.search(text, start, end)
    doubtful = (
        end if doubt is None else start if doubt.group().lower().startswith(("if", "when", "once")) else doubt.end()
    )
    own = tuple(
        replace(
            one,
            allergic=_allergic(text, start, one.term),
            tentative=one.term.start >= doubtful or bool(_NOT_KNOWN.match(text, one.term.end)),
        )
        for one in claims
        if start <= one.term.start < end
    )
    return Sentence(
        start,
        end,
        own,
        tuple(one for one in marked if start <= one.start < end),
        tuple(one for one in counted if start <= one.start < end),
    )


def _allergic(text: str, start: int, term: Term) -> bool:
    """Whether a medicine is named as one that is not borne: behind the word, right before it, or within it."""
    if term.kind != "drug":
        return any(one.kind == "drug" for one in term.parts) and bool(_ALLERGIES.search(text, term.start, term.end))
    return bool(_ALLERGY.search(text[start : term.start]) or _ALLERGY_OF.match(text[term.end : term.end + 16]))


def _within(one: Term, other: Figure | Mark) -> bool:
    return other.start <= one.start and one.end <= other.end


def _inside(one: Figure, other: Term) -> bool:
    return other.start <= one.start and one.end <= other.end


def _names_number(one: Figure, other: Term) -> bool:
    """Whether a number in a name is only part of the name: "2-hour glucose", "type 2 diabetes"."""
    return not one.kind or (other.kind == "test" and other.named)


def _says_all(one: Term, mark: Mark) -> bool:
    """Whether a name is nothing but a mark ("elevated" is a direction before it is a raised limb)."""
    return (
        not any(part.named for part in one.parts)
        and (one.start, one.end) == (mark.start, mark.end)
        and mark.set in ("amount", "course", "doing", "degree", "result", "normality", "pace")
    )


def _part_of(one: Mark, other: Term) -> bool:
    """Whether a mark is only letters of a longer name, and no part that is said by itself."""
    inside = other.start <= one.start and one.end <= other.end and other.end - other.start > one.end - one.start
    measured = one.set in ("amount", "normality") and any(part.kind == "test" for part in other.parts)
    return inside and not measured and one.set not in SPOKEN
