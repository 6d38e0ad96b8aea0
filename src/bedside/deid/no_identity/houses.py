"""What was taken for a house and is none: "Rapid Access Chest Pain Clinic", "Falls Service", 中华医学会."""

from __future__ import annotations

import re

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.english import group, lexicon
from bedside.deid.lexicon.english_medical import is_finding_word

_KIND = re.compile(
    r"(?i:clinics?|cent(?:er|re)s?|services?|units?|teams?|program(?:me)?s?|lounge|department|dept|lab|suite|surgery|health|"
    r"imaging|medicine|rehab)\Z"
)
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*|\d+")
_LINKS = frozenset(["of", "and", "the", "for", "at", "in", "to", "a", "s"])
_TELLS_NOTHING = group("generic") | group("services") | _LINKS
_SOCIETY = re.compile(
    r"[^\u4e00-\u9fff]{0,3}[按据]?(?:中华|中国|国家|国际|世界|全国|美国|英国|欧洲|亚太|亚洲|北美|日本|德国|加拿大|澳大利亚)"
    r"[\u4e00-\u9fff]{0,16}(?:学会|协会|联盟|组织|学组|协作组|委员会|管理局|卫健委|卫生部)"
)
"""Bodies that write guidelines for everyone."""


def is_no_house(text: str, found: Candidate) -> bool:
    """Whether a clinic or team has no name of its own, only what it treats, whom and how, or is a learned society.

    >>> said = ["Stroke Prevention Clinic", "Marlow Creek Stroke Clinic", "Mercy Hospital"]
    >>> [is_no_house(one, Candidate(0, len(one), "HOSPITAL", 0.9, "")) for one in said]
    [True, False, False]
    """
    if found.type not in ("HOSPITAL", "ORG"):
        return False
    societies = _SOCIETY.finditer(text, max(0, found.start - 16), found.end + 16)
    if any(one.start() <= found.start and found.end <= one.end() for one in societies):
        return True
    *words, last = _WORD.findall(text[found.start : found.end]) or [""]
    return _KIND.match(last) is not None and all(_is_plain(word.lower().replace("’", "'")) for word in words)


def _is_plain(word: str) -> bool:
    if word in _TELLS_NOTHING or word.isdecimal():
        return True
    parts = word.split("-")
    return is_finding_word(word, lexicon()) or (len(parts) > 1 and all(part in _TELLS_NOTHING for part in parts))
