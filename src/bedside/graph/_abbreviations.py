"""Abbreviations a text defines: "gastro-oesophageal reflux disease (GORD)", 慢性阻塞性肺疾病（COPD）.

English: Schwartz & Hearst 2003, "A simple algorithm for identifying abbreviation definitions in biomedical text": each
letter of the short form, from its end, is found in the long one, its first letter at a word's beginning.
"""

from __future__ import annotations

import re

_SHORT = re.compile(r"\(([A-Za-z][A-Za-z0-9-]{1,9})\)")
_SHORT_ZH = re.compile(
    r"([\u4e00-\u9fff]{3,20})[（(]\s*(?:简称)?[“\"]?([A-Za-z][A-Za-z0-9-]{1,9}|[\u4e00-\u9fff]{2,6}(?<=[症病癌炎阻衰]))[”\"]?\s*[）)]"
)
_BEFORE = re.compile(r"[^.;:()\n]*\Z")


def abbreviations(text: str) -> dict[str, str]:
    """Each short form with the long one it is defined as.

    >>> abbreviations("She has chronic kidney disease (CKD). CKD is common (see below).")
    {'CKD': 'chronic kidney disease'}
    >>> abbreviations("诊断为慢性阻塞性肺疾病（COPD）。")
    {'COPD': '诊断为慢性阻塞性肺疾病'}
    """
    found: dict[str, str] = {}
    for match in _SHORT.finditer(text):
        before = _BEFORE.search(text, 0, match.start())
        long = long_form(match[1], before[0]) if before and any(map(str.isupper, match[1])) else ""
        if long:
            found.setdefault(match[1], long)
    for match in _SHORT_ZH.finditer(text):
        found.setdefault(match[2], match[1])
    return found


def long_form(short: str, before: str) -> str:
    """The words before a short form that it stands for, "" for none."""
    words = before.split()
    most = min(len(short) + 5, 2 * len(short))
    said = " ".join(words[-most:])
    at = len(said)
    for place in range(len(short) - 1, -1, -1):
        letter = short[place].lower()
        if not letter.isalnum():
            continue
        at -= 1
        while at >= 0 and (said[at].lower() != letter or (place == 0 and at > 0 and said[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return ""
    found = said[at:].strip()
    return found if len(found) > len(short) and short not in found.split() else ""
