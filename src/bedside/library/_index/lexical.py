"""BM25 over segments mapped from the disk: a segment is written once and never changed, so a reader never waits.

A posting is a passage's number (4 bytes) and the weight of the term in it (1 byte). The weight does not depend on what
else is in the library: the mean length of BM25 is a constant here, which passages cut to one size allow, so that a
library built in ten steps answers as one built in one. The search is exact: once no passage that has only the more
frequent terms can still come among the first k, their lists are only looked up, not read (MaxScore).

Sources: Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond" (k1 and b as in Lucene);
Turtle & Flood 1995, "Query evaluation: strategies and optimizations" (MaxScore).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bedside.library._index.vocabulary import NO_WORDS, Vocabulary, merged
from bedside.library._question.terms import key_of

K1, B = 1.2, 0.75
USUAL_LENGTH = 150
"""Terms of a usual passage: what BM25 calls the mean length."""
STEPS = 255
"""Levels of a weight."""
SHORT_LIST = 4096
"""A posting list up to this length is read rather than reasoned about."""
READ_RATHER = 8
"""A list of fewer than so many times the passages in question is read rather than searched for each."""
TOLERANCE = 1e-4
"""Of sums of 32-bit floats."""

FILES = frozenset(["keys.npy", "starts.npy", "numbers.npy", "weights.npy", "words.npy", "marks.npy"])
"""Of a segment on the disk."""

Ints = NDArray[np.uint32]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Segment:
    """Postings of some passages: `keys` [t] ascending, and of the term t `numbers[starts[t]:starts[t + 1]]`."""

    keys: NDArray[np.uint64]
    starts: NDArray[np.int64]
    numbers: Ints
    weights: NDArray[np.uint8]
    vocabulary: Vocabulary = NO_WORDS

    def postings(self, key: int) -> tuple[Ints, NDArray[np.uint8]]:
        """The passages that hold a term, ascending, and its weight in each."""
        at = int(np.searchsorted(self.keys, np.uint64(key)))
        if at == len(self.keys) or int(self.keys[at]) != key:
            return self.numbers[:0], self.weights[:0]
        first, last = int(self.starts[at]), int(self.starts[at + 1])
        return self.numbers[first:last], self.weights[first:last]


def build_segment(passages: Iterable[tuple[int, Sequence[int]]], vocabulary: Vocabulary = NO_WORDS) -> Segment:
    """The postings of passages, given as (number, keys of its terms) with numbers ascending, and all their words."""
    keys: list[int] = []
    numbers: list[int] = []
    weights: list[int] = []
    for number, terms in passages:
        counts = Counter(terms)
        rise = K1 * (1 - B + B * len(terms) / USUAL_LENGTH)
        keys += counts
        numbers += [number] * len(counts)
        weights += [max(1, round(STEPS * count / (count + rise))) for count in counts.values()]
    return _sorted(np.array(keys, np.uint64), np.array(numbers, np.uint32), np.array(weights, np.uint8), vocabulary)


def merge_segments(segments: Sequence[Segment], gone: NDArray[np.bool_]) -> Segment:
    """Several segments as one, without the passages that are `gone` [passages]."""
    keys = np.concatenate([np.repeat(one.keys, np.diff(one.starts)) for one in segments])
    numbers = np.concatenate([one.numbers for one in segments])
    weights = np.concatenate([one.weights for one in segments])
    kept = ~gone[numbers]
    there = set(np.unique(keys[kept]).tolist())
    vocabulary = merged([one.vocabulary for one in segments], lambda word: key_of(word) in there)
    return _sorted(keys[kept], numbers[kept], weights[kept], vocabulary)


def _sorted(keys: NDArray[np.uint64], numbers: Ints, weights: NDArray[np.uint8], vocabulary: Vocabulary) -> Segment:
    order = np.lexsort((numbers, keys))
    found, first = np.unique(keys[order], return_index=True)
    starts = np.append(first, len(keys)).astype(np.int64)
    return Segment(found, starts, numbers[order], weights[order], vocabulary)


def save_segment(segment: Segment, folder: Path) -> None:
    """Write its arrays into a folder, through to the disk."""
    arrays = {name: getattr(segment, name) for name in ("keys", "starts", "numbers", "weights")}
    arrays |= {"words": segment.vocabulary.rows, "marks": segment.vocabulary.marks}
    for name, array in arrays.items():
        with (folder / f"{name}.npy").open("wb") as out:
            np.save(out, array)
            out.flush()
            os.fsync(out.fileno())


def open_segment(folder: Path) -> Segment:
    """The same, mapped; the terms themselves are read, to be found without touching the disk.

    A segment of an older bedside has no words: what is misspelt is not found in it.
    """
    keys, starts = np.load(folder / "keys.npy"), np.load(folder / "starts.npy")
    numbers, weights = (np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("numbers", "weights"))
    vocabulary = NO_WORDS
    if (folder / "words.npy").is_file():
        rows = np.load(folder / "words.npy", mmap_mode="r")
        vocabulary = Vocabulary(np.asarray(rows), np.load(folder / "marks.npy"))
    return Segment(keys, starts, np.asarray(numbers), np.asarray(weights), vocabulary)


@dataclass(frozen=True)
class Term:
    """A term of a question: the most it can add to a score, and its lists."""

    most: float
    lists: list[tuple[Ints, NDArray[np.uint8]]]

    @property
    def size(self) -> int:
        return sum(len(numbers) for numbers, _ in self.lists)


def weigh(segments: Sequence[Segment], terms: Mapping[int, float], alive: int) -> list[Term]:
    """The terms of a question that occur at all, the weightiest first; `terms` says how much each counts."""
    found = []
    for key, times in terms.items():
        lists = [one for segment in segments if len((one := segment.postings(key))[0])]
        size = sum(len(numbers) for numbers, _ in lists)
        if size:
            rarity = log(1 + (max(alive - size, 0) + 0.5) / (size + 0.5))
            found.append(Term(times * rarity, lists))
    return sorted(found, key=lambda term: -term.most)


def search_segments(
    segments: Sequence[Segment], start: Floats, terms: Sequence[int] | Mapping[int, float], k: int
) -> list[tuple[int, float]]:
    """The k best passages for a question's terms, best first; equals by number.

    `start` [passages + 1] is 0, and minus infinity at passages that may not be found; numbers begin at 1.
    """
    return search_terms(weigh(segments, Counter(terms), alive=int(np.count_nonzero(start == 0))), start, k)


def search_terms(weighed: Sequence[Term], start: Floats, k: int) -> list[tuple[int, float]]:
    """The same for terms that were weighed."""
    scores = start.copy()
    left = [sum(term.most for term in weighed[at:]) for at in range(len(weighed) + 1)]
    bar, done = 0.0, 0
    for term in weighed:
        if left[done] < bar and term.size > SHORT_LIST:
            break
        _add(scores, term)
        for numbers, _ in term.lists:
            reached = scores[numbers]
            bar = max(bar, _kth(reached[reached > bar], k))
        done += 1
    return _best(scores, weighed[done:], left[done:], bar, k)


def shares(weighed: Sequence[Term], numbers: Ints) -> Floats:
    """Of each of some passages, its score as a share of the most that all terms together could add."""
    scores = np.zeros(len(numbers), np.float32)
    for term in weighed:
        for held, weights in term.lists:
            first, last = np.searchsorted(numbers, (held[0], held[-1] + 1))
            at = np.searchsorted(held, numbers[first:last])
            there = held[at] == numbers[first:last]
            scores[first:last][there] += np.float32(term.most / STEPS) * weights[at[there]]
    return scores / np.float32(max(sum(term.most for term in weighed), TOLERANCE))


def _best(scores: Floats, unread: Sequence[Term], left: Sequence[float], bar: float, k: int) -> list[tuple[int, float]]:
    """The first k, once the lists that were not read are looked up for the passages that may still be among them.

    `left[i]` is the most that unread terms from the i-th on can add; k passages have reached `bar`.
    """
    likely = np.flatnonzero(scores > max(bar - left[0] - TOLERANCE, 0)).astype(np.uint32)
    for term, most in zip((None, *unread), (left[0], *left), strict=False):
        if term is not None:
            _look_up(scores, likely, term)
            most -= term.most
        likely = likely[scores[likely] >= _kth(scores[likely], k) - most - TOLERANCE]
    order = np.lexsort((likely, -scores[likely]))[:k]
    return [(int(likely[at]), float(scores[likely[at]])) for at in order]


def _add(scores: Floats, term: Term) -> None:
    """What a term adds to every passage that holds it."""
    for numbers, weights in term.lists:
        scores[numbers] += np.float32(term.most / STEPS) * weights


def _look_up(scores: Floats, likely: Ints, term: Term) -> None:
    """What a term adds to some passages."""
    if len(likely) * READ_RATHER > term.size:
        _add(scores, term)
        return
    for numbers, weights in term.lists:
        at = np.minimum(np.searchsorted(numbers, likely), len(numbers) - 1)
        there = numbers[at] == likely
        scores[likely[there]] += np.float32(term.most / STEPS) * weights[at[there]]


def _kth(scores: Floats, k: int) -> float:
    """The k-th best score, 0 where there are fewer."""
    return float(np.partition(scores, -k)[-k]) if len(scores) >= k else 0.0
