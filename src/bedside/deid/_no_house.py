"""What was taken for a house and says only what it is for: "Rapid Access Chest Pain Clinic", "Falls Service"."""

from __future__ import annotations

import re

from bedside.deid._en_lexicon import group, lexicon
from bedside.deid._en_medical import is_finding_word
from bedside.deid._recogniser import Candidate

_KIND = re.compile(
    r"(?i:clinics?|cent(?:er|re)s?|services?|units?|teams?|program(?:me)?s?|lounge|department|dept|lab|suite|surgery|health|"
    r"imaging|medicine|rehab)\Z"
)
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*|\d+")
_LINKS = frozenset(["of", "and", "the", "for", "at", "in", "to", "a", "s"])
_TELLS_NOTHING = group("generic") | group("services") | _LINKS


def is_no_house(text: str, found: Candidate) -> bool:
    """Whether a clinic, unit or team has no name of its own, only what it treats, whom and how.

    >>> said = ["Stroke Prevention Clinic", "Marlow Creek Stroke Clinic", "Mercy Hospital"]
    >>> [is_no_house(one, Candidate(0, len(one), "HOSPITAL", 0.9, "")) for one in said]
    [True, False, False]
    """
    if found.type not in ("HOSPITAL", "ORG"):
        return False
    *words, last = _WORD.findall(text[found.start : found.end]) or [""]
    return _KIND.match(last) is not None and all(_is_plain(word.lower().replace("’", "'")) for word in words)


def _is_plain(word: str) -> bool:
    if word in _TELLS_NOTHING or word.isdecimal():
        return True
    parts = word.split("-")
    return is_finding_word(word, lexicon()) or (len(parts) > 1 and all(part in _TELLS_NOTHING for part in parts))
