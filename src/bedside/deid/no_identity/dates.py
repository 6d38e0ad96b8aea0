"""What has the shape of a date and is none: lengths of time, times of day, editions of a standard, fractions."""

from __future__ import annotations

import re

from bedside.deid._recogniser import Candidate
from bedside.deid.no_identity.date_figures import is_no_day

_REACH = 20
_SHORT = re.compile(r"\d{1,2}\s?(?:月份?|/\s?\d{1,2})")
_COMPARED = re.compile(
    r"(?:小于|大于|少于|多于|低于|超过|不足|不到|至少|长达|寿命|生存期|≥|≤|<|>|＜|＞|(?:less|more|fewer|longer) than)"
    r"(?:等于)?\s?\Z"
)
_MONTH = re.compile(r"\d{1,2} ?月")
_MONTHS_BEFORE = re.compile(
    r"(?:[男女]性?[ ,，\u3000]|月龄|胎龄|疗程|第\d{1,2}[,，、]\d{0,2}[,，、]?|\d[,，、]|\d[到至~-]) ?\Z"
)
_MONTHS_AFTER = re.compile(r" ?后|龄|大(?!年)|[ ,，]{1,2}[男女]|[内间]?体重")
_NO_DATE = re.compile(
    r"(?i:(?:the )?[A-Z]\w+ )?(?:Acts?|Regulations?|Rules|Bill) (?:19|20)\d\d(?:,? s(?:\.|ection)? ?\d+)?|(?:19|"
    r"20)\d\d,? s\.? ?\d+|(?i:week) \d{1,2}|\d{1,2}/|"
    r"(?i:today|tonight|this (?:morning|afternoon|evening))|今[天日早晨晚]|明[早晨]|[春夏秋冬]{1,2}季节?|\d{1,2}余年前"
)
"""Laws, weeks that are counted, the head of a length of time, the note's own day, and seasons: "Children Act 1989",
"week 26", 2/ of 2/52, 今早, 冬春季节."""
_BRITISH = re.compile(r"\d{1,2}/(?:12|52|7)")
_BRITISH_BEFORE = re.compile(r"(?i:\b(?:in|for|x|every|after|past|rv|tcu)) ?\Z")
"""Months, weeks and days: "review in 3/12", "for 5/7"."""
_FRACTION = re.compile(r"\d{0,2}(?:\.\d)?/\d{1,2}(?:/\d{1,2})?")
_FRACTION_BEFORE = re.compile(r"[/.]\Z|\d:\Z|(?<!\d)\d{1,2}/\d{1,2} \Z")
_FRACTION_AFTER = re.compile(r"\.\d|/\d|阳性|阴性|枚|例|株| ?(?:mm|cm|mL|ml|kPa)\b")
_YEAR = re.compile(r"(?:1[89]|20)\d\d年?")
_EDITION_BEFORE = re.compile(
    r"\b(?:Acts?|Regulations?|Rules|Ordinance|Bill|Convention|FIGO|AJCC|UICC|TNM|WHO|CKD-?EPI|EPI|GOLD|GINA|NICE|AHA|"
    r"ACC|ESC|ESH|ESMO|NCCN|KDIGO|ADA|EASL|AASLD|ACR|EULAR|"
    r"IDSA|ATS|ERS|BTS|SIGN|CLSI|EUCAST|RECIST|ILAE|ISUP|McDonald|Fleischner|Bosniak|Bethesda|Rome|Beers|Baveno|"
    r"Atlanta|"
    r"Berlin|Sydney|Chicago|Tokyo|(?:BI|PI|LI|TI|Lung)-?RADS|DSM|ICD)(?:/[A-Z]{3,5})?[ ,]{0,2}\Z|"
    r"\b(?:GBZ?|WS|YY|HJ)(?:/T)? ?\d[\d.]*[-—]\Z"
)
"""Bodies and places that standards are named after, before the year of an edition: "FIGO 2018", "CKD-EPI 2021"."""
_EDITION_AFTER = re.compile(
    r"年?(?:\S{2}版|版|修订|诊断标准|分类标准|分期)| (?:criteria|guidelines?|equation|classification|edition|update)\b"
)
_COUNTED_AFTER = re.compile(r" ?(?:元|块|毫升|ml|mL|大卡|千卡|kcal|米|步|例|人次|名|份|[IiU]{1,2}/)")
"""What 2000 counts: 费用2000元, 饮水2000ml, 每日2000步."""
_PAID_BEFORE = re.compile(r"[金费款价¥￥] ?\Z")
_DAY_NUMBER = re.compile(r"\d{1,2}号")
_THING_NUMBERED = re.compile(r"窗|门|楼|厅|台|机|诊[室区]|电梯|[出入]口|通道|线|针|切口|方|地铁|试管|瓶|盒|包|套餐")
"""What is told by its number, as a day of the month is: 到3号窗口取药."""
_ORDINAL_TIME = re.compile(r"第[一二三四五六七八九十]{1,3}[年天日]|[大高][一二三四]")
_SHARE_BEFORE = re.compile(r"(?:约|近|仅|有) ?\Z")
_OF_WHOLE = re.compile(r"(?:占|比例约?|比率约?) ?\Z")
_SHARE_AFTER = re.compile(r" ?(?:的|以上|左右|患者|病例|处)")
_HOUR = re.compile(r"(?:1[89]|20)[0-5]\d")
_HOUR_BEFORE = re.compile(r"(?:[Tt]ime:?|TIME:?|[Tt]riage|TRIAGE|[Gg]iven|@|~|\b(?:[01]\d|2[0-3])[0-5]\d ?[-–]) ?\Z")
_HOUR_AFTER = re.compile(r" ?[-–] ?(?:0\d|1[0-7]|2[1-3])[0-5]\d\b| ?(?:hrs|hours|h)\b")
_AGED = re.compile(r" ?[\d一二三四五六七八九十]{1,3}(?:多|来)?岁")
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_SHORT_DAY = r"(?:mon|tues?|weds?|thur?s?|fri|sat|sun)"
_REPEATED = re.compile(
    rf"(?i:(?:on )?{_DAY}s|(?:an?|any|most|some|every|each) {_DAY}(?: (?:night|morning|evening|afternoon))?|"
    rf"{_SHORT_DAY}(?:/{_SHORT_DAY})+\.?)"
)
_GATHERED = re.compile(r" (?:night |morning |evening )?(?:group|club|choir|classe?s?|bingo|school|league)\b")
"""What one goes to every week: "attends Wednesday group"."""
_WEEKDAY = re.compile(r"(?:周|星期|礼拜)[一二三四五六日天](?:[上下]午)?")
_MORE_WEEKDAYS = re.compile(r"(?:[、,，/及和]?(?:周|星期|礼拜)?[一二三四五六日](?![\d月日号岁次种个例级型度期项])){2}")
"""Behind the first of the days of every week: 周一、三、五, 周二四六."""
_HELD = re.compile(
    r"(?:[上下]午|[全半]天)?(?:[、,，和及/](?:周|星期)?[一二三四五六日天](?:[上下]午|[全半]天)?)*"
    r"(?:均|都|固定)?(?:有?专家门诊|有?门诊|出诊|坐诊|开诊|手术日)"
)
"""Behind the weekdays on which somebody regularly sees patients: 周三下午、周五上午出诊."""
_APGAR = re.compile(r"(?i:apgar|阿氏评分)(?:评分|scores?)?[ :：]{0,2}\Z")
_IN_DAYS = re.compile(rf"(?i:{_SHORT_DAY}\.?)")
_DAYS_BEFORE = re.compile(rf"(?i:\b{_SHORT_DAY}/)\Z")
_REPEATED_BEFORE = re.compile(rf"(?i:\b(?:every|each) (?:{_DAY}(?:,| and| or| &) )?)\Z")


def is_no_date(text: str, found: Candidate) -> bool:
    """Whether what was found as a date is none, by its shape and what stands beside it.

    >>> said = "Staged IIB (FIGO 2018) in 2019"
    >>> [is_no_date(said, Candidate(at, at + 4, "DATE", 0.9, "")) for at in (17, 26)]
    [True, False]
    """
    if found.type != "DATE":
        return False
    start, end = found.start, found.end
    shown, before = text[start:end], text[max(0, start - 14) : start]
    if (
        _NO_DATE.fullmatch(shown)
        or (_SHORT.fullmatch(shown) and _COMPARED.search(before))
        or is_no_day(text, start, end)
    ):
        return True
    if _ORDINAL_TIME.fullmatch(shown) or (_BRITISH.fullmatch(shown) and _BRITISH_BEFORE.search(before)):
        return True
    for shape, is_none in _SHAPES:
        if shape.fullmatch(shown):
            return is_none(shown, before, text[end : end + _REACH])
    if _APGAR.search(before) or (shown == "今年" and _AGED.match(text, end)):
        return True
    return _recurs(text, start, end)


def _is_length(shown: str, before: str, after: str) -> bool:
    """Months as a length of time or an age: 第1、3月, 1月后, 女 11月."""
    return bool(_MONTHS_BEFORE.search(before) or _MONTHS_AFTER.match(after))


def _is_fraction(shown: str, before: str, after: str) -> bool:
    """A share, a score or one of several measures: 约1/3的患者, 9/10, 20/20/21mm."""
    if _OF_WHOLE.search(before) or (_SHARE_BEFORE.search(before) and _SHARE_AFTER.match(after)):
        return True
    return bool(_FRACTION_AFTER.match(after) or shown[0] == "/" or _FRACTION_BEFORE.search(before))


def _is_thing(shown: str, before: str, after: str) -> bool:
    return _THING_NUMBERED.match(after) is not None


def _is_count_or_edition(shown: str, before: str, after: str) -> bool:
    """What looks like a year and is an amount, the edition of a standard or a time of day."""
    if _COUNTED_AFTER.match(after) or _PAID_BEFORE.search(before):
        return True
    if _EDITION_BEFORE.search(before) or _EDITION_AFTER.match(after):
        return True
    return _HOUR.fullmatch(shown) is not None and bool(_HOUR_BEFORE.search(before) or _HOUR_AFTER.match(after))


_SHAPES = (
    (_MONTH, _is_length),
    (_FRACTION, _is_fraction),
    (_DAY_NUMBER, _is_thing),
    (_YEAR, _is_count_or_edition),
)


def _recurs(text: str, start: int, end: int) -> bool:
    """Whether weekdays are those of every week: "Mondays", "Tue/Thu", 周三下午出诊."""
    shown = text[start:end]
    if _REPEATED.fullmatch(shown):
        return True
    if _WEEKDAY.fullmatch(shown) and (_HELD.match(text, end) or _MORE_WEEKDAYS.match(text, end)):
        return True
    if _IN_DAYS.fullmatch(shown) and _DAYS_BEFORE.search(text, max(0, start - 6), start):
        return True
    if shown.endswith("day") and _GATHERED.match(text, end):
        return True
    return shown.endswith("day") and _REPEATED_BEFORE.search(text, max(0, start - 24), start) is not None
