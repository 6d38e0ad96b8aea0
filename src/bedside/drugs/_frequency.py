"""How often in a day, in English, Latin abbreviations and Chinese: 3 for tid, 1/7 for weekly."""

from __future__ import annotations

import re

from bedside.drugs._written import NUMBER, number

_TIMES = {"once": 1.0, "twice": 2.0, "thrice": 3.0}
_N = rf"(?P<n>once|twice|thrice|{NUMBER})"
_WEEK, _MONTH = 7.0, 30.0
_FIXED: tuple[tuple[float, str], ...] = (
    (1 / _MONTH, r"monthly|once a month|every month|每月(?:一次|1次)?|每个月"),
    (1 / 14, r"every (?:2|two) weeks|every other week|fortnightly|q2w|每(?:两|2|二)周"),
    (0.5, r"every other day|alternate days?|qod|q\.o\.d\.?|q48h|隔日|隔天"),
    (4.0, r"four times daily|qid|q\.i\.d\.?|qds|一日四次"),
    (3.0, r"tid|t\.i\.d\.?|tds|三餐(?:前|后|时)?|每餐(?:前|后)?|with (?:each|every) meal|早中晚(?:各)?"),
    (2.0, r"bid|b\.i\.d\.?|bds?|早晚(?:各)?|morning and (?:night|evening)|2/日"),
    (
        1.0,
        r"once daily|qd|q\.d\.?|o\.d\.|od|qam|qpm|qhs|q\.h\.s\.?|qn|nocte|mane|every (?:day|night|morning|evening)|"
        r"each (?:day|night|morning|evening)|nightly|at (?:night|bedtime)|in the (?:morning|evening)|hs|q24h|"
        r"每晚|每早|每晨|睡前|晨起|晨服|顿服|清晨|每日清晨|晚上|早上",
    ),
    (1 / _WEEK, r"(?:once[ -])?weekly|once a week|every week|each week|q\.?w|qwk|per week|每周|每星期|/wk|/week|/周"),
    (1.0, r"daily|a day|per day|/day|/d|/24 ?h|每日|每天|一日|一天|日服|/日|/天"),
    (1.0, r"stat|single dose|one[- ]off|×1|x1|立即|单次|即刻"),
)
_LATIN = r"(?<![A-Za-z])(?:{})(?![A-Za-z])"
_EVERY = re.compile(
    r"(?:every|q)\s*(?P<low>\d+)(?:\s*(?:-|–|to)\s*\d+)?\s*"
    r"(?P<unit>hours?|hourly|hrs?|h|days?|d|weeks?|wks?)(?![a-z])|"
    rf"(?P<hourly>{NUMBER})[- ]hourly|"
    rf"每(?:隔)?\s*(?P<zlow>{NUMBER})(?:\s*[-~～至]\s*\d+)?\s*(?:个)?(?P<zunit>小时|h|天|日|周)",
    re.IGNORECASE,
)
_HOURLY = re.compile(
    r"(?:every|each) hour|(?<![A-Za-z])(?:hourly|qh)(?![A-Za-z])|每(?:隔)?(?:1|一)?个?小时", re.IGNORECASE
)
_INFUSED = re.compile(r"infus|\bpump|drip|静[脉滴推]|泵|维持|持续|输注|滴注", re.IGNORECASE)
"""With these an amount an hour is a rate, not a dose that is given 24 times."""
_COUNTED = re.compile(
    rf"(?:up to )?(?:{NUMBER}\s*(?:-|to)\s*)?{_N}(?:\s*(?:times|x|doses))?\s*"
    r"(?:(?:a|per|each|every|/)\s*(?P<per>day|d|week|wk)(?![a-z])|"
    r"(?P<adverb>daily|weekly)(?![a-z]))",
    re.IGNORECASE,
)
_COUNTED_ZH = re.compile(
    rf"(?:每|一|1)(?P<per>日|天|周|星期)\s*(?:服用|口服|服)?\s*(?:{NUMBER}\s*[-~～至到]\s*)?(?P<n>{NUMBER})\s*[次回]|"
    rf"(?P<n2>{NUMBER})\s*次\s*[/每]\s*(?P<per2>日|天|d|周)|日\s*(?P<n3>{NUMBER})\s*次|(?P<n4>[1-6])/日",
    re.IGNORECASE,
)
_DIVIDED = re.compile(
    rf"(?:in|divided(?: into)?|into)\s+(?P<n>{NUMBER})(?:\s*(?:-|to)\s*{NUMBER})?\s+"
    r"(?:equal(?:ly)?\s+)?(?:divided\s+)?doses|"
    rf"divided\s+(?P<latin>bid|tid|qid|q\d+h)|分\s*(?:成|为)?\s*(?:{NUMBER}\s*[-~～至]\s*)?(?P<zh>{NUMBER})\s*次",
    re.IGNORECASE,
)


def divided(text: str) -> float | None:
    """Into how many doses a day's amount is divided.

    >>> divided("5 mg/kg/day in 2 divided doses"), divided("每日 1.5 g，分3次口服")
    (2.0, 3.0)
    """
    match = _DIVIDED.search(text)
    if match is None:
        return None
    return per_day(match["latin"]) if match["latin"] else number(match["n"] or match["zh"])


def per_day(text: str) -> float | None:
    """Doses a day; None where nothing is said.

    >>> per_day("500 mg tid"), per_day("every 6 hours"), per_day("一日3次"), per_day("每小时1mg")
    (3.0, 4.0, 3.0, 24.0)
    >>> per_day("10 mg weekly")
    0.14285714285714285
    """
    return _every(text) or _hourly(text) or _counted(text) or _fixed(text)


def _every(text: str) -> float | None:
    match = _EVERY.search(text)
    if match is None:
        return None
    count = number(match["low"] or match["hourly"] or match["zlow"])
    unit = (match["unit"] or match["zunit"] or "h").casefold()
    hours = 24.0 if unit[0] in "d天日" else 24.0 * _WEEK if unit[0] in "w周" else 1.0
    return 24.0 / (count * hours) if count else None


def _hourly(text: str) -> float | None:
    return 24.0 if _HOURLY.search(text) and not _INFUSED.search(text) else None


def _counted(text: str) -> float | None:
    if match := _COUNTED.search(text):
        times = _TIMES.get(match["n"].casefold()) or number(match["n"])
        said = (match["per"] or match["adverb"]).casefold()
        return times / (_WEEK if said.startswith("w") else 1.0) if times else None
    match = _COUNTED_ZH.search(text)
    said = match and (match["n"] or match["n2"] or match["n3"] or match["n4"])
    if not match or not said:
        return None
    weekly = (match["per"] or match["per2"] or "") in ("周", "星期")
    return (number(said) / (_WEEK if weekly else 1.0)) or None


def _fixed(text: str) -> float | None:
    """The first of the wordings in the order of the table."""
    return next((times for times, pattern in _PATTERNS if pattern.search(text)), None)


_PATTERNS = [(times, re.compile(_LATIN.format(words), re.IGNORECASE)) for times, words in _FIXED]
