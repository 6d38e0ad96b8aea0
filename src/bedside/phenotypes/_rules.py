"""How a language says context: cues that point forward or back, headings of sections, and where each ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

Way = Literal["after", "before", "around", "none"]
Span = tuple[int, int]
_BEHIND = 24
"""Characters looked at beside a mention."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A wording: what it `says` of the mentions after or before it, and where that ends.

    A wording of way "none" only keeps others from being heard.
    """

    pattern: str
    says: tuple[str, ...]
    way: Way
    ends: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, what it says of all under it, and what else ends it."""

    pattern: str
    says: tuple[str, ...]
    ends: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What directly before and behind a mention says something of it."""

    before: re.Pattern[str]
    behind: re.Pattern[str]
    says: str


@dataclass(frozen=True, slots=True)
class Found:
    """A cue or heading in a text, with the places between which mentions are meant."""

    says: tuple[str, ...]
    start: int
    end: int

    def reaches(self, span: Span) -> bool:
        """Is the mention within?"""
        return self.start <= span[0] and span[1] <= self.end


class Rules:
    """The cues of a language as one pattern, earlier ones before later ones where both match.

    `begins` says cheaply where one can begin at all; `sentence` matches what ends a sentence.
    """

    def __init__(
        self,
        cues: list[Cue],
        headings: list[Heading],
        beside: list[Beside],
        *,
        sentence: str,
        begins: str,
        heading: str,
    ) -> None:
        self._cues, self._headings, self._beside = cues, headings, beside
        joined = "|".join(f"(?P<c{n}>{cue.pattern})" for n, cue in enumerate(cues))
        self._pattern = re.compile(f"{begins}(?:{joined})", re.IGNORECASE)
        self._ends = [re.compile(cue.ends, re.IGNORECASE) for cue in cues]
        self._sentence = re.compile(sentence)
        named = "|".join(f"(?P<h{n}>{one.pattern})" for n, one in enumerate(headings))
        self._heading = re.compile(heading.replace("{headings}", f"(?:{named})"), re.IGNORECASE | re.MULTILINE)
        self._section_ends = [re.compile(one.ends, re.IGNORECASE) if one.ends else None for one in headings]

    def sentences(self, text: str) -> list[Span]:
        """Where each sentence begins and ends."""
        starts = [0, *(match.end() for match in self._sentence.finditer(text) if match.end() < len(text))]
        return list(zip(starts, [*starts[1:], len(text)], strict=True))

    def sections(self, text: str) -> list[Found]:
        """The sections whose heading begins a line and says something of what stands under it.

        A heading within a line holds for its own sentence alone (its cue says so), but ends the section before it.
        """
        matches = list(self._heading.finditer(text))
        found = []
        for match, stop in pairwise([*matches, None]):
            assert match is not None
            number = int(str(match.lastgroup)[1:])
            if not self._headings[number].says or text[: match.start()].rpartition("\n")[2].strip():
                continue
            end = stop.start() if stop else len(text)
            if empty := re.compile(r"\n[ \t]*\n").search(text, match.end(), end):
                end = empty.start()
            closing = self._section_ends[number]
            if closing and (said := closing.search(text, match.end(), end)):
                end = said.start()
            found.append(Found(self._headings[number].says, match.end(), end))
        return found

    def cues(self, text: str, sentence: Span) -> list[Found]:
        """What is said in a sentence, and of which part of it."""
        return [one for match in self._pattern.finditer(text, *sentence) for one in self._reach(text, sentence, match)]

    def beside(self, text: str, sentence: Span, span: Span) -> set[str]:
        """What stands directly before and behind a mention says, such as a question mark or (-)."""
        before = text[max(sentence[0], span[0] - _BEHIND) : span[0]]
        behind = text[span[1] : min(sentence[1], span[1] + _BEHIND)]
        return {one.says for one in self._beside if one.before.search(before) and one.behind.match(behind)}

    def _reach(self, text: str, sentence: Span, match: re.Match[str]) -> Iterator[Found]:
        number = int(str(match.lastgroup)[1:])
        cue, stop = self._cues[number], self._ends[number]
        if cue.way in ("after", "around"):
            ends = (end.start() for end in stop.finditer(text, match.end(), sentence[1]))
            yield Found(cue.says, match.end(), next(ends, sentence[1]))
        if cue.way in ("before", "around"):
            starts = [end.end() for end in stop.finditer(text, sentence[0], match.start())]
            yield Found(cue.says, starts[-1] if starts else sentence[0], match.start())
