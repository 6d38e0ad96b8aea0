"""Findings as people tell them, in sentences and not by name: words in their order, with others between them.

A line of `told_en.tsv` or `told_zh.tsv` is `id<TAB>way|way`. A way is one piece, or several with ` ~ ` where a few
other words of the same clause may stand; `a/b` is either word: `hair ~ handfuls/clumps`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from importlib.resources import files
from itertools import pairwise, product

from bedside.cleaning.language import HAN
from bedside.knowledge.hpo import Hpo
from bedside.phenotypes._english import SMALL, stem, words
from bedside.phenotypes._lists import read_names
from bedside.phenotypes._match_en import Hit, longest, singular
from bedside.phenotypes._match_zh import meant, rewrite

BETWEEN = {"en": 6, "zh": 8}
"""Words, or characters, that may stand between two pieces."""
_PAUSE = re.compile(r"[.,;:!?\n，。；：！？、]|\b(?:but|and|or)\b")
_NOT = re.compile(r"n['’]t\b|\b(?:not|no|never|nor|without|cannot|hardly)\b|[不没无未]")

Tokens = Sequence[str]
"""Stems of English words, or a Chinese text as rewritten."""
Pieces = tuple[Tokens, ...]
Ways = dict[str, list[tuple[int, Pieces]]]


class Told:
    """The ways of both languages, by their first word or character."""

    def __init__(self, hpo: Hpo) -> None:
        self._hpo = hpo

    def find(self, text: str) -> list[Hit]:
        """What the text tells, without overlaps; of what is denied between two pieces, the place is the last piece."""
        said = [(stem(word), start, end) for word, start, end in words(text) if word not in SMALL]
        hits = [hit for hit in _hits(text, *_columns(said), self._english, BETWEEN["en"]) if self._stands(text, hit)]
        if HAN.search(text):
            told, starts, ends = rewrite(text)
            hits += meant(text, _hits(text, told, starts, ends, self._chinese, BETWEEN["zh"]))
        return longest(hits)

    @cached_property
    def _english(self) -> Ways:
        return self._filed("told_en.tsv", _stems)

    @cached_property
    def _chinese(self) -> Ways:
        return self._filed("told_zh.tsv", lambda piece: rewrite(piece)[0])

    def _stands(self, text: str, hit: Hit) -> bool:
        """A way of one word is that word: others of its stem mean something else (spine, spinning)."""
        return hit.size > 1 or singular(text[hit.start : hit.end].lower()) in self._alone

    @cached_property
    def _alone(self) -> frozenset[str]:
        return frozenset(singular(way) for _, way in read_names(_table("told_en.tsv")) if " " not in way)

    def _filed(self, name: str, tokens: Callable[[str], Tokens]) -> Ways:
        found: Ways = {}
        for id, way in read_names(_table(name)):
            for piece in spelled_out(way) if id in self._hpo.number else ():
                pieces = tuple(tokens(one) for one in piece)
                if not all(pieces):  # of a piece nothing is left but words that carry nothing
                    continue
                found.setdefault(pieces[0][0], []).append((self._hpo.number[id], pieces))
        return found


def _table(name: str) -> str:
    return files("bedside.phenotypes").joinpath(f"data/{name}").read_text(encoding="utf-8")


def spelled_out(way: str) -> list[tuple[str, ...]]:
    """The pieces of a way, once for each choice of `a/b`.

    >>> spelled_out("hair ~ in handfuls/clumps")
    [('hair', 'in handfuls'), ('hair', 'in clumps')]
    """
    chosen = product(*(word.split("/") for word in way.split()))
    return [tuple(piece.strip() for piece in " ".join(words).split("~")) for words in chosen]


def _stems(piece: str) -> list[str]:
    return [stem(word) for word, _, _ in words(piece) if word not in SMALL]


def _columns(said: list[tuple[str, int, int]]) -> tuple[list[str], list[int], list[int]]:
    return [one for one, _, _ in said], [start for _, start, _ in said], [end for _, _, end in said]


def _hits(
    text: str, tokens: Tokens, starts: Sequence[int], ends: Sequence[int], ways: Ways, between: int
) -> Iterator[Hit]:
    for at, first in enumerate(tokens):
        for term, pieces in ways.get(first, ()):
            places = _places(tokens, at, pieces, between)
            if places is None:
                continue
            spans = [(starts[begin], ends[end - 1]) for begin, end in places]
            gaps = [text[left[1] : right[0]] for left, right in pairwise(spans)]
            if any(_PAUSE.search(gap) for gap in gaps) or any(_PAUSE.search(text, *span) for span in spans):
                continue
            begin = spans[-1][0] if any(_NOT.search(gap) for gap in gaps) else spans[0][0]
            yield Hit(term, begin, spans[-1][1], sum(map(len, pieces)))


def _places(tokens: Tokens, at: int, pieces: Pieces, between: int) -> list[tuple[int, int]] | None:
    """Where each piece stands, the first of them at `at`; None where one does not."""
    found: list[tuple[int, int]] = []
    for number, piece in enumerate(pieces):
        last = at if number == 0 else at + between
        begin = _first(tokens, piece, at, last)
        if begin < 0:
            return None
        at = begin + len(piece)
        found.append((begin, at))
    return found


def _first(tokens: Tokens, piece: Tokens, first: int, last: int) -> int:
    """The first place from `first` to `last` where the piece stands, -1 where there is none."""
    if isinstance(tokens, str):
        return tokens.find("".join(piece), first, last + len(piece))
    return next((one for one in range(first, last + 1) if tokens[one : one + len(piece)] == piece), -1)
