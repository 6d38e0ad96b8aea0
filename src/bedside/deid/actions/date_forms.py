"""The forms dates are written in: patterns with groups y, m, d, a and b (either order) and w (weekday)."""

from __future__ import annotations

import re

from bedside.deid.actions.numerals import ZH_DIGITS

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_MONTH = (
    r"(?P<m>(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z]))\.?"
)
_DAY = r"(?P<d>[12]\d|3[01]|0?[1-9])(?P<th>st|nd|rd|th)?(?!\d)"
_YEAR = r"(?P<y>(?<!\d)(?:1[89]|20)\d\d(?!\d))"
_SHORT = r"['’]?(?P<y>\d\d)(?!\d)"
_NUM = rf"[\d{ZH_DIGITS}十廿卅]+"
FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_YEAR}(?P<s>\s?[-/.．／—]\s?)(?P<m>\d{{1,2}})(?P=s)(?P<d>\d{{1,2}})(?!\d)",
        r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)(?!\d)",
        rf"(?P<y>\d{{4}}|\d{{2}}|[{ZH_DIGITS}]{{2,4}})\s*年\s*(?P<m>{_NUM})\s*月\s*(?P<d>{_NUM})\s*[日号]?",
        rf"(?P<y>\d{{4}}|\d{{2}}|[{ZH_DIGITS}]{{2,4}})\s*年\s*(?P<m>{_NUM})\s*月份?",
        rf"(?P<y>\d{{4}}|\d{{2}}|[{ZH_DIGITS}]{{2,4}})\s*年",
        rf"(?P<m>{_NUM})\s*月\s*(?P<d>{_NUM})\s*[日号]",
        rf"(?P<m>{_NUM})\s*月份?",
        rf"{_MONTH}\s*{_DAY},?\s+{_YEAR}",
        rf"{_DAY}\s*(?:of\s+)?{_MONTH},?\s*{_YEAR}",
        rf"(?<!\d){_DAY}[-/ ]{_MONTH}[-/ ](?:{_YEAR}|{_SHORT.replace('<y>', '<yy>')})",
        rf"{_MONTH},?\s*(?:of\s+)?{_YEAR}",
        rf"{_MONTH}[- /]?{_DAY}",
        rf"{_DAY}[- ]?(?:of\s+)?{_MONTH}",
        rf"{_MONTH}",
        rf"(?<!\d)(?P<a>\d{{1,2}})(?P<s>[-/.])(?P<b>\d{{1,2}})(?P=s)(?:{_YEAR}|{_SHORT.replace('<y>', '<yy>')})",
        rf"{_YEAR}[-/.](?P<m>1[0-2]|0?[1-9])(?!\d)",
        rf"(?<!\d)(?P<m>1[0-2]|0?[1-9])[-/]{_YEAR}",
        r"(?<!\d)(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})(?!\d)",
        rf"{_YEAR}",
        rf"(?P<w>{'|'.join(DAYS)})",
        r"(?:星期|周|礼拜)(?P<w>[一二三四五六日天])",
    )
)
CLOCK = re.compile(
    r"(?:T|(?<!\d))\d{1,2}[:：]\d{2}(?:[:：]\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2}|[AaPp]\.?[Mm]\.?)?(?!\d)"
    r"|\d{1,2}\s*[时点]\s*(?:\d{1,2}\s*分)?(?:许|左右)?"
)
LINKS = re.compile(
    r"(?:\b(?:to|and|on|the|of|in|at|from|until|through|since|early|mid|late|between|or)\b"
    r"|[-–—~～至到和与及、，,.;()（）/\s]|上午|下午|晚上?|早上?|中午|凌晨|清晨|夜间"
    r"|[初中末底]|[上中下]旬|公元)*",
    re.IGNORECASE,
)
RELATIVE = re.compile(
    r"(?:今|昨|前|明|后|当|次|隔|同)[天日晨晚年夜]|[本上下这]个?[周月年](?:[一二三四五六日天末初底])?"
    r"|去年|今年|明年|前年"
    r"|[一二两三四五六七八九十半数几\d]+余?(?:个半?)?"
    r"[天日周月年](?:半)?(?:余|多)?[之以]?[前后内]|today|yesterday|tomorrow|tonight"
    r"|(?:last|next|this)\s+(?:week|month|year|night|" + "|".join(DAYS) + r")"
    r"|(?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|several|few|a few|\d+)"
    r"\s+(?:day|week|month|year)s?\s+(?:ago|later|before|after|prior|earlier)",
    re.IGNORECASE,
)
