"""How often a day something is taken or done, wherever a text says so."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files


def often(text: str) -> Iterator[tuple[int, int, float]]:
    """Where a text says how often, and how many times a day that is.

    >>> [times for _, _, times in often("500 mg bid, 二甲双胍每日三次, 70 mg once weekly")]
    [3.0, 2.0, 0.1429]
    """
    for times, pattern in _rows():
        for match in pattern.finditer(text):
            yield match.start(), match.end(), times


@cache
def _rows() -> tuple[tuple[float, re.Pattern[str]], ...]:
    read = tomllib.loads(files("bedside.grounding").joinpath("data/often.toml").read_text(encoding="utf-8"))
    return tuple((float(row["per_day"]), _pattern(row["latin"], row["words"], read["parts"])) for row in read["often"])


def _pattern(latin: list[str], words: list[str], parts: dict[str, str]) -> re.Pattern[str]:
    short = rf"(?<![A-Za-z])(?:{'|'.join(map(re.escape, latin))})(?![A-Za-z])"
    said = [re.sub(r"\{([a-z_]+)\}", lambda part: parts[part[1]], one) for one in words]
    return re.compile("|".join([*said, short]), re.IGNORECASE)
