"""The English words of an index, and which of them a word that is not there, or hardly, may have been meant to be.

Words lie on the disk by first letter and length, with a mark of the letters that each has. So a misspelt one is
compared with its neighbours only: an edit changes the length by one at most, and the letters by two. Nothing is
learnt, and a million passages' words take some megabytes.
Source: Damerau 1964, "A technique for computer detection and correction of spelling errors" (swaps count as one).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SHORTEST, LONGEST = 4, 24
"""Letters of the words that are kept: shorter ones have too many neighbours."""
EDITS = ((8, 2), (SHORTEST, 1))
"""(letters, edits): a word of at least so many letters may be so far from what was meant."""
_FIXED = f"S{LONGEST + 2}"
"""First letter, length, letters: what they are sorted by."""
_EMPTY = np.array([], _FIXED)


@dataclass(frozen=True)
class Vocabulary:
    """`rows` [n]: the words as they are sorted; `marks` [n]: two bits a letter, whether it is there once, and twice."""

    rows: NDArray[np.bytes_]
    marks: NDArray[np.uint64]

    def alike(self, word: str, most: int) -> NDArray[np.bytes_]:
        """The rows of words that so many edits may lead to, by first letter, length and marks, and some others."""
        found = []
        for letter in dict.fromkeys(word[:2].encode()):
            ends = (bytes([letter, len(word) - most]), bytes([letter, len(word) + most + 1]))
            first, last = np.searchsorted(self.rows, np.array(ends, _FIXED))
            apart = np.bitwise_count(self.marks[first:last] ^ np.uint64(_mark(word)))
            found.append(self.rows[first:last][apart <= 2 * most])
        return np.concatenate(found)


def near(word: str, vocabularies: Sequence[Vocabulary]) -> dict[str, int]:
    """The words within a few edits of another, itself left out, with the number of edits.

    They begin with its first letter or its second, which leaves a swap of the two.

    >>> near("daibetes", [vocabulary_of(["diabetes", "diabetic", "dialysis"])])
    {'diabetes': 1}
    """
    if not is_word(word):
        return {}
    most = next(edits for letters, edits in EDITS if len(word) >= letters)
    rows = np.unique(np.concatenate([_EMPTY, *(one.alike(word, most) for one in vocabularies)]))
    letters = rows.view(np.uint8).reshape(len(rows), LONGEST + 2)
    edits = _distances(word.encode(), letters[:, 2:], letters[:, 1], most)
    found = zip(rows, edits.tolist(), strict=True)
    return {row[2:].decode(): far for row, far in found if 0 < far <= most}


def is_word(term: str) -> bool:
    """Whether a term is one of those kept here: English letters only, neither short nor very long."""
    return SHORTEST <= len(term) <= LONGEST and term.isascii() and term.isalpha() and term.islower()


def vocabulary_of(words: Iterable[str]) -> Vocabulary:
    """The vocabulary of some terms; those that are no words are left out."""
    kept = sorted({bytes([ord(word[0]), len(word)]) + word.encode() for word in words if is_word(word)})
    marks = [_mark(row[2:].decode()) for row in kept]
    return Vocabulary(np.array(kept, _FIXED), np.array(marks, np.uint64))


def merged(vocabularies: Sequence[Vocabulary], kept: Callable[[str], bool]) -> Vocabulary:
    """Several as one, without the words that are not `kept`."""
    rows, first = np.unique(np.concatenate([one.rows for one in vocabularies]), return_index=True)
    marks = np.concatenate([one.marks for one in vocabularies])[first]
    chosen = np.array([kept(row[2:].decode()) for row in rows], np.bool_)
    return Vocabulary(rows[chosen], marks[chosen])


NO_WORDS = vocabulary_of(())


def _mark(word: str) -> int:
    mark = 0
    for letter in word:
        bit = 1 << 2 * (ord(letter) - ord("a"))
        mark |= bit if not mark & bit else bit << 1
    return mark


def _distances(word: bytes, letters: NDArray[np.uint8], lengths: NDArray[np.uint8], most: int) -> NDArray[np.int64]:
    """Insertions, deletions, changes and swaps of neighbours from a word to each of [n, letters]; large if too many.

    Optimal string alignment, all words at once; cells further than `most` from the diagonal are left out.
    """
    far = most + 1
    width = int(lengths.max()) if len(lengths) else 0
    table = np.full((len(word) + 1, width + 1, len(letters)), far, np.int64)
    table[0] = np.arange(width + 1)[:, None]
    for one in range(1, len(word) + 1):
        table[one, 0] = one
        for two in range(max(1, one - most), min(width, one + most) + 1):
            same = letters[:, two - 1] == word[one - 1]
            best = np.minimum(table[one - 1, two], table[one, two - 1]) + 1
            best = np.minimum(best, table[one - 1, two - 1] + 1 - same)
            if one > 1 and two > 1:
                swapped = (letters[:, two - 1] == word[one - 2]) & (letters[:, two - 2] == word[one - 1])
                best = np.where(swapped, np.minimum(best, table[one - 2, two - 2] + 1), best)
            table[one, two] = best
    distances: NDArray[np.int64] = table[len(word), lengths, np.arange(len(letters))]
    return distances
