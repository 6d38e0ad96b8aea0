"""Beds and rooms: `12床`, `6病区08床`, `床号：12`, `301病房`, `6号位`, `南楼205`; never 卧床3天, 床旁, 病床."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.chinese import HAN, NUMERAL, any_of, ending_with, words
from bedside.deid.patterns.anchors import anywhere

_NO = rf"(?:\d{{1,4}}|[{NUMERAL}百]{{1,4}})"
_DEPARTMENT = any_of(words("beds department"))
_WARD = (
    rf"(?:(?:{_DEPARTMENT})?[一二三四五六七八九十A-Z\d]{{0,2}}(?:病区|病房|区|部)[ ,，]?"
    rf"|(?:{_NO}|[A-Z])(?:号)?(?:病区|病室|病房|护理单元|区|楼|层|科|室)[ ,，]?)"
)
_BED = re.compile(
    rf"(?<![\d.]){_WARD}{{0,2}}(?:(?:{_DEPARTMENT})[一二三四五六七八九十]?(?=\d{{1,3}}床))?(?:(?:ICU|CCU|NICU"
    rf"|PICU|RICU|EICU|SICU|MICU|A|B|C|D"
    rf"|[A-Z])[- ]?)?(?:加|\+|抢|留观|观|监|抢救|重症)? ?(?:\d{{1,4}}[-—]\d{{1,3}}"
    rf"|\d{{1,4}})(?: ?号?床)(?![位头边旁上单均日垫栏]|以)"
    rf"|(?:{_WARD})?(?<![一二三四五六七八九十])(?:加|抢)?[{NUMERAL}]{{1,3}}号?床(?![位头边旁上单均日垫])"
)
_LABEL = anywhere(
    r"(?:床 {0,4}号|床 {0,4}位|床位号|病床号|床|病室|房间号?|病房号?|房号|室号)(?: {0,3}[:|]"
    r" {0,4}| {1,4}|(?<=床号)(?=\d))"
    rf"((?:(?:{_DEPARTMENT})[一二三四五]?[ -]?)?(?:[A-Za-z+加\d]|病区|床|层|楼|区|室|号|[-—]){{1,14}})"
)
_ROOM = anywhere(
    rf"(?<![\d.])(?:{_NO}(?:号)?(?:楼|层|栋)[ ,，]?)?[A-Z]?\d{{3,4}}(?:号)?(?:病房|病室|房间|房"
    rf"|室)(?![间性速颤])|{_NO}(?:号(?:病房|病室|房间|手术间|产房|诊室)|病室)|(?:病房|房间|手术间"
    rf"|病室)\d{{1,4}}(?!\d|ml|mg|[张个间])"
)
_PLACE = anywhere(
    rf"(?:睡眠室|监测室|诊室)?{_NO}号(?:房|位|机位?(?![器]))(?![间颤性置移])|机位 ?\d{{1,3}}(?!\d)"
    rf"|(?<=留观)\d{{1,2}}(?=[ ,，])"
    rf"|(?:[东西南北A-Z一二三四五六七八九十\d]|内科|外科|住院|门诊|医技|急诊|康复|综合|病房|干部"
    rf"|老年)楼 ?\d{{3,4}}(?!\d)(?:室|房间?|号)?"
    r"|(?<![A-Za-z\d\-])\d{1,2}[A-Z]-\d{1,2}-\d{1,2}(?![\w\-])|[A-Z]区 ?\d{1,3}(?![\d个例楼层%])"
    r"|(?<=[,，至])\d{3,4}-\d{1,2}(?=[,，。\s])|^加\d{1,2}(?=[ ,，])"
    r"|(?:^|(?<=[。；，\s]))(?:监护?|抢|加)\d{1,2}(?=患者|病人|家属)"
    rf"|(?<![{HAN}])(?:{any_of(words('beds place'))}) ?[A-Z]?\d{{1,4}}(?:-\d{{1,4}})?"
    rf"(?![\d.]| ?(?:[天日次小张个例级型度床楼年月周名人台分倍%％号hmgd]|min))"
    rf"|(?<=[送在])(?:产[一二三]|特需) ?\d{{1,3}}(?!\d)"
    rf"|(?:[{NUMERAL}]{{1,3}}监区 ?)?(?<!\d)\d{{1,3}} ?号(?:间|舍|机|箱|监)(?![颤性置移器])",
    re.M,
)
_BEFORE_COUNT = re.compile(r"(?:共|开放|设|设有|编制|拥有|约|增加|新增|达|每|总|卧|展开|近|余|有)$")


def recognise_beds(text: str) -> Iterator[Candidate]:
    """Numbered beds and rooms."""
    for match in _LABEL.finditer(text):
        if re.search(r"\d", match[1]):
            yield Candidate(match.start(1), match.end(1), "BED/ROOM", 0.85, "bed in a form")
    found = ((_ROOM.finditer(text), "room"), (_PLACE.finditer(text), "numbered place"))
    for matches, name in ((ending_with("床", _BED, text), "bed"), *found):
        for match in matches:
            if re.search(rf"[\d{NUMERAL}]", match.group()) and not _BEFORE_COUNT.search(
                text[max(0, match.start() - 2) : match.start()]
            ):
                yield Candidate(match.start(), match.end(), "BED/ROOM", 0.8, name)
