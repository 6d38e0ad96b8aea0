"""Makes one list of spans of overlapping candidates: the better one wins, what sticks out is kept, neighbours join."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable

from bedside.deid._recogniser import Candidate
from bedside.types import IDENTITY_TYPES, Span

OUR_TAG = re.compile(r"\[(?:" + "|".join(re.escape(name) for name in IDENTITY_TYPES) + r")\]")
"""A tag this package wrote: never identity, so that tagging twice changes nothing by rules or by what the chart knows.
The tagger reads by neighbours, of which a tag is one: on a second reading it may take out more, never less."""

_REST_SCORE = 0.5
_NUMBERED = ("ID", "PHONE", "ACCOUNT")
_OFF_A_WORD = re.compile(
    r"(?:(?<=[ \u3000])[\u4e00-\u9fff]|(?<=[ \u3000]{2})[\u4e00-\u9fff][ \u3000]*)(?=[\u4e00-\u9fff])"
)
"""The first character of the word behind a blank: 蒲松　第一助手."""
_SIGN_OF_ION = re.compile(r"\s[A-Z][a-z]?(?=[+\u207a\u00b2])")
_NO_START = ".,;:)-–，。、；：）"
_NEW_SENTENCE = re.compile(r"\s?[.;。；]\s")
_NO_END = ",;:，。、；："
_GAPS = {
    "AGE_OVER_89": re.compile(r"[ -]?\Z"),
    "ADDRESS": re.compile(r"[ \t]*[,，、]?[ \t]*\Z"),
    "DATE": re.compile(r"[ \t]?[至到]?[ \t]?\Z"),
    "HOSPITAL": re.compile(r"\Z"),
}
_NAME_GAP = re.compile(r"[ \t]?\Z")
_NO_GAP = re.compile(r"\Z")


def merge(text: str, candidates: Iterable[Candidate]) -> list[Span]:
    """Spans in order, without overlaps, each with something to read in it.

    The higher score wins (to one decimal, so that a hair's breadth does not decide), then the longer, then the earlier.
    A loser that sticks out keeps the part that sticks out when its own score is at least 0.5, unless that begins a new
    sentence or is an ion behind a number: better a piece too many than identity passed on.
    """
    order = sorted(_inside(text, candidates), key=lambda c: (-round(c.score, 1), c.start - c.end, c.start, c.type))
    taken = [(m.start(), m.end(), "") for m in OUR_TAG.finditer(text)] if "[" in text else []
    for candidate in order:
        for start, end in _free(taken, candidate):
            whole = (start, end) == (candidate.start, candidate.end)
            if not whole and (candidate.score < _REST_SCORE or _tells_nothing(text, start, end, candidate.type)):
                continue
            start, end = _trim(text, start, end)
            if end > start and not (end - start == 1 and not whole and _OFF_A_WORD.match(text, start)):
                taken.insert(bisect_left(taken, (start, end, "")), (start, end, candidate.type))
    return _join(text, [Span(*piece) for piece in taken if piece[2]])


def _tells_nothing(text: str, start: int, end: int, type: str) -> bool:
    """Whether the rest of a loser begins a new sentence, or is an ion behind a number (`住院号1208817 K+ 6.8`)."""
    if _NEW_SENTENCE.match(text, start):
        return True
    return type in _NUMBERED and _SIGN_OF_ION.match(text, start) is not None


def _inside(text: str, candidates: Iterable[Candidate]) -> list[Candidate]:
    """Candidates that point into the text; a recogniser's slip past the end is cut, not trusted."""
    kept, size = [], len(text)
    for c in candidates:
        if 0 <= c.start < c.end <= size:
            kept.append(c)
        elif max(0, c.start) < min(size, c.end):
            kept.append(c._replace(start=max(0, c.start), end=min(size, c.end)))
    return kept


def _free(taken: list[tuple[int, int, str]], candidate: Candidate) -> list[tuple[int, int]]:
    """The parts of a candidate that nothing better has taken."""
    at = bisect_left(taken, (candidate.start, 0, ""))
    if at and taken[at - 1][1] > candidate.start:
        at -= 1
    pieces, cursor = [], candidate.start
    while at < len(taken) and taken[at][0] < candidate.end:
        start, end, _ = taken[at]
        if start > cursor:
            pieces.append((cursor, start))
        cursor = max(cursor, end)
        at += 1
    if cursor < candidate.end:
        pieces.append((cursor, candidate.end))
    return pieces


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Without white space at the ends or a comma, stop or dash in front; nothing when no letter or digit is left."""
    if start < end and text[start].isalnum() and text[end - 1].isalnum():
        return start, end
    while start < end and (text[start].isspace() or text[start] in _NO_START):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in _NO_END):
        end -= 1
    return (start, end) if any(map(str.isalnum, text[start:end])) else (start, start)


def _join(text: str, spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last and last.type == span.type and _gap(span.type, text, last.end, span.start):
            joined[-1] = Span(last.start, span.end, span.type)
        else:
            joined.append(span)
    return joined


def _gap(type: str, text: str, end: int, start: int) -> bool:
    """Whether what lies between two pieces of one type belongs to both: only Latin names join over a space."""
    if start - end > 3:
        return False
    latin = text[end - 1].isascii() and text[start].isascii()
    rule = _NAME_GAP if type in ("NAME", "STAFF") and latin else _GAPS.get(type, _NO_GAP)
    return rule.match(text[end:start]) is not None
