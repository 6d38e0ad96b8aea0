"""Cuts a passage into units that can be quoted: sentences, and lists together with the line that opens them.

A unit is a place in the text, so that what is quoted is what stands there. Abbreviations, initials, decimals, numbered
lines and list marks end no sentence. Headings and questions are units too, but are not quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Kind = Literal["sentence", "list", "heading", "question", "fragment"]

_END = re.compile(
    r"[。！？]+[”’」』）)】\"']*"
    r"|[.!?]+[\"'”’)\]]*(?=\s+[\"'“‘(\[]*[A-Z0-9\u3400-\u9fff•*]|\s+[-–—]\s|\s*$)"
    r"|(?<=[a-z)]{2})[.!?](?=[A-Z][a-z])"
)
_ITEM = re.compile(r"(?<=\s)[-–•*·]\s+(?=\S)")
_MARKED = re.compile(
    r"\s*(?:[-–—•*·▪◆●]\s+|\(?\d{1,2}[.)、．]\s*(?=\D)|[（(]\d{1,2}[)）]|[①-⑳]|[一二三四五六七八九十]{1,2}、)"
)
_BRACKETED = re.compile(r"【[^】]{1,30}】$|#{1,6}\s")
_NUMBER_ALONE = re.compile(r"(?:^|[.!?:;]\s)\s*\(?\d{1,2}$")
_ABBREVIATION = re.compile(
    r"(?<![^\s(\[“\"])(?:e\.g|i\.e|cf|vs|viz|al|approx|Dr|Mr|Mrs|Ms|Prof|St|Fig|Figs|No|Nos|Vol|Sec|Ch|Eq|Ref|Refs|"
    r"Jr|Sr|Inc|Ltd|Co|sp|spp|subsp|var|max|min|incl|resp|Gen|(?:[A-Z]\.)+[A-Z])$"
)
_INITIAL = re.compile(r"(?<![^\s(])([A-Z])$")
_WORD_BEFORE = re.compile(r"(\S+)\s+\S+$")
_OPENS = re.compile(r"[:：]\s*$")
_DANGLING = re.compile(
    r"(?:It(?! is (?:important|estimated|not known|unknown|possible|recommended|thought|believed|best|likely|unclear))"
    r"|Its|This|That|These|Those|They|Their|Them|He|She|His|Her|Such|Both|Neither|Either"
    r"|However|But|And|Or|Nor|So|Therefore|Thus|Hence|Moreover|Furthermore|Additionally|In addition|Instead|Then|Also"
    r"|Similarly|Likewise|Conversely|Consequently|Otherwise|Nevertheless|Meanwhile|On the other hand"
    r"|For (?:example|instance|this)|As (?:a result|this)|In (?:this|these|such|both|contrast|turn|either)|At this"
    r"|(?:If|When|Because|Although|While|Once|Until|After|Before|Like|With) (?:it|this|these|they|those|that|he|she)"
    r"|(?:Because of|Due to|Most of|Some of|All of|Each of|Any of|Many of|One of|None of)"
    r" (?:this|that|these|those|them)"
    r"|The (?:latter|former|second|third|same|rest|remaining))\b"
    r"|[a-z]"
)
_DANGLING_ZH = re.compile(
    r"(?:它|其(?!他|它|中)|该|此|这|那(?!么)|他|她|因此|所以|因而|故|但|然而|不过|另外|此外|同时|例如|比如|以上|上述|"
    r"如上|而(?!且)|而且|并且|否则|其次|再次|最后|第二|第三|反之|相反|由此|于是|两者|二者|前者|后者|也|则)"
)
_LETTERED = frozenset(
    ("hepatitis", "vitamin", "type", "group", "stage", "class", "grade", "influenza", "haemophilia", "hemophilia")
)
"""Words behind which a single letter is no initial."""
_LONG_HEADING, _LONG_LINE = 80, 140
"""Letters of a heading, and of a line of a list, at most."""
_NEAR = 40
"""Characters before a full stop that tell whether it ends a sentence."""
_FEWEST, _FEWEST_ZH = 6, 5
"""Words, and Chinese characters, of an item that can be quoted without its list."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A place in a text: code points, end exclusive; `ends` are where its parts end, the last of them `end`.

    A list's parts are the line that opens it and its items, so that a long one can be cut behind an item.
    """

    start: int
    end: int
    kind: Kind
    ends: tuple[int, ...] = ()

    @property
    def quotable(self) -> bool:
        """Whether it says something by itself."""
        return self.kind in ("sentence", "list")


@lru_cache(maxsize=2048)
def units(text: str) -> tuple[Unit, ...]:
    """The units of a text in order; all that is not white space, or the mark of a line, is in one of them.

    >>> said = "Gout is common, e.g. in men. It hurts.  Signs are: - redness. - heat."
    >>> [said[one.start : one.end] for one in units(said)]
    ['Gout is common, e.g. in men.', 'It hurts.', 'Signs are: - redness. - heat.']
    """
    pieces = list(_pieces(text))
    found: list[Unit] = []
    at = 0
    while at < len(pieces):
        last = _run(text, pieces, at)
        start, end = pieces[at][0], pieces[last][1]
        ends = tuple(piece[1] for piece in pieces[at : last + 1])
        if last == at and (mark := _MARKED.match(text[start:end])) and mark.end() < end - start:
            start += mark.end()
            found.append(Unit(start, end, _marked_kind(text[start:end]), ends))
        else:
            found.append(Unit(start, end, _kind(text, start, end, listed=last > at), ends))
        at = last + 1
    return tuple(found)


def dangling(sentence: str) -> bool:
    """Whether a sentence speaks of what the one before it named.

    >>> dangling("It is inherited."), dangling("It is important to rest."), dangling("该病少见。")
    (True, False, True)
    """
    said = sentence.lstrip("\"'“‘(（ \t\n")
    return bool(_DANGLING.match(said) or _DANGLING_ZH.match(said))


def squash(text: str) -> str:
    """A text with each run of white space as one space."""
    return " ".join(text.split())


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Sentences and list items, without the space around them."""
    for line in re.finditer(r"[^\n]+", text):
        start = line.start()
        for place in sorted(_cuts(line.group())):
            yield from _trimmed(text, start, line.start() + place)
            start = line.start() + place
        yield from _trimmed(text, start, line.end())


def _cuts(line: str) -> Iterator[int]:
    """Where a line is cut: behind the end of a sentence, and before a list mark."""
    for end in _END.finditer(line):
        if not _goes_on(line[max(0, end.start() - _NEAR) : end.start()], end.group()):
            yield end.end()
    marks = [one.start() for one in _ITEM.finditer(line)]
    spaced = [at for at in marks if not line[:at].rstrip()[-1:].isdigit() or line[at] in "•·"]
    if len(spaced) > 1 or any(_OPENS.search(line[:at]) for at in spaced) or line.lstrip()[:2] in ("- ", "• ", "* "):
        yield from spaced


def _goes_on(before: str, mark: str) -> bool:
    """Whether a full stop ends no sentence."""
    if not mark.startswith("."):
        return False
    if _ABBREVIATION.search(before) or _NUMBER_ALONE.search(before):
        return True
    if not _INITIAL.search(before):
        return False
    word = _WORD_BEFORE.search(before)
    return word is None or (word[1][:1].isupper() and word[1].lower() not in _LETTERED)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    said = text[start:end]
    if said.strip():
        yield start + len(said) - len(said.lstrip()), start + len(said.rstrip())


def _run(text: str, pieces: list[tuple[int, int]], at: int) -> int:
    """The last piece of the list that opens at a piece, or that piece."""
    start, end = pieces[at]
    said, last = text[start:end], at
    if _MARKED.match(said) or _BRACKETED.match(said):
        return at
    after = pieces[at + 1 :]
    if after and _marked(text, after[0]) and (_OPENS.search(said) or not _closed(said)):
        return _while_marked(text, pieces, at)
    if not _OPENS.search(said) or not after:
        return last
    while last + 1 < len(pieces) and _is_line(text, pieces[last + 1]):
        last += 1
    return last


def _while_marked(text: str, pieces: list[tuple[int, int]], at: int) -> int:
    last = at
    while last + 1 < len(pieces) and _marked(text, pieces[last + 1]):
        last += 1
    return last


def _marked(text: str, piece: tuple[int, int]) -> bool:
    return _MARKED.match(text[piece[0] : piece[1]]) is not None


def _is_line(text: str, piece: tuple[int, int]) -> bool:
    """Whether a piece is a line of a list without marks: a whole line, short, and no sentence."""
    start, end = piece
    own = (start == 0 or "\n" in text[:start][-3:]) and (
        end == len(text) or text[end : end + 2].strip(" ")[:1] in ("\n", "")
    )
    return own and end - start <= _LONG_LINE and not _closed(text[start:end]) and not _OPENS.search(text[start:end])


def _closed(said: str) -> bool:
    return said.rstrip("\"'”’)]）】 ")[-1:] in tuple(".!?。！？；;")


def _marked_kind(said: str) -> Kind:
    """Of a list's item that stands by itself: a sentence, or words that only its list makes sense of."""
    if said.endswith(("?", "？")):
        return "question"
    whole = _closed(said) and (len(said.split()) >= _FEWEST if said.isascii() else len(said) >= _FEWEST_ZH)
    return "sentence" if whole else "fragment"


def _kind(text: str, start: int, end: int, *, listed: bool) -> Kind:
    said = text[start:end]
    if listed:
        return "list"
    if said.rstrip("\"'”’)]） ").endswith(("?", "？")):
        return "question"
    alone = "\n" not in said and (start == 0 or "\n" in text[max(0, start - 2) : start])
    followed = text[end:].lstrip(" \t")[:1] == "\n" and text[end:].strip() != ""
    if _OPENS.search(said):
        return "fragment"
    if _BRACKETED.match(said) or (alone and followed and not _closed(said) and end - start <= _LONG_HEADING):
        return "heading"
    return "sentence"
