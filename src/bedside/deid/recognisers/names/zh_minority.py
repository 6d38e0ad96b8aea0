"""Uyghur, Kazakh, Tibetan, Mongolian and Yi names written in Chinese characters, put together from known parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.chinese import any_of, is_listed_word, is_word, read_table
from bedside.deid.patterns.anchors import Anchored, anywhere
from bedside.deid.recognisers.names.zh_cues import cue_after, cue_before, is_staff
from bedside.deid.recognisers.names.zh_shapes import DOTS, TRANSLITERATED, surnames

_PERSON = ("person", "verb", "bed")
_DOT = anywhere(f"[{DOTS}]")
_EPONYM = re.compile(r"[综病征症氏术法试反现定效染]")
_MOST_BEFORE = 8


@cache
def _parts() -> Anchored:
    """Parts of one people's names in a row; longer parts first."""
    rules = "|".join(rf"(?P<{people}>(?:{any_of(parts)}){{1,4}})" for people, parts in _table().items())
    return anywhere(f"(?=[{''.join({part[0] for part in _single()})}])(?:{rules})")


@cache
def _table() -> dict[str, str]:
    return {people: " ".join(part for part in parts.split()) for people, parts in read_table("zh_minority.tsv").items()}


@cache
def _single() -> frozenset[str]:
    return frozenset(part for parts in _table().values() for part in parts.split())


def recognise_minority_names(text: str) -> Iterator[Candidate]:
    """Names of two known parts and more, names of one part beside a cue, and names with dots."""
    yield from _dotted(text)
    for match in _parts().finditer(text):
        at, end = match.span()
        while end < len(text) and text[end] in TRANSLITERATED and not cue_after(text, end):
            end += 1
        shown = text[at:end]
        if not _reads_as_name(shown, cue_before(text, at), cue_after(text, end)):
            continue
        kind = "STAFF" if is_staff(text, at, end) else "NAME"
        yield Candidate(at, end, kind, 0.8, "name of known parts")


def _reads_as_name(shown: str, before: str, after: str) -> bool:
    """Several parts beside any cue; one part between a person and anything, or at a break before a title or an act."""
    if len(shown) < 2 or is_listed_word(shown):
        return False
    several = len(shown) >= 4 or (len(shown) == 3 and shown not in _single())
    if several:
        return bool(before or after) and not is_word(shown)
    if is_word(shown):
        return before in ("person", "verb", "bed", "break") and after in ("title", "act", "sex")
    return before in _PERSON or (before != "" and after in ("title", "act", "sex"))


def _dotted(text: str) -> Iterator[Candidate]:
    """Around a dot: sounds to its left and right."""
    for dot in _DOT.finditer(text):
        start, end = dot.start(), dot.end()
        while start > max(0, dot.start() - _MOST_BEFORE) and text[start - 1] in TRANSLITERATED:
            start -= 1
            if cue_before(text, start) == "person":
                break
        while end < min(len(text), dot.end() + _MOST_BEFORE) and text[end] in TRANSLITERATED:
            end += 1
        lone = end == dot.end() and text[end : end + 1] in surnames() and cue_after(text, end + 1) in ("break", "sex")
        end += lone  # 詹姆斯·王
        if start < dot.start() and (lone or end - dot.end() >= 2) and not _EPONYM.match(text, end):
            kind = "STAFF" if is_staff(text, start, end) else "NAME"
            yield Candidate(start, end, kind, 0.8, "name with a dot")
