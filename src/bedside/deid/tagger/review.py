"""A small trained tagger: names, institutions and places that only their surroundings give away.

A network over tokens (`network.py`), which also sees what the rules found, reads many texts in one go. Fitted by
`tools/tagger/fit.py` on invented notes; what it was fitted on, and its figures, are in docs/design/003.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise
from typing import Any

import numpy as np

from bedside.deid._recogniser import Candidate
from bedside.deid.tagger.checks import CERTAINTY, possible
from bedside.deid.tagger.edges import bounded, untitled
from bedside.deid.tagger.joins import Run, joined
from bedside.deid.tagger.network import GAPS, Array, load
from bedside.deid.tagger.tokens import Key, Tokens, tokens
from bedside.types import IDENTITY_TYPES, Span

THRESHOLD = 0.25
"""A token is identity when the probability of all kinds together is above this,"""

THRESHOLD_ALONE = 0.97
"""or above this in a text where no rule found anything: such texts mostly hold no identity at all."""

DOUBT = 0.05
"""A name that rules found is let go when the tagger, which sees their finding too, gives it no more than this."""

NAMED = ("NAME", "STAFF", "HOSPITAL", "ORG", "ADDRESS")
"""Kinds without a shape of their own. Of the others the tagger adds none to a text in which rules found nothing."""

_AGE_NEXT = re.compile(r",? {1,2}\(?\d{1,2} ?(?:y/?o? ?|yrs? ?)?[MF]\b")
"""A sex and an age are a person's: "Innocent 44 M"."""
_SIGNED = re.compile(r"(?:[A-Z](?:['’][A-Z])?\.){2,3}")
"""Initials that sign an entry: E.T."""
_TIME_NEXT = re.compile(r"[\]>]?[ ,]{1,2}[\[(]?\d{1,2}:\d\d")
_TIME_BEFORE = re.compile(r"(?:\A|\n)\[?\d{1,2}:\d\d\]? \Z")
_LINE_ENDS = re.compile(r"[.;。；)] ?[a-z/]{2,9}(?:\n|\Z)")
_BARE_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}")
_PEOPLE = (IDENTITY_TYPES.index("NAME"), IDENTITY_TYPES.index("STAFF"))
_CHUNK = 512
"""Tokens that the network reads in one go: enough to share the cost of each step, few enough to stay in the cache."""

_MARGIN = sum(GAPS)


@cache
def _threads() -> Any:
    """Matrices as small as these cost twice the processor time when several threads share them."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


@dataclass(frozen=True, slots=True)
class Review:
    """What the tagger makes of a text: what it takes for identity, and the rules' spans that it is sure are none."""

    found: list[Candidate]
    doubted: list[Span]


Reviewer = Callable[[Sequence[str], Sequence[Sequence[Span]]], list[Review]]
"""Reads texts with what was found in each so far (sorted, without overlaps)."""


def review(texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Review]:
    """Read texts in each of which rules found some `spans` (sorted, without overlaps)."""
    found = [tokens(text) for text in texts]
    rules = [rule_numbers(read, marked) for read, marked in zip(found, spans, strict=True)]
    with _threads().limit(limits=1, user_api="blas"):
        chances = _chances([read.keys for read in found], rules)
    said = _said(chances, list(map(len, found)), [bool(marked) for marked in spans])
    return [_review(*one) for one in zip(texts, found, said, spans, strict=True)]


@dataclass(frozen=True, slots=True)
class _Said:
    """How sure each token of a text is identity; which tokens are sure enough, and of which kind those are."""

    sure: list[float]
    likely: list[int]
    kinds: list[int]


def _said(chances: Array, sizes: Sequence[int], marked: Sequence[bool]) -> list[_Said]:
    """What the network says of all texts' tokens, text by text; in those with no rule's find it must be surer."""
    sure = 1 - chances[:, 0]
    limits = np.where(marked, np.float32(THRESHOLD), np.float32(THRESHOLD_ALONE))
    likely = np.flatnonzero(sure > limits.repeat(sizes))
    cuts = [0, *np.searchsorted(likely, np.cumsum(sizes)).tolist()]
    all_sure, all_likely, all_kinds = sure.tolist(), likely.tolist(), chances[likely, 1:].argmax(1).tolist()
    said, first = [], 0
    for size, (cut, until) in zip(sizes, pairwise(cuts), strict=True):
        own = [at - first for at in all_likely[cut:until]]
        said.append(_Said(all_sure[first : first + size], own, all_kinds[cut:until]))
        first += size
    return said


def _review(text: str, found: Tokens, said: _Said, spans: Sequence[Span]) -> Review:
    all_runs = _runs(text, found, said)
    finds = [(one.start, one.end) for one in all_runs] + [(one.start, one.end) for one in spans]
    edges = {edge for start, end in finds for edge in ((start, "start"), (end, "end"))}
    runs = [
        run
        for run in map(partial(untitled, text), all_runs)
        if run.start < run.end
        and (spans or run.type in NAMED)
        and possible(text, run, alone=edges.isdisjoint(((run.start, "end"), (run.end, "start"))), ruled=bool(spans))
        and not (run.end - run.start == 1 and _is_in_a_word(found, run.start))
    ]
    return Review([bounded(text, run) for run in runs], _doubted(text, found, said.sure, spans))


def _chances(found: Sequence[Sequence[Key]], rules: Sequence[Sequence[int]]) -> Array:
    """What the network says of all texts' tokens, [tokens, k]: short texts together, a long one piece by piece."""
    read = []
    for group in _groups([len(one) for one in found]):
        cut = [slice(max(0, start - _MARGIN), start + _CHUNK + _MARGIN) for _, start in group]
        texts = [found[text][part] for (text, _), part in zip(group, cut, strict=True)]
        said = load().probabilities(texts, [rules[text][part] for (text, _), part in zip(group, cut, strict=True)])
        at = 0
        for (text, start), part, piece in zip(group, cut, texts, strict=True):
            first = at + start - part.start
            read.append(said[first : first + min(_CHUNK, len(found[text]) - start)])
            at += len(piece)
    return np.concatenate(read) if read else _NOTHING


_NOTHING: Array = np.zeros((0, len(IDENTITY_TYPES) + 1), np.float32)


def _groups(sizes: Sequence[int]) -> Iterator[list[tuple[int, int]]]:
    """Which pieces are read together: the number of the text, and at which of its tokens the piece begins."""
    group: list[tuple[int, int]] = []
    held = 0
    for text, size in enumerate(sizes):
        for start in range(0, size, _CHUNK):
            if group and held + min(_CHUNK, size - start) > _CHUNK:
                yield group
                group, held = [], 0
            group.append((text, start))
            held += min(_CHUNK, size - start)
    if group:
        yield group


def _doubted(text: str, found: Tokens, sure: Sequence[float], spans: Sequence[Span]) -> list[Span]:
    """Names, and dates as short as a score (5/7), that rest on a rule alone; other shapes are what rules know best."""
    return [
        span
        for span in spans
        if (span.type in NAMED or _BARE_DATE.fullmatch(text, span.start, span.end))
        and not _is_logged(text, span)
        and not _AGE_NEXT.match(text, span.end)
        and not _SIGNED.fullmatch(text, span.start, span.end)
        and max(sure[found.within(span)], default=0) < DOUBT
    ]


def _is_logged(text: str, span: Span) -> bool:
    """Whether small letters stand where a log has its writer: a login before a time, initials at the end of a line."""
    if not text[span.start : span.end].islower():
        return False
    first = span.start == 0 or text[span.start - 1] == "\n"
    return bool(
        (first and _TIME_NEXT.match(text, span.end))
        or _TIME_BEFORE.search(text, max(0, span.start - 9), span.start)
        or _LINE_ENDS.search(text, max(0, span.start - 2), span.end + 1)
    )


def _is_in_a_word(found: Tokens, start: int) -> bool:
    """Whether the token that begins here is a character of a longer Chinese word."""
    return len(found.keys[bisect_left(found.starts, start)][1]) > 1


def rule_numbers(found: Tokens, spans: Sequence[Span]) -> list[int]:
    """For each token 0, or twice the number of the kind of the span it lies in, plus one unless it begins it."""
    numbers = [0] * len(found)
    for span in reversed(spans):
        touched = found.within(span)
        first, inside = touched.start, 2 * IDENTITY_TYPES.index(span.type) + 3
        numbers[touched] = [inside] * (touched.stop - first)
        if first < touched.stop and found.starts[first] <= span.start:
            numbers[first] = inside - 1
    return numbers


def _runs(text: str, found: Tokens, said: _Said) -> list[Candidate]:
    """Neighbouring tokens of one kind on one line as one candidate; its score is that of its surest token."""
    runs: list[Run] = []
    for place, kind in zip(said.likely, said.kinds, strict=True):
        first, last, of = runs[-1] if runs else (0, -2, 0)
        between = text[found.end(last) : found.starts[place]] if last == place - 1 else "\n"
        one_person = of in _PEOPLE and kind in _PEOPLE and between == " "  # "Emily" and "Carter" are not two
        if (of == kind or one_person) and "\n" not in between:
            runs[-1] = (first, place, of)
        else:
            runs.append((place, place, kind))
    return [
        Candidate(
            found.starts[first],
            found.end(last),
            IDENTITY_TYPES[kind],
            round(CERTAINTY * max(said.sure[first : last + 1]), 3),
            "tagger",
        )
        for first, last, kind in joined(text, found, said.sure, runs)
    ]
