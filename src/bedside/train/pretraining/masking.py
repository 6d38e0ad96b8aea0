"""Chooses the words to be guessed and what stands in their place: whole words, anew in each epoch, repeatably.

Source: Devlin et al. 2019 (15 %; of these 80 % masked, 10 % another piece, 10 % left); whole words: Cui et al. 2021,
"Pre-Training with Whole Word Masking for Chinese BERT".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bedside.train.pretraining.words import BEGINS, MARK, Flags

Ids = NDArray[np.int64]
MASKED, SWAPPED = 0.8, 0.1
"""Of the chosen words: shown as the mask, and as random pieces; the rest is shown as it is."""

FIXED = 2**31
"""The epoch number from which on measurements draw their masks: they never change, and no training epoch has them."""


@dataclass(frozen=True)
class Masker:
    """What masking needs to know; `ordinary` are the ids a random piece is drawn from, marks left out."""

    mask_id: int
    ordinary: Ids
    share: float
    seed: int

    def row(self, ids: Ids, flags: Flags, *, epoch: int, row: int) -> tuple[Ids, NDArray[np.bool_]]:
        """What is shown in place of `ids` [t], and which pieces are to be guessed: seed, epoch and row decide."""
        dice = np.random.default_rng([self.seed, epoch, row])
        chosen, fates = choose_words(flags, self.share, dice)
        shown = ids.copy()
        shown[chosen & (fates < MASKED)] = self.mask_id
        swapped = chosen & (fates >= MASKED) & (fates < MASKED + SWAPPED)
        shown[swapped] = dice.choice(self.ordinary, int(swapped.sum()))
        return shown, chosen


def choose_words(
    flags: Flags, share: float, dice: np.random.Generator
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Which pieces [t] belong to a chosen word, and each word's fate in 0..1, the same for all its pieces.

    Words are drawn until `share` of the pieces is reached, as nearly as whole words allow; at least one.

    >>> choose_words(np.array([2, 1, 0, 0, 2], np.uint8), 0.15, np.random.default_rng(0))[0].tolist()
    [False, True, True, True, False]
    """
    pieces = flags < MARK
    words = np.cumsum(flags == BEGINS) - 1
    count = int(words[-1]) + 1 if len(words) else 0
    if not count:
        return np.zeros(len(flags), bool), np.ones(len(flags))
    sizes = np.bincount(words[pieces], minlength=count)
    order = dice.permutation(count)
    middle = np.cumsum(sizes[order]) - sizes[order] / 2
    taken = middle <= share * sizes.sum()
    taken[0] = True
    chosen_word = np.zeros(count, bool)
    chosen_word[order[taken]] = True
    fates = dice.random(count)
    return chosen_word[words] & pieces, fates[words]
