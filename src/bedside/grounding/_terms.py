"""The words of a text that claim something: names of things, whole and in their parts, and any other telling word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from bedside.cleaning.segment import Segmenter
from bedside.errors import BedsideError
from bedside.grounding._names import TOKEN, Kind, Named, key_of, longest, names, quiet
from bedside.knowledge.hpo import Hpo, open_hpo
from bedside.phenotypes.names import Names as FindingNames
from bedside.phenotypes.names import open_names

_RUN = re.compile(r"[\u3400-\u9fff]+")
_DENIAL = re.compile(r"(?<=[无未不没])|(?=[无未不没])")
_GAP = re.compile(r"[\s\-/'’.()+]{0,3}\Z")
_ACT = re.compile(r"(?:ed|ing|ly|ise|ize|ify)\Z")
_ACTS = re.compile(r"\b(?:[Hh]e|[Ss]he|[Ii]t|[Tt]hey|to|who|can|could|will|would|did|does|do|not|may|should) \Z")
"""What ends a word that says what is done or how, and what stands before one; things are told from acts."""
_TAGS = "vdarcptzil"
"""Parts of speech of such words in Chinese: verbs, adverbs, adjectives, and words of time and manner."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word or name with its place; `ids` are all that it may be called, `parts` the names and words within it."""

    start: int
    end: int
    ids: frozenset[str] = field(repr=False)
    kind: Kind = "word"
    denied: bool = False
    parts: tuple[Term, ...] = field(default=(), repr=False)
    named: bool = True

    def all_ids(self) -> frozenset[str]:
        """What it and its parts are called."""
        return self.ids.union(*(part.all_ids() for part in self.parts))


class _Findings(NamedTuple):
    hpo: Hpo
    names: FindingNames


def terms(text: str) -> list[Term]:
    """The terms of a text in order, none overlapping another.

    >>> [(text[one.start : one.end], one.kind) for text in ["Denies SOB; 双肺呼吸音清。"] for one in terms(text)]
    [('SOB', 'finding'), ('双肺', 'body'), ('呼吸音', 'test'), ('清', 'act')]
    """
    tops = _tops([*_english(text), *_chinese(text), *_findings(text)])
    taken = [False] * len(text)
    for one in tops:
        taken[one.start : one.end] = [True] * (one.end - one.start)
    whole = [replace(one, parts=_parts(text, one)) for one in tops]
    return sorted([*whole, *_plain(text, taken)], key=lambda one: one.start)


def _tops(found: Iterable[Term]) -> list[Term]:
    """The longest first, those of one place as one."""
    joined: dict[tuple[int, int], Term] = {}
    for one in found:
        known = joined.get((one.start, one.end))
        joined[one.start, one.end] = replace(known, ids=known.ids | one.ids) if known else one
    kept: list[Term] = []
    for one in sorted(joined.values(), key=lambda term: (term.start - term.end, term.start)):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return kept


def _english(text: str, *, under: int = 1 << 30) -> Iterator[Term]:
    """Names in Latin letters of fewer than `under` characters, the longest at each place."""
    found = list(TOKEN.finditer(text))
    words = [one.group() for one in found]
    keys = [key_of(word) for word in words]
    at = 0
    while at < len(found):
        hit = next((hit for hit in longest(words, at, keys, names()) if _whole(text, found, at, hit[0], under)), None)
        if hit is None or (hit[0] == at + 1 and _is_quiet(words[at])):
            at += 1
            continue
        yield _term(found[at].start(), found[hit[0] - 1].end(), hit[1])
        at = hit[0]


def _is_quiet(word: str) -> bool:
    return word in quiet()[0] or (word[:1].isupper() and word[1:].islower() and word.lower() in quiet()[0])


def _whole(text: str, found: list[re.Match[str]], at: int, end: int, under: int) -> bool:
    """Whether words stand so close that they are one name."""
    spans = [one.span() for one in found[at:end]]
    if spans[-1][1] - spans[0][0] >= under:
        return False
    return all(_GAP.match(text[one[1] : two[0]]) for one, two in pairwise(spans))


def _chinese(text: str, *, under: int = 1 << 30) -> Iterator[Term]:
    """Names with Chinese characters of fewer than `under` characters, the longest at each place."""
    made, at = names(), 0
    while at < len(text):
        ends = range(min(len(text), at + made.longest_zh, at + under - 1), at, -1)
        end = next((end for end in ends if text[at:end] in made.chinese), None)
        if end is None or text[at:end] in quiet()[1]:
            at = at + 1 if end is None else end
            continue
        yield _term(at, end, made.chinese[text[at:end]])
        at = end


def _term(start: int, end: int, said: Named) -> Term:
    return Term(start, end, said.ids, said.kind, said.denied)


@cache
def _opened() -> _Findings | None:
    """The Human Phenotype Ontology, None where it is not installed."""
    try:
        hpo = open_hpo()
        return _Findings(hpo, open_names(hpo))
    except BedsideError:
        return None


def _findings(text: str) -> Iterator[Term]:
    """Findings by the ontology's names."""
    opened = _opened()
    if opened is not None:
        for hit in (*opened.names.english.find(text), *opened.names.chinese.find(text)):
            yield Term(hit.start, hit.end, frozenset((f"hp:{hit.term}",)), "finding")


def finding(id: str, start: int, end: int) -> tuple[Term, str]:
    """A finding by its id of the ontology as a term, under all names that its label has, and the label."""
    opened = _opened()
    if opened is None:
        return Term(start, end, frozenset((id,)), "finding"), ""
    label = opened.hpo.label(id)
    named = [
        one for said in (label, *_labels(opened.hpo, id)) for one in _english(said) if one.end - one.start == len(said)
    ]
    ids = frozenset((f"hp:{opened.hpo.number[id]}",)).union(*(one.ids for one in named))
    return Term(start, end, ids, "finding"), label


def _labels(hpo: Hpo, id: str) -> list[str]:
    return [said for said, scope, _ in hpo.synonyms(hpo.number[id]) if scope == "EXACT"]


@lru_cache(maxsize=4096)
def above(id: str) -> frozenset[str]:
    """What an id is a kind of, itself included."""
    if id.startswith("hp:"):
        opened = _opened()
        return (
            frozenset((id, *(f"hp:{one}" for one in opened.hpo.ancestors(int(id[3:])).tolist())))
            if opened
            else frozenset((id,))
        )
    return names().above((id,))


def _parts(text: str, one: Term) -> tuple[Term, ...]:
    """Shorter names within a name, and the words that are in none of them."""
    said = text[one.start : one.end]
    inner = _tops([*_english(said, under=len(said)), *_chinese(said, under=len(said))])
    taken = [False] * len(said)
    for part in inner:
        taken[part.start : part.end] = [True] * (part.end - part.start)
    found = [*inner, *_plain(said, taken)]
    moved = (replace(part, start=part.start + one.start, end=part.end + one.start) for part in found)
    return tuple(part for part in moved if part.ids != one.ids)


def _plain(text: str, taken: list[bool]) -> Iterator[Term]:
    """Telling words that are no names."""
    english, chinese = quiet()
    for token in TOKEN.finditer(text):
        word = token.group()
        if not taken[token.start()] and not word[0].isdigit() and word.lower() not in english and len(word) > 1:
            kind: Kind = "act" if _ACT.search(word) or _ACTS.search(text[: token.start()]) else "word"
            yield Term(*token.span(), frozenset(("w:" + key_of(word),)), kind, named=False)
    for run in _RUN.finditer(text):
        at = run.start()
        for piece in _pieces(run.group(), taken[run.start() : run.end()]):
            start = text.index(piece, at)
            at = start + len(piece)
            for word, tag in _words(piece):
                begin = text.index(word, start)
                start = begin + len(word)
                if not _tiled(word, chinese):
                    kind = "act" if tag[0] in _TAGS else "word"
                    yield Term(begin, begin + len(word), frozenset(("z:" + word,)), kind, named=False)


def _pieces(run: str, taken: list[bool]) -> Iterator[str]:
    """The stretches of a run of characters that are in no name."""
    piece = ""
    for character, used in zip(run, taken, strict=True):
        if used:
            if piece:
                yield piece
            piece = ""
        else:
            piece += character
    if piece:
        yield piece


@lru_cache(maxsize=20_000)
def _words(piece: str) -> tuple[tuple[str, str], ...]:
    """The words of a stretch of characters with their parts of speech, denials apart."""
    return tuple(tagged for part in _DENIAL.split(piece) if part for tagged in _segmenter().tagged(part))


@cache
def _segmenter() -> Segmenter:
    return Segmenter()


def _tiled(word: str, pieces: frozenset[str]) -> bool:
    """Whether a word is made of others."""
    return not word or any(word[:end] in pieces and _tiled(word[end:], pieces) for end in range(len(word), 0, -1))
