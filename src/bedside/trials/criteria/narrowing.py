"""Words that narrow a condition (severe, uncontrolled, current) go to what they stand beside."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bedside.trials.criteria.fillers import contents, qualifiers
from bedside.trials.criteria.plain import JOIN

if TYPE_CHECKING:
    from bedside.trials.criteria.conditions import Reading

_WITHIN = ("uncontrolled", "active")
_BEHIND = (
    "uncontrolled",
    "decompensated",
    "active",
    "not cured",
    "recurrent",
    "advanced",
    "acute",
    "untreated",
    "unstable",
    "progressive",
    "severe",
    "mild",
    "moderate",
)
_CARRIED = ("current", "long-term", "planned", "required", "systemic")
_BESIDE = re.compile(r"[\s的性]*(?:病情|血糖|血压|得到|且|is|are|that is|which is|\()?\s*")
_BEFORE_ZH = re.compile(r"(?P<word>[\u4e00-\u9fff]{2,12})\Z")
_LONGEST = 16
"""Characters of a word that narrows; a longer one is a clause."""
_BEFORE_EN = re.compile(r"(?<![a-z-])(?P<word>[a-z][a-z-]{2,})\s\Z")
_VERBS = re.compile(
    r"影响|导致|引起|改善|预防|不能|无|未|没|非|拒绝|准备|准予|需|可能|因|致|按|经|对|后|前|时|排除|除|疑|证据|表明|指南|学会|推荐|企图|家族|ing\Z|\Bed\Z|"
    r"\A(?:except|unless|no|not|non|without|never|neither|nor|if|despite|after|before|during|until|since|because|via)\Z"
)


def narrow(reading: Reading) -> None:
    """Words such as `severe` go to what they stand beside; a name may hold one itself (血压控制不佳)."""
    for number, claim in enumerate(reading.claims):
        words = [word for _, _, word in qualifiers(reading.text[claim.start : claim.end]) if word in _WITHIN]
        if claim.kind == "diagnosis" and words and len(claim.groups[0]) == 1:
            reading.claims[number] = claim.changed(qualifiers=tuple(dict.fromkeys(words)))
    for start, end, word in qualifiers(reading.text):
        if not reading.taken.free(start, end) or _of_another(reading, start):
            continue
        for number, claim in enumerate(reading.claims):
            if claim.kind not in ("diagnosis", "finding", "medicine", "procedure"):
                continue
            before = claim.start >= end and not _between(reading, end, claim.start)
            behind = word in _BEHIND and claim.end <= start and _BESIDE.fullmatch(reading.text, claim.end, start)
            if before or behind:
                _qualify(reading, number, word, (start, end))
                break


def _of_another(reading: Reading, at: int) -> bool:
    """Does a Chinese word stand directly behind another that nothing is known of (血流动力学不稳定)?"""
    begin = max(0, at - 2)
    if reading.text[at].isascii() or not reading.taken.free(begin, at):
        return False
    found = contents(reading.text, begin, at)
    told = [last + begin for _, last, _ in qualifiers(reading.text[begin:at])]
    return bool(found) and found[-1][1] == at and at not in told and "\u4e00" <= reading.text[at - 1] <= "\u9fff"


def beside(reading: Reading) -> None:
    """Words of no list that stand directly before a name narrow it too: atrophic vaginitis, 角膜屈光手术."""
    for number, claim in enumerate(reading.claims):
        if claim.kind not in ("diagnosis", "finding", "procedure") or len(claim.groups[0]) > 1:
            continue
        pattern = _BEFORE_EN if reading.text[claim.start].isascii() else _BEFORE_ZH
        free = max(claim.start - 24, reading.taken.mask.rfind(1, 0, claim.start) + 1, 0)
        match = pattern.search(reading.text, free, claim.start)
        found = contents(reading.text, *match.span("word")) if match else []
        if match is None or not found or found[-1][1] != match.end("word"):
            continue
        start, end = found[-1]
        if not 2 <= end - start <= (_LONGEST if pattern is _BEFORE_EN else _LONGEST // 2) or _VERBS.search(
            reading.text[start:end]
        ):
            continue
        reading.taken.take(start, end)
        told = (*claim.only.qualifiers, reading.text[start:end])
        reading.claims[number] = claim.changed(qualifiers=told, also=(*claim.only.also, (start, end)))


def _between(reading: Reading, start: int, end: int) -> bool:
    """Does anything stand between a word and the name that it narrows?"""
    gap = reading.text[start:end]
    if any(sign in gap for sign in ",;、(") or reading.taken.mask[start:end].count(1):
        return not qualifiers(gap) or any(sign in gap for sign in ",;(")
    spans = contents(reading.text, start, end)
    told = [(first + start, last + start) for first, last, _ in qualifiers(gap)]
    return any(not any(a <= first and last <= b for a, b in told) for first, last in spans)


def _qualify(reading: Reading, number: int, word: str, place: tuple[int, int]) -> None:
    reading.taken.take(*place)
    kind = reading.claims[number].kind
    ascii_word = reading.text[place[0]].isascii()
    while number < len(reading.claims) and reading.claims[number].kind == kind:
        claim = reading.claims[number]
        told = tuple(dict.fromkeys((*claim.only.qualifiers, word)))
        reading.claims[number] = claim.changed(qualifiers=told, also=(*claim.only.also, place))
        number += 1
        if number == len(reading.claims) or (word not in _CARRIED and ascii_word):
            return
        gap = reading.text[claim.end : reading.claims[number].start]
        if (not (JOIN.fullmatch(gap) and gap.strip()) and gap.strip() not in ("等",)) or (
            "," in gap and not ascii_word
        ):
            return
