"""The clauses of a text: parts within which words say what is done with a medicine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bedside.drugs.names import Mention


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence; `first` of it, `listed` where it only carries on a list, and whether it asks."""

    text: str
    start: int
    end: int
    first: bool
    listed: bool
    question: bool


_SENTENCE = re.compile(r"(?<=[.!?])(?<!\d\.)(?<![a-z]\.[a-z]\.)[\"'”’)]*\s+(?=[^a-z\s]|\Z)|(?<=[。！？])|\n+")
_BREAK = re.compile(
    r"[;；]|(?<!\d)[,，](?!\d{3})|\b(?:but|because|since|although|though|whereas|while|as (?=(?:he|she|the|it|they|you)\b)|"
    r"so that|then|until|unless)\b|\band (?=(?:start|stop|give|add|switch|avoid|hold|continue|begin|take|use|change|resume|"
    r"discontinue|replace|increase|reduce|prescribe|consider|do not|don't)\b)|但|而(?!且)|因为|由于|故|所以|然后|"
    r"并(?=[加停改换予给避禁])|同时|(?<=[^,，])[换改](?=[用为成服])|(?=[（(](?:避免|不要|停用|avoid|not |no ))",
    re.IGNORECASE,
)


def clauses(text: str, mentions: Sequence[Mention]) -> Iterator[Clause]:
    """The clauses of a text in order; breaks within the name of a medicine are none."""
    for start, end in _parts(text, 0, len(text), _SENTENCE):
        question = _asks(text[start:end])
        for number, (first, last) in enumerate(_pieces(text, start, end, mentions)):
            listed = number > 0 and text[first : first + 1] in ",，"
            yield Clause(text[first:last], first, last, number == 0, listed, question)


def _pieces(text: str, start: int, end: int, mentions: Sequence[Mention]) -> Iterator[tuple[int, int]]:
    places = [start]
    for match in _BREAK.finditer(text, start, end):
        if not any(one.start < match.start() < one.end for one in mentions) and match.start() > places[-1]:
            places.append(match.start())
    yield from zip(places, [*places[1:], end], strict=True)


def _parts(text: str, start: int, end: int, ends: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    for match in ends.finditer(text, start, end):
        if match.end() > start:
            yield start, match.end()
            start = match.end()
    if start < end:
        yield start, end


def _asks(sentence: str) -> bool:
    return re.search(r"[?？][\s\"'”’)]*\Z|[吗么呢][。.\s]*\Z", sentence) is not None
