"""Ages over 89: `92岁`, `九十二岁`, `年龄：101`, `百岁老人`; 88岁 and limits such as `18-90岁` stay."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.deid._recogniser import Candidate
from bedside.deid.patterns.anchors import anywhere

_OVER = r"(?:9\d|1[0-3]\d)"
_OVER_ZH = r"(?:九十[一二三四五六七八九]?|一?百零?[一二三四五六七八九]?|一百一?十[一二三四五六七八九]?)"
_YEARS = anywhere(
    rf"一?百岁零[一二两三四五六七八九十]{{1,2}}个?月"
    rf"|(?<![\d.\-~～—至到≥≤<>/])(?<![≥≤<>] ){_OVER}(?:\.\d)? ?(?:周岁|岁|歲|虚岁)(?![以及]上"
    rf"|以下|以内|组|或以)|{_OVER_ZH}(?:余|多)?(?:周岁|岁|歲|高龄)(?!以上|以下)|九旬|百岁(?=老"
    rf"|高|寿)|期颐之年|九十有[一二三四五六七八九]|(?<=虚)九十[一二三四五六七八九]?(?=[,，。;；])"
)
_LABEL = anywhere(rf"(?:年 {{0,4}}龄|实足年龄|周岁)[)）]? {{0,3}}[:|为] {{0,4}}({_OVER})(?![\d.\-~～—])")
_AFTER_SEX = anywhere(rf"[男女][,，/ |、]{{1,3}}({_OVER})(?=[,，。/ |、\n]|$)")
_SPOKEN = anywhere(r"(?<=[,，都已快她他])(9\d|10\d)(?:了|啦)(?=[,，。;；!])")
_RANGE = re.compile(r"(?:大于|小于|超过|不超过|低于|高于|至|到|以上|年龄[在于]|上限|介于|≥|≤|>|<|=|~|-|满) ?$")


def recognise_ages(text: str) -> Iterator[Candidate]:
    """Ages of 90 and more; not limits and ranges of ages."""
    for match in _YEARS.finditer(text):
        if not _RANGE.search(text[max(0, match.start() - 4) : match.start()]):
            yield Candidate(match.start(), match.end(), "AGE_OVER_89", 0.85, "age over 89")
    for rule in (_LABEL, _AFTER_SEX, _SPOKEN):
        for match in rule.finditer(text):
            yield Candidate(match.start(1), match.end(1), "AGE_OVER_89", 0.85, "age over 89 in a form")
