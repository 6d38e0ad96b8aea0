"""How often a day something is taken or done, wherever a text says so."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from bedside.cleaning.numerals import HAN, WORDS, value_of, worded

_DAYS = {"day": 1, "week": 7, "month": 30, "year": 360, "日": 1, "天": 1, "周": 7, "星期": 7, "月": 30, "年": 360}
_COUNTED = re.compile(
    rf"(?<![\d./-])(?P<n>\d{{1,2}}|{WORDS}) times (?:a|per|each|every) (?P<per>day|week|month|year)\b"
    rf"|每(?:隔)?(?P<hours>\d{{1,2}}|{HAN})个?小时[^，。；,;\d]{{0,4}}一次|[每一](?P<per_zh>日|天|周|星期|月|年)[^，。；,;\d次每]{{0,4}}(?P<n_zh>\d{{1,2}}|{HAN})次",
    re.IGNORECASE,
)
"""So many times in a span, with what is done between: 每周发作4次."""


def often(text: str) -> Iterator[tuple[int, int, float]]:
    """Where a text says how often, and how many times a day that is.

    >>> [times for _, _, times in often("500 mg bid, 二甲双胍每日三次, 70 mg once weekly")]
    [3.0, 2.0, 0.1429]
    """
    counted = [(*match.span(), _times(match)) for match in _COUNTED.finditer(text)]
    yield from counted
    for times, pattern in _rows():
        for match in pattern.finditer(text):
            if not any(start < match.end() and match.start() < end for start, end, _ in counted):
                yield match.start(), match.end(), times


def _times(match: re.Match[str]) -> float:
    if match["hours"]:
        return round(24 / _number(match["hours"]), 4)
    said = match["n"] or match["n_zh"]
    return round(_number(said) / _DAYS[(match["per"] or match["per_zh"]).lower()], 4)


def _number(said: str) -> float:
    return value_of(said) if said[0].isdigit() else float(worded(said))


@cache
def _rows() -> tuple[tuple[float, re.Pattern[str]], ...]:
    read = tomllib.loads(files("bedside.grounding").joinpath("data/often.toml").read_text(encoding="utf-8"))
    return tuple((float(row["per_day"]), _pattern(row["latin"], row["words"], read["parts"])) for row in read["often"])


def _pattern(latin: list[str], words: list[str], parts: dict[str, str]) -> re.Pattern[str]:
    short = rf"(?<![A-Za-z])(?:{'|'.join(map(re.escape, latin))})(?![A-Za-z])"
    said = [re.sub(r"\{([a-z_]+)\}", lambda part: parts[part[1]], one) for one in words]
    return re.compile("|".join([*said, short]), re.IGNORECASE)
