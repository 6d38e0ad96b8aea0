"""Values of other fluids than blood, and of things whose names only hold that of a blood value."""

from __future__ import annotations

import re

NOT_BLOOD = re.compile(
    r"urin|csf|cerebrospinal|stool|faec|fec(?:al|es)|pleural|ascit|synovial|fluid|sweat|saliva|"
    r"尿|脑脊液|粪|大?便|[胸腹]水|[胸腹]腔?积液|关节液|汗液|引流液",
    re.IGNORECASE,
)
"""A specimen that is not blood."""
_PANEL = re.compile(
    r"(?P<other>尿常规|尿液?(?:分析|检查|沉渣)|[大粪]?便常规|脑脊液(?:常规|生化|检查)?|[胸腹]水(?:常规|生化|检查|化验|[:：])|"
    r"urinalysis|urine (?:dipstick|microscopy|chemistry)|CSF)|"
    r"血常规|血生化|生化(?:全套)?|肝功能?|肾功能?|电解质|CBC|full blood count|blood|serum|plasma|labs?\b",
    re.IGNORECASE,
)
_KIND = re.compile(
    r"(?:糖化|高铁|胎儿|碳氧|游离|平均(?:红细胞)?|网织红细胞|转|前|glyc\w+|mean (?:cell|corpuscular)|met|f(?:o?e)tal|"
    r"carboxy|free|reticulocyte|pre)[ -]?$",
    re.IGNORECASE,
)
_OTHER_UNIT = re.compile(
    r"\s*(?:[%％/～~]|pg\b|fl\b|个|per\b|-\s*\d|(?:times|hours?|hrs?|h|days?|weeks?|months?|years?|minutes?|points?|th|st|nd|rd)\b|"
    r"[-–—]?(?:次|小时|天|周|个?月|年|岁|分钟|片|粒|倍|支|针|日)|x\b)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,，。;；、\n]|\.\s|\band\b")
_BEFORE, _PANEL_BEFORE = 24, 120


def of_blood(text: str, start: int, end: int, *, unit: bool) -> bool:
    """Is the value at these places one of blood, and of the very thing named?

    `unit` says whether its unit was read; without, one that is not the quantity's may follow.

    >>> of_blood("尿白细胞 25", 1, 7, unit=False), of_blood("白细胞 25", 0, 6, unit=False)
    (False, True)
    """
    clause = _CLAUSE.split(text[max(0, start - _BEFORE) : start])[-1]
    if NOT_BLOOD.search(clause) or _KIND.search(clause):
        return False
    if not unit and _OTHER_UNIT.match(text, end):
        return False
    panels = list(_PANEL.finditer(text, max(0, start - _PANEL_BEFORE), start))
    return not (panels and panels[-1]["other"])
