"""What of a question is looked for among the words: its own terms, what misspelt ones may mean, and other names.

A word that no passage has stands for the nearest that some have. Names that HPO or our lists know bring the terms of
the other names of the same thing, in both languages. All of these count less than the question's own terms, and words
such as "what" and 怎么 hardly. The weights were chosen on questions of train parts (docs/design/009-library.md).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from bedside.library._index.lexical import Segment
from bedside.library._index.vocabulary import near
from bedside.library._question.synonyms import Synonyms
from bedside.library._question.terms import key_of, singular, terms_of

MENDED = {1: 0.8, 2: 0.6}
"""How much a word counts that is so many edits from the one that was written."""
MEANT = 3
"""A misspelt word stands for so many words at most, equally near, which share its weight."""
FOREIGN, SAME = 0.5, 0.3
"""How much a term of all other names counts, in the other language and in English; in Chinese, single characters and
pairs already find names that are worded otherwise."""
NAMED, LEAST_SHARE = 32, 0.1
"""So many terms of other names are taken at most, those that most of the names have; and none of fewer names."""
STOP = 0.1
_LONG_WORD = re.compile(r"[A-Za-z]{5,}")


def terms_asked(question: str, segments: Sequence[Segment], synonyms: Synonyms) -> dict[int, float]:
    """The keys of the terms to look for, and how much each counts."""
    own = Counter(terms_of(question))
    weights: dict[str, float] = {term: float(times) for term, times in own.items()}
    for term in own:
        if term not in stop_words() and not _frequency(term, segments):
            _put(weights, _mended(term, segments))
    named = sorted(synonyms.of(question), key=lambda one: (-one.share, one.term))[:NAMED]
    for one in named:
        if one.share >= LEAST_SHARE and (one.foreign or one.term.isascii()):
            _put(weights, {one.term: one.weight * (FOREIGN if one.foreign else SAME)})
    stop = stop_words()
    return {key_of(term): weight * (STOP if term in stop else 1) for term, weight in weights.items()}


def mended(question: str, segments: Sequence[Segment]) -> str:
    """A question with the nearest word that the library has for each longer one that it has not."""
    return _LONG_WORD.sub(lambda word: _meant(word.group(), segments), question)


def _meant(word: str, segments: Sequence[Segment]) -> str:
    term = terms_of(word)[0]
    if term in stop_words() or _frequency(term, segments):
        return word
    return next(iter(_mended(term, segments)), word)


@cache
def stop_words() -> frozenset[str]:
    """Terms that say little of what is asked about."""
    lines = files("bedside.library").joinpath("data/stop_words.txt").read_text(encoding="utf-8").splitlines()
    words = [word for line in lines if not line.startswith("#") for word in line.split()]
    return frozenset([*words, *map(singular, words)])


def _put(weights: dict[str, float], more: dict[str, float]) -> None:
    """Add terms that are not there; of two weights the larger holds, and the question's own always does."""
    for term, weight in more.items():
        weights[term] = max(weights.get(term, 0.0), weight)


def _mended(word: str, segments: Sequence[Segment]) -> dict[str, float]:
    """The words of the library that are nearest to one that it does not have; of those equally near the usual ones."""
    found = near(word, [one.vocabulary for one in segments])
    least = min(found.values(), default=0)
    meant = sorted((-_frequency(one, segments), one) for one, edits in found.items() if edits == least)[:MEANT]
    return {one: MENDED[least] / len(meant) for _, one in meant}


def _frequency(term: str, segments: Sequence[Segment]) -> int:
    """In how many passages a term is."""
    key = key_of(term)
    return sum(len(segment.postings(key)[0]) for segment in segments)
