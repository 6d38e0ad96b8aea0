"""Denied, a relative's, only possible, an allergy: whether the chart says of a thing what the sentence says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bedside.grounding._claims import Claim, Sentence
from bedside.grounding._coverage import SAME, covered, names_too
from bedside.grounding._pair import Note, Pair
from bedside.grounding._reading import TENTATIVE
from bedside.grounding._terms import Term

_FIRM = re.compile(
    r"\b(?:underwent|performed|was|were|has been|have been|had been|is being|is scheduled|scheduled for|confirmed|"
    r"showed|showing)\b|已|确诊",
    re.IGNORECASE,
)
_GRANTED = re.compile(
    r"\b(?:from|during|despite|after|since|on|while|when|due to) (?:the |her |his |an? |this |their )?\Z", re.IGNORECASE
)
"""Before what is taken for granted, and not denied with the rest."""
_OVER_BEFORE = re.compile(
    r"\b(?:no longer|stopped|(?:stay(?:s|ed|ing)?|kept|keeps?|keeping) (?:off|away from|clear of)|came off|"
    r"g(?:ave|iven) up|g(?:one|oing) without|rather than|instead of|in place of|short of|free (?:of|from)|lacks|"
    r"ran out of|without|never needed|no need (?:for|of)|said no to|"
    r"declin(?:ed|es|ing)|refus(?:ed|es|ing)|(?:did not|didn't) agree to(?: add| have| take)?)"
    r"(?: \w+)?\s*\Z|(?:不再|已经?不|戒|避免|避开|禁用|排除|拒绝|不用|用不[着上]|不必|无[需须]|不需要?|不可以|不能|"
    r"没有?用到|未用到)\Z"
)
_OVER_AFTER = re.compile(
    r"\s*(?:has |have |had |was |were |is |are |must |should |could |to |be |been |being )*"
    r"(?:gone|disappeared|resolved|went away|subsided|avoided|withheld|held|excluded|ruled out|unnecessary|refused|"
    r"declined|out of the question|off limits)\b|[已均也完全逐渐]{0,3}消失|已止|不再有"
)
"""What is said of a thing that was there and no longer is, is not to be, or was ruled out."""
_REFUSAL_BEFORE = re.compile(
    r"\b(?:declin|refus)(?:ed|es|ing) (?:the |any |further )?\Z|拒绝(?:行|做|用|接受)?\Z", re.IGNORECASE
)
_REFUSAL_AFTER = re.compile(r"\s*(?:was |were |is |has been )?(?:declined|refused)\b|已?拒绝", re.IGNORECASE)
_TELLS_OF_REFUSAL = re.compile(
    r"\b(?:declin|refus|turn(?:ed|s|ing) down|said no|offer|advis|suggest|recommend|discuss|agree|want|wish)"
    r"|拒|不愿|不肯|不同意|建议",
    re.IGNORECASE,
)
"""A sentence that has none of these, of what a chart says was refused, says that it was done."""
_LEFT_OPEN = re.compile(
    r"\b(?:(?:most )?likely|probabl[ey]|suspected|before deciding|to decide|was asked to|should (?:s?he|they|it)\b)"
    r"|不能肯定|不能确定|不确定|说不准|没有?(?:完全)?排|推测|更像|再决定|怀疑",
    re.IGNORECASE,
)
"""What a sentence leaves open, so that it may be only possible in the chart as well."""
_LISTED = re.compile(r",|，|、|;|；|\b(?:or|and|nor|but)\b|[和及与或]")


def contexts(pair: Pair) -> Iterator[Note]:
    """Denied, a relative's, only possible: what the chart says of the same thing."""
    firm = _FIRM.search(pair.said.text) is not None
    for claim in (part for one in pair.sentence.claims for part in _told(pair, one)):
        term = claim.term
        same, narrow = pair.occurrences(term)
        if claim.allergic and not claim.denied and not same and not narrow and pair.chart.lists_allergies:
            yield Note("allergy", 1.0, term.start, term.end)
        if (not same and not narrow) or term.kind in ("body", "test"):
            yield from _sure(pair, claim, same + narrow, firm)
            continue
        opposed = [one for one in same if one.denied != claim.denied]
        if not claim.denied and not _TELLS_OF_REFUSAL.search(pair.said.text):
            opposed += [one for one in same if not one.denied and _is_refused(pair.chart.text, one.term)]
        if claim.denied:
            opposed = [one for one in opposed + narrow if not one.denied and not _is_over(pair.chart.text, one.term)]
        agree = [one for one in same if one.denied == claim.denied and one not in opposed]
        agree += [one for one in narrow if one.denied == claim.denied]
        if opposed and not agree and not _explained(pair, claim):
            yield Note("polarity" if term.named else "word_denied", 1.0, term.start, term.end)
        relatives = all(one.context.family for one in same + narrow)
        if term.named and relatives and not claim.context.family:
            yield Note("person", 1.0, term.start, term.end)
        yield from _sure(pair, claim, same + narrow, firm)
        if term.kind == "drug" and all(one.allergic != claim.allergic for one in same + narrow):
            yield Note("allergy", 1.0, term.start, term.end)


def _told(pair: Pair, claim: Claim) -> list[Claim]:
    """A claim of what the chart names, or the same claim of each part of it; one character of a word is no thing."""
    parts = [
        one for one in _leaves(pair, claim.term) if one is not claim.term and (one.named or one.end - one.start > 1)
    ]
    return [claim, *(replace(claim, term=one) for one in parts)]


def together(pair: Pair) -> Iterator[Note]:
    """What a clause says of a thing where one clause of the chart holds all of it: there, or not there."""
    for low, high in {pair.said.clause(one.term.start, one.term.end) for one in pair.sentence.claims}:
        claims = [one for one in pair.sentence.claims if low <= one.term.start < high]
        leaves = [leaf for one in claims for leaf in _leaves(pair, one.term)]
        if len(leaves) < 2:
            continue
        found = [
            _denies(pair.chart.text, sentence, place, leaves)
            for sentence in pair.chart.sentences
            for place, ids in pair.chart.clauses(sentence)
            if all(covered(leaf, ids) >= SAME for leaf in leaves)
        ]
        denied = any(_not_there(pair.said.text, one) for one in claims)
        if found and all(other != denied for other in found):
            yield Note("opposite", 1.0, low, high)


def _leaves(pair: Pair, term: Term) -> tuple[Term, ...]:
    """A term that the chart names, or else its parts."""
    return (term,) if term.ids & pair.chart.ids or not term.parts else term.parts


def _denies(text: str, sentence: Sentence, place: tuple[int, int], leaves: list[Term]) -> bool:
    inside = [one for one in sentence.claims if place[0] <= one.term.start < place[1]]
    return any(_not_there(text, one) for one in inside if any(names_too(one.term, leaf) for leaf in leaves))


def _not_there(text: str, claim: Claim) -> bool:
    return claim.denied or _is_over(text, claim.term)


def _explained(pair: Pair, claim: Claim) -> bool:
    """Whether both are true: the thing is over, or told both ways here, or what is denied is a term beside it."""
    if any(one.term.ids & claim.term.ids and one.denied != claim.denied for one in pair.sentence.claims):
        return True
    if not claim.denied:
        return _is_over(pair.said.text, claim.term)
    if _GRANTED.search(pair.said.text[: claim.term.start]):
        return True
    for other in pair.sentence.claims:
        if other is not claim and other.denied and any(one.denied for one in pair.occurrences(other.term)[0]):
            first, second = sorted((claim.term, other.term), key=lambda term: term.start)
            if not _LISTED.search(pair.said.text, first.end, second.start):
                return True
    return False


def _is_over(text: str, term: Term) -> bool:
    """Whether a thing is said to be no longer there, which a denial in the chart bears out."""
    return bool(_OVER_BEFORE.search(text[: term.start]) or _OVER_AFTER.match(text, term.end))


def _is_refused(text: str, term: Term) -> bool:
    """Whether a chart says right before or behind what is given or done that it was refused; a pain cannot be."""
    return term.kind in ("care", "drug", "test") and bool(
        _REFUSAL_BEFORE.search(text[: term.start]) or _REFUSAL_AFTER.match(text, term.end)
    )


def _sure(pair: Pair, claim: Claim, found: list[Claim], firm: bool) -> Iterator[Note]:
    """What is only possible, or not so yet, said as so."""
    held = (claim.term.kind in ("finding", "drug") and claim.term.named) or (firm and claim.term.kind != "body")
    held = held and not claim.unsure and bool(found)
    left_open = TENTATIVE.search(pair.said.text) or _LEFT_OPEN.search(pair.said.text)
    if held and all(one.unsure for one in found) and not left_open:
        yield Note("certainty", 1.0, claim.term.start, claim.term.end)
