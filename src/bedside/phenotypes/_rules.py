"""How a language says context: cues that point forward or back, headings of sections, and where each ends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Way = Literal["after", "before", "around", "none"]
Span = tuple[int, int]
_BEHIND = 40
"""Characters looked at beside a mention."""
_EMPTY_LINE = re.compile(r"\n[ \t]*\n")


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

    def headings(self, text: str) -> list[tuple[Span, Heading, re.Pattern[str] | None]]:
        """The headings, at the beginning of a line or within it, each with what else ends its section."""
        numbered = [(match, int(str(match.lastgroup)[1:])) for match in self._heading.finditer(text)]
        return [(_worded(match), self._headings[number], self._section_ends[number]) for match, number in numbered]

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


def sections(languages: Iterable[Rules], text: str) -> list[Found]:
    """The sections whose heading begins a line and says something of what stands under it.

    A heading within a line holds for its own sentence alone (its cue says so), but ends the section before it.
    """
    matches = sorted((one for said in languages for one in said.headings(text)), key=lambda one: one[0])
    found = []
    for number, ((begin, start), heading, closing) in enumerate(matches):
        if not heading.says or text[:begin].rpartition("\n")[2].strip():
            continue
        end = next((other[0] for other, *_ in matches[number + 1 :] if other[0] >= start), len(text))
        if empty := _EMPTY_LINE.search(text, _first_word(text, start), end):
            end = empty.start()
        if closing and (said := closing.search(text, start, end)):
            end = said.start()
        found.append(Found(heading.says, start, end))
    return found


def _first_word(text: str, start: int) -> int:
    """Where the text under a heading begins: an empty line may stand between."""
    return start + len(text[start:]) - len(text[start:].lstrip())


def _worded(match: re.Match[str]) -> Span:
    """The span of a heading without the space, or line, before it."""
    return match.end() - len(match[0].lstrip()), match.end()
