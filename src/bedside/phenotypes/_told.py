"""Findings as people tell them, in sentences and not by name: words in their order, with others between them.

A line of `told_en.tsv` or `told_zh.tsv` is `id<TAB>way|way`. A way is one piece, or several with ` ~ ` where a few
other words of the same clause may stand; ` & ` lets the pieces stand in any order, and `a/b` is either word:
`hair ~ handfuls/clumps`, `ankles & swollen/puffy`. `fine_en.tsv` and `fine_zh.tsv` are of the same form: ways of saying
that all is well, which deny the finding: `hearing & normal/passed`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, cached_property
from importlib.resources import files
from itertools import pairwise, permutations, product
from typing import NamedTuple

from bedside.cleaning.language import HAN
from bedside.knowledge.hpo import Hpo
from bedside.phenotypes._english import SMALL, stem, words
from bedside.phenotypes._lists import read_names
from bedside.phenotypes._match_en import Hit, longest, singular
from bedside.phenotypes._match_zh import meant, rewrite

BETWEEN = {"en": 6, "zh": 8}
"""Words, or characters, that may stand between two pieces."""
_PAUSE = re.compile(r"[.,](?!\d)|\s[-–—*]\s|[;:!?()%\n，。；：！？、]|\b(?:but|and|or)\b")
_BROKEN = re.compile(r"[.,](?!\d)|[;:!?()\n，。；：！？、]")
"""What stands within no piece; `and` may: "skin and bone"."""
_LIST = r"\s*(?:,|/|&|、|\band\b|\bor\b|[和及与])\s*"
_ITEM = r"(?!(?:no|not|nor|never|without|but|then|so|s?he|it|they|i|has|had|is|was|with)\b)\w+"
_LISTED_AFTER = re.compile(rf"(?:{_LIST}{_ITEM})+", re.IGNORECASE)
_LISTED_BEFORE = re.compile(rf"\s*(?:{_ITEM}{_LIST})+", re.IGNORECASE)
_TURNED = r"not|no|never|nor|hardly|barely|from|without|(?:fail\w*|unable|trouble|difficulty|instead)(?: to| of)?"
_DENIED = re.compile(rf"(?:n['’]t|\b(?:{_TURNED}))\s+(?:\w+\s+)?\Z|[不没未无]\w?\Z", re.IGNORECASE)
"""What stands before a way of saying that all is well and turns it round."""
_NOT = re.compile(r"n['’]t\b|\b(?:not|no|never|nor|without|cannot|hardly)\b|[不没无未]")

Tokens = Sequence[str]
"""Stems of English words, or a Chinese text as rewritten."""
Pieces = tuple[Tokens, ...]


class Way(NamedTuple):
    """The pieces of a way of telling a term, or of saying that all is well with it."""

    term: int
    pieces: Pieces
    fine: bool


Ways = dict[str, dict[str, list[Way]]]
"""By the first word or character of a way, then by its second; "" where it has no second."""


class Told:
    """The ways of both languages, by their first word or character."""

    def __init__(self, hpo: Hpo) -> None:
        self._hpo = hpo

    def find(self, text: str) -> list[Hit]:
        """What the text tells, without overlaps; `fine` is what is denied between two pieces, too."""
        said = [(stem(word), start, end) for word, start, end in words(text) if word not in SMALL]
        hits = [hit for hit in _hits(text, *_columns(said), self._english, BETWEEN["en"]) if self._stands(text, hit)]
        if HAN.search(text):
            told, starts, ends = rewrite(text)
            hits += meant(text, _hits(text, told, starts, ends, self._chinese, BETWEEN["zh"]))
        return longest(hit for hit in hits if not any(self._narrower(other, hit) for other in hits))

    def _narrower(self, one: Hit, other: Hit) -> bool:
        """Do at least as many words at the same place tell a special case of the other finding?"""
        apart = one.term == other.term or one.end <= other.start or other.end <= one.start
        return not apart and one.size >= other.size and other.term in self._hpo.ancestors(one.term)

    @cached_property
    def _english(self) -> Ways:
        return self._filed("en", _stems)

    @cached_property
    def _chinese(self) -> Ways:
        return self._filed("zh", lambda piece: rewrite(piece)[0])

    def _stands(self, text: str, hit: Hit) -> bool:
        """A way of one word is that word: one of its stem (spine, spinning), or "loc" for LOC, means something else."""
        word = text[hit.start : hit.end]
        return hit.size > 1 or word in self._alone or singular(word.lower()) in self._alone

    @cached_property
    def _alone(self) -> frozenset[str]:
        """Ways of one word, without the s of a plural; what is written in capitals as it is."""
        spelled = (said[0] for _, way, _ in _written("en") for said in spelled_out(way) if len(said) == 1)
        return frozenset(one if one.isupper() else singular(one.lower()) for one in spelled if " " not in one)

    def _filed(self, lang: str, tokens: Callable[[str], Tokens]) -> Ways:
        """The ways by their first words; one of which a piece carries nothing ("of", 轻微) is none."""
        found: Ways = {}
        for id, way, fine in _written(lang):
            for said in spelled_out(way) if id in self._hpo.number else ():
                pieces = tuple(tokens(one) for one in said)
                if all(pieces):
                    first, second = [*(one for some in pieces for one in some), ""][:2]
                    found.setdefault(first, {}).setdefault(second, []).append(Way(self._hpo.number[id], pieces, fine))
        return found


def _written(lang: str) -> Iterator[tuple[str, str, bool]]:
    """Each id and way of a language's two tables, and whether the way says that all is well."""
    yield from ((id, way, False) for id, way in read_names(_table(f"told_{lang}.tsv")))
    yield from ((id, way, True) for id, way in read_names(_table(f"fine_{lang}.tsv")))


def _table(name: str) -> str:
    return files("bedside.phenotypes").joinpath(f"data/{name}").read_text(encoding="utf-8")


def spelled_out(way: str) -> list[tuple[str, ...]]:
    """The pieces of a way, once for each choice of `a/b`.

    >>> spelled_out("hair ~ in handfuls/clumps")
    [('hair', 'in handfuls'), ('hair', 'in clumps')]
    >>> spelled_out("ankles & swell")
    [('ankles', 'swell'), ('swell', 'ankles')]
    """
    chosen = [" ".join(words) for words in product(*(word.split("/") for word in way.split()))]
    return [pieces for one in chosen for pieces in _ordered(one)]


def _ordered(way: str) -> Iterator[tuple[str, ...]]:
    for parts in permutations(way.split("&")):
        yield tuple(piece.strip() for part in parts for piece in part.split("~"))


@cache
def _stems(piece: str) -> list[str]:
    return [stem(word) for word, _, _ in words(piece) if word not in SMALL]


def _columns(said: list[tuple[str, int, int]]) -> tuple[list[str], list[int], list[int]]:
    return [one for one, _, _ in said], [start for _, start, _ in said], [end for _, _, end in said]


def _hits(
    text: str, tokens: Tokens, starts: Sequence[int], ends: Sequence[int], ways: Ways, between: int
) -> Iterator[Hit]:
    for at, first in enumerate(tokens):
        seconds = ways.get(first, {})
        near = dict.fromkeys(["", *tokens[at + 1 : at + between + 2]]) if seconds else {}
        for way in [way for second in near for way in seconds.get(second, ())]:
            places = _places(tokens, at, way.pieces, between)
            if places is None:
                continue
            spans = [(starts[begin], ends[end - 1]) for begin, end in places]
            hit = _hit(text, way, spans)
            if hit is not None:
                yield hit


def _hit(text: str, way: Way, spans: list[tuple[int, int]]) -> Hit | None:
    """The finding where its pieces stand in one clause; a denial where one stands between them."""
    gaps = [text[left[1] : right[0]] for left, right in pairwise(spans)]
    (begin, end), denied = (spans[0][0], spans[-1][1]), any(_NOT.search(gap) for gap in gaps)
    if any(_BROKEN.search(text, *span) for span in spans):
        return None
    if len(gaps) == 1 and (listed := _LISTED_AFTER.match(gaps[0])):
        gaps, end = [gaps[0][listed.end() :]], spans[0][1]
    elif len(gaps) == 1 and _LISTED_BEFORE.fullmatch(gaps[0]):
        gaps, begin = [], spans[1][0]
    if any(_PAUSE.search(gap) for gap in gaps):
        return None
    if way.fine and (denied or _DENIED.search(text[max(0, spans[0][0] - 24) : spans[0][0]])):
        return None
    return Hit(way.term, begin, end, sum(map(len, way.pieces)), way.fine or denied)


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
