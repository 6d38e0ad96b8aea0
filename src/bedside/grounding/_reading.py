"""Reads a text once: its sentences, and what each claims: terms with their context, marks, figures."""

from __future__ import annotations

import re
from dataclasses import replace

from bedside.cleaning.normalize import narrow
from bedside.cleaning.sentences import spans
from bedside.grounding._apart import Mark, marks
from bedside.grounding._claims import ALLERGIES, Claim, Reading, Sentence
from bedside.grounding._derived import shown
from bedside.grounding._figures import Figure, figures
from bedside.grounding._kin import of_relatives
from bedside.grounding._terms import Term, terms
from bedside.phenotypes._numbers import Level
from bedside.phenotypes.context import Context, Language, contexts

_ALLERGY = re.compile(r"(?:allerg\w*|过敏|intoleran\w+)[^.;。；]*\Z", re.IGNORECASE)
_ALLERGY_OF = re.compile(r"[^,，.;。]{0,6}(?:过敏|allerg|(?:gives?|causes?|makes?) \w+)", re.IGNORECASE)
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


def read(text: str, lang: Language | None = None, *, whole: bool = False) -> Reading:
    """Read a text; `whole`: it is one sentence."""
    text = narrow(text)
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
    low, high = _doubtful(text, start, end)
    own = tuple(
        replace(
            one,
            allergic=_allergic(text, start, one.term),
            tentative=low <= one.term.start < high or bool(_NOT_KNOWN.match(text, one.term.end)),
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


def _doubtful(text: str, start: int, end: int) -> tuple[int, int]:
    """The part of a sentence that is only possible: behind the word that says so, or all of it about an "if".

    A doubt in brackets says nothing of what is around them.
    """
    doubt = TENTATIVE.search(text, start, end)
    if doubt is None:
        return end, end
    opening, closing = text.rfind("(", start, doubt.start()), text.find(")", doubt.end(), end)
    if opening >= 0 and text.find(")", opening, doubt.start()) < 0 <= closing:
        start, end = opening, closing
    return start if doubt.group().lower().startswith(("if", "when", "once")) else doubt.end(), end


def _allergic(text: str, start: int, term: Term) -> bool:
    """Whether a medicine is named as one that is not borne: behind the word, right before it, or within it."""
    if term.kind != "drug":
        return any(one.kind == "drug" for one in term.parts) and bool(ALLERGIES.search(text, term.start, term.end))
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
