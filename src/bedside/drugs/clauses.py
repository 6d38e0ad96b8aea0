"""The clauses of a text: parts within which words say what is done with a medicine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bedside.drugs.names import Mention


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence: its `first`, one that carries on a list, one that asks, one that gives way (`swapped`).

    `after` are the words of the next clauses that carry on its dose.
    """

    text: str
    start: int
    end: int
    first: bool
    listed: bool
    question: bool
    swapped: bool = False
    after: str = ""


_SENTENCE = re.compile(r"(?<=[.!?])(?<!\d\.)(?<![a-z]\.[a-z]\.)[\"'”’)]*\s+(?=[^a-z\s]|\Z)|(?<=[。！？])|\n+")
_BREAK = re.compile(
    r"[;；]|(?<!\d)[,，](?!\d{3})|"
    r"\b(?:but|because|since|although|though|whereas|while|as (?=(?:he|she|the|it|they|you)\b)|"
    r"so that|then|until|unless)\b|"
    r"\band (?=(?:start|stop|give|add|switch|avoid|hold|continue|begin|take|use|change|resume|"
    r"discontinue|replace|increase|reduce|prescribe|consider|do|don't|order|get|obtain|proceed|perform)\b)|但|而(?!且)|因为|由于|故|所以|然后|"
    r"并(?=[加停改换予给避禁])|(?<![免要不能可宜得勿止])同时|(?<=[^,，])[换改](?=[用为成服](?!\s*(?:\d|每)))|"
    r"(?=[（(](?:避免|不要|停用|avoid|not |no ))",
    re.IGNORECASE,
)


def clauses(text: str, mentions: Sequence[Mention]) -> Iterator[Clause]:
    """The clauses of a text in order; breaks within the name of a medicine, or within a list of names, are none."""
    for start, end in _parts(text, 0, len(text), _SENTENCE):
        question = _asks(text[start:end])
        pieces = list(_pieces(text, start, end, mentions))
        for number, (first, last) in enumerate(pieces):
            listed = number > 0 and text[first : first + 1] in ",，"
            then = pieces[number + 1] if number + 1 < len(pieces) else None
            swapped = then is not None and _swaps(text, then, mentions)
            after = _after(text, pieces[number + 1 :], mentions)
            yield Clause(text[first:last], first, last, number == 0, listed, question, swapped, after)


def _after(text: str, pieces: Sequence[tuple[int, int]], mentions: Sequence[Mention]) -> str:
    """The next clauses, as long as they say how often or how long and name no medicine."""
    said = ""
    for start, end in pieces:
        if not _DOSING.match(text, start, end) or any(start <= one.start < end for one in mentions):
            break
        said += text[start:end]
    return said


_DOSING = re.compile(
    r"[,，]\s*(?:\d|one|two|half|once|twice|three|four|every|each|daily|[btq]id|qd|qn|q\d|po|iv|im|sc|by mouth|orally|"
    r"for|in|divided|max|not to exceed|up to|take|weekly|"
    r"每|一[日天次]|日|分|共|连|疗程|口服|静|肌|皮下|外用|饭|睡前|早|晚|不超过|最大)",
    re.IGNORECASE,
)


def _swaps(text: str, then: tuple[int, int], mentions: Sequence[Mention]) -> bool:
    """Whether the next clause names what takes the place of what this one names: 华法林|改为利伐沙班."""
    start, end = then
    named = next((one for one in mentions if start <= one.start < end), None)
    return named is not None and _INSTEAD.match(text[start : named.start]) is not None


_INSTEAD = re.compile(r"(?:[换改]|更换|替换|调整)(?:用|为|成|服)")


def _pieces(text: str, start: int, end: int, mentions: Sequence[Mention]) -> Iterator[tuple[int, int]]:
    places = [start]
    for match in _BREAK.finditer(text, start, end):
        within = any(one.start < match.start() < one.end for one in mentions)
        goes_on = match[0] in ",，" and _only_names(text, places[-1], match.start(), mentions)
        if not within and not goes_on and match.start() > places[-1]:
            places.append(match.start())
    yield from zip(places, [*places[1:], end], strict=True)


def _only_names(text: str, start: int, end: int, mentions: Sequence[Mention]) -> bool:
    """Whether a part is no more than the first names of a list."""
    own = [one for one in mentions if start <= one.start < end]
    between = [start, *(place for one in own for place in (one.start, one.end)), end]
    rest = "".join(text[first:last] for first, last in zip(between[::2], between[1::2], strict=True))
    return bool(own) and not rest.strip(" ,，、/(（")


def _parts(text: str, start: int, end: int, ends: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    for match in ends.finditer(text, start, end):
        if match.end() > start:
            yield start, match.end()
            start = match.end()
    if start < end:
        yield start, end


def _asks(sentence: str) -> bool:
    return re.search(r"[?？][\s\"'”’)]*\Z|[吗么呢][。.\s]*\Z", sentence) is not None
