"""Windows go to what they are about: behind them at the beginning of a clause, else before them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bedside.trials.criteria.windows import Window

if TYPE_CHECKING:
    from bedside.trials.criteria.conditions import Reading

_DATED = ("diagnosis", "finding", "medicine", "procedure")


def date(reading: Reading) -> None:
    """Windows go to what they are about: behind them at the beginning of a clause, else before them."""
    for window in reading.windows:
        own = _dated(reading, window)
        if not own:
            reading.lost.append((window.start, window.end))
        for number in own:
            claim = reading.claims[number]
            place = (window.start, window.end)
            reading.claims[number] = claim.changed(within_days=window.days, also=(*claim.only.also, place))


def _dated(reading: Reading, window: Window) -> list[int]:
    chinese = not reading.text[window.start : window.end].isascii()
    first, last = _clause(reading, window.start)
    before = [
        n
        for n, one in enumerate(reading.claims)
        if one.kind in _DATED and first <= one.start and one.end <= window.start
    ]
    after = [n for n, one in enumerate(reading.claims) if one.kind in _DATED and window.end <= one.start < last]
    if not chinese and before:
        gap = reading.text[reading.claims[before[-1]].end : window.start]
        if not re.search(r"\bwho\b|\bhave\b|\bhas\b|,", gap) or not after:
            return _run_before(reading, before)
    if chinese and not after:
        return before
    stop = len(reading.text)
    for other in reading.windows:
        if other.start > window.start:
            stop = min(stop, other.start)
    own = [n for n in after if reading.claims[n].start < stop]
    if not chinese:
        return own
    kept: list[int] = []
    for n in own:
        gap = reading.text[reading.claims[kept[-1]].end if kept else window.end : reading.claims[n].start]
        if kept and "(" in gap and not re.search(r"\)|如|包括|即|包含", gap):
            break
        if kept and "," in gap and not re.search(r",\s*(?:或|及|和|以及|包括|如)", gap):
            break
        kept.append(n)
    return kept or before


def _run_before(reading: Reading, before: Sequence[int]) -> list[int]:
    """The names of one list, back from a window."""
    own = [before[-1]]
    listed = False
    for number in reversed(before[:-1]):
        gap = reading.text[reading.claims[number].end : reading.claims[own[-1]].start]
        if re.search(r"\bor\b|\band\b|/", gap):
            listed = "," in gap or listed
            own.append(number)
        elif "," in gap and listed and not re.search(r"\bwho\b|\bwith\b", gap):
            own.append(number)
        else:
            break
    dated = [n for n in own if reading.claims[n].only.within_days is None]
    return sorted(dated)


def _clause(reading: Reading, at: int) -> tuple[int, int]:
    first = max((reading.text.rfind(sign, 0, at) for sign in (";", ". ", "\n")), default=-1) + 1
    ends = [end for sign in (";", ". ", "\n") if (end := reading.text.find(sign, at)) >= 0]
    return first, min(ends, default=len(reading.text))
