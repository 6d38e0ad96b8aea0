"""How a language says context: triggers that point forward or back, and the words at which their reach ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Way = Literal["after", "before", "around", "none"]


@dataclass(frozen=True, slots=True)
class Trigger:
    """A wording: what it says (`flags`) of the mentions after or before it, and where that ends.

    `stop` ends the reach besides the language's own ends; a wording of way "none" only keeps others from matching.
    """

    pattern: str
    flags: tuple[str, ...] = ()
    way: Way = "after"
    stop: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A trigger in a text, with the places between which mentions are meant."""

    flags: tuple[str, ...]
    start: int
    end: int

    def reaches(self, span: tuple[int, int]) -> bool:
        """Is the mention within?"""
        return self.start <= span[0] and span[1] <= self.end


class Rules:
    """The triggers of a language as one pattern, earlier ones before later ones where both match.

    `begins` says cheaply where one can begin at all.
    """

    def __init__(
        self, triggers: list[Trigger], *, ends: str, sentence: str, beside: list[tuple[str, str, str]], begins: str = ""
    ) -> None:
        self._triggers = triggers
        joined = "|".join(f"(?P<t{n}>{trigger.pattern})" for n, trigger in enumerate(triggers))
        self._pattern = re.compile(f"{begins}(?:{joined})", re.IGNORECASE)
        self._stops = [re.compile(f"{ends}|{one.stop}" if one.stop else ends, re.IGNORECASE) for one in triggers]
        self._sentence = re.compile(sentence)
        self._beside = [(re.compile(a, re.IGNORECASE), re.compile(b, re.IGNORECASE), flag) for a, b, flag in beside]

    def sentences(self, text: str) -> list[tuple[int, int]]:
        """Where each sentence begins and ends."""
        starts = [0, *(match.end() for match in self._sentence.finditer(text) if match.end() < len(text))]
        return list(zip(starts, [*starts[1:], len(text)], strict=True))

    def triggers(self, text: str, sentence: tuple[int, int]) -> list[Found]:
        """What is said in a sentence, and of which part of it."""
        return [one for match in self._pattern.finditer(text, *sentence) for one in self._reach(text, sentence, match)]

    def beside(self, text: str, sentence: tuple[int, int], span: tuple[int, int]) -> set[str]:
        """What stands directly before and behind a mention says, such as a question mark or (-)."""
        before, behind = text[max(sentence[0], span[0] - 24) : span[0]], text[span[1] : min(sentence[1], span[1] + 24)]
        return {flag for left, right, flag in self._beside if left.search(before) and right.match(behind)}

    def _reach(self, text: str, sentence: tuple[int, int], match: re.Match[str]) -> Iterator[Found]:
        number = int(str(match.lastgroup)[1:])
        trigger, stop = self._triggers[number], self._stops[number]
        if trigger.way in ("after", "around"):
            ends = (end.start() for end in stop.finditer(text, match.end(), sentence[1]))
            yield Found(trigger.flags, match.end(), next(ends, sentence[1]))
        if trigger.way in ("before", "around"):
            starts = [end.end() for end in stop.finditer(text, sentence[0], match.start())]
            yield Found(trigger.flags, starts[-1] if starts else sentence[0], match.start())
