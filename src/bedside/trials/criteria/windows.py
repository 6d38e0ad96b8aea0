"""Time windows before today: `within 6 months prior to enrolment`, `近3个月内`; what lies ahead is told apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bedside.trials.criteria.bounds import DAYS

_ZH_NUMBERS = {
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
    "十二": 12,
    "半": 0.5,
}
_EN_NUMBERS = dict(
    zip(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
        range(1, 13),
        strict=True,
    )
) | {"a": 1, "an": 1, "half a": 0.5, "fourteen": 14, "thirty": 30, "twenty-four": 24}
_ZH_UNITS = {
    "年": "years",
    "个月": "months",
    "月": "months",
    "周": "weeks",
    "星期": "weeks",
    "个星期": "weeks",
    "天": "days",
    "日": "days",
    "小时": "hours",
    "h": "hours",
}
_EVENT = (
    r"(?:(?:本次|本)?(?:入组|入选|筛选期?|筛查|随机(?:化|分组)?|首次给药|首次用药|"
    r"首次服药|给药|用药|服药|试验开始|试验|研究开始|研究|首次使用研究药物|"
    r"使用研究药物|研究药物(?:首次)?(?:给药|使用)|研究用药|首剂(?:研究药物)?(?:给药)?|"
    r"参加(?:本)?(?:试验|研究)|签署知情同意书?|知情同意|治疗开始|治疗|手术|术|就诊|"
    r"入院|基线|访视1?|开始|入排|纳入|登记|接种|麻醉))"
)
_ZH = re.compile(
    rf"(?:在|于|自|距)?(?:(?:{_EVENT}(?:之?前)?(?:的)?)?(?P<near>最近的?|近|过去的?|"
    rf"既往|此前|前|之前|以前)?(?:的)?)(?:\(?)(?P<number>\d+(?:\.\d+)?|十二|[一二两三四五六七八九十半])\s*(?P<unit>个?月|"
    rf"年|周|个?星期|天|日|小时|h)"
    r"(?:\(?\d+天\)?|\(\d+天\))?(?P<within>(?:之|以)?内|中|里|期间|来|以来)?(?P<anchor>(?:曾)?(?=有|"
    r"曾|使用|接受|发生))?"
)
_BEFORE = re.compile(rf"{_EVENT}(?:之)?前|最近|近|过去|既往|此前|前")
_AHEAD = re.compile(
    r"(?:未来|今后|将来|预期|预计|将在?|计划在?|之后|以后|术后|后|期间及(?:研究)?结束后|"
    r"至少|每|超过|持续|满|大于|≥|>|已|连续|病程)\s*(?:的)?\s*\Z"
)
_OTHER_EVENT = re.compile(r"[\u4e00-\u9fffa-z](?<![在于自距且即或有为者])\Z")
_EN = re.compile(
    r"(?P<lead>\b(?:within|in|during|over|for|throughout)\s+(?:(?:the|a|an)\s+)?(?:(?P<past>last|"
    r"past|previous|prior|preceding|most recent)\s+)?|(?:<|≤|less than|fewer than)\s*|"
    r"(?P<bare>\b(?:(?:the|last|past|previous|preceding)\s+)+)|(?<![\w.]))"
    r"\(?(?P<number>\d+(?:\.\d+)?|one|two|three|four|five|six|seven|eight|nine|"
    r"ten|eleven|twelve|fourteen|thirty|(?<=in the past )a|an?(?= (?:year|month|"
    r"week))|half a|)(?:\s*\(\d+\))?\s*-?\s*"
    r"(?P<unit>years?|yrs?|months?|mos?\b|weeks?|wks?|days?|hours?|hrs?)(?:'|')?s?\b\)?(?P<ago>\s+ago)?"
    r"(?P<anchor>\s*(?:,\s*)?(?:before|prior to|preceding|of|from|prior|previous "
    r"to|previously|leading up to|to|at)\s*"
    r"(?:\b(?:the|study|trial|first|initial|start|starting|beginning|doses?|of|"
    r"treatment|drug|entry|entering|enrol?lment|enrolling|registration|randomi[sz]ation|"
    r"randomi[sz]ed|screening|baseline|visit|inclusion|consent|signing|informed|"
    r"administration|therapy|day|1|0|cycle|medication|this|participation|admission|"
    r"being|planned|index|hospital|hospitali[sz]ation|into|in|to|on|receiving|date|"
    r"time|receipt|intervention|product|investigational|procedure|enter|c1d1|or|"
    r"at|d1)\b\s*)*)?"
)
_EN_AHEAD = re.compile(
    r"\b(?:next|after|following|at least|more than|minimum of|>|≥|least|every|per|"
    r"upcoming|of|duration|up to|and for|expectancy)\s*\Z"
)
_EN_AFTER = re.compile(r"\s*(?:\w+\s+)?(?:after|following|post|of the last dose|thereafter|duration)\b")


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch that says when: days before today; `ahead` for what is to come or lasts."""

    start: int
    end: int
    days: float
    ahead: bool = False


def windows(text: str) -> Iterator[Window]:
    """The windows of a text in small letters, in order of languages.

    >>> [(one.days, one.ahead) for one in windows("major surgery within 4 weeks before randomisation")]
    [(28.0, False)]
    >>> [one.days for one in windows("近6个月内有脑卒中")]
    [183.0]
    """
    for match in _ZH.finditer(text):
        before = text[max(0, match.start() - 10) : match.start()]
        told = match["near"] or match["within"] or _BEFORE.search(match[0])
        if not told or (
            match["unit"] in ("月", "日")
            and not match["number"].isalpha()
            and "前" not in match[0]
            and not match["within"]
            and not match["near"]
        ):
            continue
        if re.match(r"以[上下]|龄|岁", text[match.end() :]):
            continue
        other = (
            match["near"] in ("前", "之前", "以前")
            and match.start() == match.start("near")
            and _OTHER_EVENT.search(before)
        )
        ahead = (
            bool(other)
            or bool(_AHEAD.search(before))
            or (match["near"] is None and match["within"] is None and "前" not in match[0])
        )
        number = match["number"]
        value = _ZH_NUMBERS[number] if number in _ZH_NUMBERS else float(number)
        end = match.end()
        if (
            not ahead
            and (more := re.compile(r"(?:\(?[^,;()]{0,6}\))?(?:有|曾)?(?=有|曾)").match(text, end))
            and more.end() < end
        ):
            end = more.end()
        yield Window(match.start(), end, _days(value, _ZH_UNITS[match["unit"]]), ahead)
    for match in _EN.finditer(text):
        if window := _english(text, match):
            yield window


def _english(text: str, match: re.Match[str]) -> Window | None:
    lead, number = (match["lead"] or "").strip(), match["number"]
    before = text[max(0, match.start() - 16) : match.start()]
    anchor = (match["anchor"] or "").strip()
    sure = lead.startswith("within") or bool(match["past"] or match["bare"]) or bool(match["ago"])
    real = re.match(r"(?:before|prior|preceding|previous)", anchor)
    if not number and not (match["past"] or match["bare"]):
        return None
    if not sure and not real:
        return None
    if lead.startswith("for") and not match["past"]:
        return None
    end = (
        match.end()
        if anchor not in ("of", "from", "to", "at")
        else match.end("ago")
        if match["ago"]
        else match.start("anchor")
    )
    if lead.startswith(("<", "≤", "less", "fewer")) and not (real or match["ago"]):
        return None
    ahead = bool(_EN_AHEAD.search(before)) or bool(_EN_AFTER.match(text, end))
    value = _EN_NUMBERS.get(number, 1) if not number[:1].isdigit() else float(number)
    unit = {"y": "years", "mo": "months", "w": "weeks", "d": "days", "h": "hours"}
    key = next(name for start, name in unit.items() if match["unit"].startswith(start))
    stop = end - (len(text[match.start() : end]) - len(text[match.start() : end].rstrip()))
    return Window(match.start(), stop, _days(value, key), ahead)


def _days(value: float, unit: str) -> float:
    days = value * DAYS[unit]
    return float(round(days)) if days >= 1 else round(days, 2)
