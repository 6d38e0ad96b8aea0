"""What was taken for a person, a house or a number and is none: trials, cited authors, plants, diseases, codes."""

from __future__ import annotations

import re

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.english import lexicon
from bedside.deid.lexicon.english_medical import is_finding_word

_NAMED = ("NAME", "STAFF", "HOSPITAL", "ORG")
_NUMBERED = ("ID", "PHONE", "ACCOUNT", "BED/ROOM")
_HOTLINE = r"(?:000|11[0129]|12[02]|911|988|99[59]|12(?:110|315|320|333|338|345|348|355|356|393))"
_EVERYONES = re.compile(rf"{_HOTLINE}(?:[或、/,，和及]{_HOTLINE})*")
"""Emergencies and public services, among them the hotlines of Chinese ministries."""
_SHOUTED = re.compile(r"[A-Z][A-Z0-9-]{2,}(?:,? [A-Z0-9-]{2,})*")
_TRIALS = re.compile(
    r"(?:[-/]?[\w-]*)(?:(?:, |,? and | or |/)[A-Z][\w-]{3,}){0,4} "
    r"(?:(?i:trials?|stud(?:y|ies)|registry|investigators|regimen))\b"
)
"""What follows the first of some trials: "KATHERINE and CLEOPATRA trials"."""
_CITED = re.compile(r",? et al\b|['’]s wort\b")
_BEFORE_CITED = (" et", ", et", "'s w", "’s w")
_PHRASE = re.compile(
    r"\b(?:D\.O\.[ABDS]|M\.R\.N|P\.C\.P|H\.P\.I|P\.M\.H)\b\.?|\bet al\b|\bSt\.? John['’]s [Ww]ort|"
    r"\b[Cc]harl(?:ie|ey)[ -][Hh]orses?\b"
)
"""Labels with full stops, and phrases whose pieces look like names."""
_ROLE = re.compile(
    r"[a-z]+(?:ologist|iatrist|itionist|etist|ivist|italist|turnist|therapist|graphist|scopist|dontist)s?"
)
"""Who does it, not what he is called: "Seen by Hospitalist"."""
_CODES = re.compile(r"(?:\d{5}, ?)+\d{5}(?!\d)")
"""Services as they are billed: 99214, 93000."""
_CLOCKS = re.compile(r"(?<![\w-])(?:[01]\d|2[0-3])[0-5]\d ?[-–] ?(?:[01]\d|2[0-3])[0-5]\d(?![\w-])")
"""From when to when: 1405-1450."""
_CATALOGUED = re.compile(
    r"\b(?i:(?:model|catalogue|catalog|cat|style|item|part|reagent|product)(?: (?:no|number|code|ref))?|"
    r"reagent ref)\b[.:# ]{0,3}\Z"
)
"""What every piece of a kind has: "Model no. AF-2217-R", "reagent ref 07P52-20"."""
_STANDARDS = re.compile(r"\b(?:GBZ?|WS|YY|HJ|ISO|IEC)(?:/T)? ?\d[\d.]*[-—]\d{4}")
"""National and international standards by number and year: GBZ 188-2014."""
_INNER_CODES = re.compile(r"[\d, ]+")


def is_no_name(text: str, found: Candidate) -> bool:
    """Whether a name is that of a trial, an author or a plant, or a number one of a list of codes.

    >>> said = "As in the KATHERINE trial; KATHERINE agreed"
    >>> [is_no_name(said, Candidate(at, at + 9, "NAME", 0.9, "")) for at in (10, 27)]
    [True, False]
    """
    start, end = found.start, found.end
    if found.type in _NUMBERED and _CATALOGUED.search(text, max(0, start - 24), start):
        return True
    if found.type in _NUMBERED or found.type == "AGE_OVER_89":
        return _is_listed(text, found)
    if found.type not in _NAMED:
        return False
    if text.startswith(_BEFORE_CITED, end) and _CITED.match(text, end):
        return True
    if end - start > 7 and _is_of_medicine(text[start:end].lower()):
        return True
    if end - start < 16 and _inside(_PHRASE, text, found):
        return True
    if not text[start : start + 2].isupper():
        return False
    return _TRIALS.match(text, end) is not None and _SHOUTED.fullmatch(text, start, end) is not None


def _is_listed(text: str, found: Candidate) -> bool:
    """Whether a number is everyone's, one of a list of codes, of a standard, or from when to when."""
    start, end = found.start, found.end
    if _EVERYONES.fullmatch(text, start, end):
        return True
    if _INNER_CODES.fullmatch(text, start, end) and _inside(_CODES, text, found):
        return True
    if "-" in text[start:end] and _inside(_STANDARDS, text, found):
        return True
    return end - start <= 9 and _inside(_CLOCKS, text, found)


def _is_of_medicine(word: str) -> bool:
    return is_finding_word(word, lexicon()) or (_ROLE.fullmatch(word) is not None and not lexicon().is_name(word))


def _inside(pattern: re.Pattern[str], text: str, found: Candidate) -> bool:
    around = pattern.finditer(text, max(0, found.start - 42), found.end + 42)
    return any(one.start() <= found.start and found.end <= one.end() for one in around)
