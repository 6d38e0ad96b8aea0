"""Figures that matter in a text: effect sizes with interval and p value, shares, means, medians, numbers of persons.

Rules, not a model: each figure has its place and can be checked by eye. What a figure belongs to (arm, outcome) is told
where the sentence tells it; what cannot be true of it is flagged (`checks.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bedside.cleaning.sentences import spans
from bedside.literature._atoms import atoms
from bedside.literature._counted import counted_figures
from bedside.literature._named import named_figures
from bedside.literature._p_values import with_p_values
from bedside.literature._paper import Paper
from bedside.literature._statistic import Statistic
from bedside.literature.belongs import belonging
from bedside.literature.checks import flags_of
from bedside.literature.sentences import sentences

_CLOSES, _OPENS = ")]）】", ("(（", "[", "（(", "【")


def numbers_in(text: str) -> list[Statistic]:
    """The figures of a text, sentence by sentence.

    >>> [one.shown() for one in numbers_in("Deaths fell (HR 0.8, 95% CI 0.7-0.9, P<.001).")]
    ['HR 0.8 (0.7 to 0.9), p<0.001']
    """
    return [one for start, end in spans(text) for one in _of_sentence(text, start, end)]


def numbers_of(paper: Paper) -> Iterator[Statistic]:
    """The figures of a paper in the order of its text."""
    for start, end, _ in sentences(paper.text, paper.sections):
        yield from _of_sentence(paper.text, start, end)


def _of_sentence(text: str, start: int, end: int) -> list[Statistic]:
    said = text[start:end]
    if not any(letter.isdigit() for letter in said) and not _worded(said):
        return []
    parts = atoms(said)
    named = named_figures(said, parts)
    counted = counted_figures(said, parts, named)
    found = with_p_values(said, parts, sorted([*named, *counted], key=lambda one: one.start))
    placed = belonging(said, found)
    return [_placed(text, (start, end), one) for one in placed]


def _placed(text: str, sentence: tuple[int, int], one: Statistic) -> Statistic:
    """A figure with its place in the text; a bracket that it does not open is no part of it."""
    start, end = sentence[0] + one.start, sentence[0] + one.end
    while text[end - 1] in _CLOSES and not any(
        mark in text[start:end] for mark in _OPENS[_CLOSES.index(text[end - 1])]
    ):
        end -= 1
    return replace(one, start=start, end=end, sentence=sentence, flags=flags_of(one), text=text[start:end])


def _worded(said: str) -> bool:
    from bedside.literature._counted import PERSONS_WORDED

    return PERSONS_WORDED.search(said) is not None
