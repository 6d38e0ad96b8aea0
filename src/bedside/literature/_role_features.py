"""What a sentence shows of its role: words, pairs of words, figures, and where in the abstract it stands."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?|\d+(?:[.,·]\d+)*|[%±=<>]")
_P = re.compile(r"\bp\s?[<>=]", re.IGNORECASE)
_INTERVAL = re.compile(r"\bCI\b|confidence interval|±|\+/-", re.IGNORECASE)
AIM = re.compile(
    r"\b(?:aim|aims|aimed|objectives?|purpose|goals?) (?:of|was|were|is|are|to|in)\b|\b(?:we|study|trial) "
    r"(?:sought|aimed|hypothesi[sz]ed|"
    r"wished|wanted|attempted|set out|intended) (?:to|that)\b|^to (?:determine|investigate|evaluate|assess"
    r"|examine|compare|study|"
    r"explore|describe|test|analy[sz]e|identify|establish|clarify|review)\b|\bwas (?:designed|undertaken"
    r"|conducted|performed|done) to\b"
    r"|\bhere,? we (?:investigate|examine|evaluate|assess|test|compare)\b|旨在|目的(?:是|在于)",
    re.IGNORECASE,
)
"""Words that state an aim: under a heading of the background too, the sentence is an objective."""
_BINS = 8
_WORDS = 60


def features(sentence: str, number: int, total: int) -> Iterator[str]:
    """The names of what holds of a sentence that is the `number`-th (from 0) of `total`; a name may come twice.

    >>> sorted(set(features("We aimed to compare.", 0, 4)) & {"we aimed", "^we", "@first"})
    ['@first', '^we', 'we aimed']
    """
    words = ["#" if one[0].isdigit() else one for one in _WORD.findall(sentence.lower())][:_WORDS]
    yield from words
    yield from (f"{one} {two}" for one, two in itertools.pairwise(words))
    if words:
        yield f"^{words[0]}"
        yield "^" + " ".join(words[:2])
    if _P.search(sentence):
        yield "@p"
    if _INTERVAL.search(sentence):
        yield "@interval"
    yield from placed(number, total)


def placed(number: int, total: int) -> Iterator[str]:
    """What holds of the place alone."""
    yield f"@place{min(_BINS - 1, _BINS * number // max(1, total))}"
    if number == 0:
        yield "@first"
    if number == 1:
        yield "@second"
    if number == total - 1:
        yield "@last"
    if number == total - 2:
        yield "@last but one"
