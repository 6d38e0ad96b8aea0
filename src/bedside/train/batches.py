"""Puts texts of like length into one batch, up to a number of tokens: padding is what a CPU wastes most time on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

JITTER = 2.0
"""Tokens of noise on each length before sorting, so that a text meets other neighbours in each epoch."""


def make_batches(
    lengths: Sequence[int], *, tokens: int, rows: int, dice: np.random.Generator | None = None
) -> list[list[int]]:
    """Row numbers, batch by batch: at most `rows` texts and `tokens` padded tokens each (one longer text stands alone).

    With `dice` neighbours and order are drawn anew; without, the order is by length.

    >>> make_batches([3, 9, 3, 3], tokens=9, rows=64)
    [[0, 2, 3], [1]]
    """
    size = np.asarray(lengths, np.float64)
    order = np.argsort(size if dice is None else size + JITTER * dice.random(len(size)), kind="stable")
    batches: list[list[int]] = []
    current: list[int] = []
    longest = 0
    for row in order.tolist():
        longest = max(longest, lengths[row])
        if current and ((len(current) + 1) * longest > tokens or len(current) >= rows):
            batches.append(current)
            current, longest = [], lengths[row]
        current.append(row)
    if current:
        batches.append(current)
    return batches if dice is None else [batches[number] for number in dice.permutation(len(batches))]


def epoch_batches(lengths: Sequence[int], *, tokens: int, rows: int, seed: int, epoch: int) -> list[list[int]]:
    """The batches of one epoch: a function of seed and epoch alone, so a resumed fit sees the same ones."""
    return make_batches(lengths, tokens=tokens, rows=rows, dice=np.random.default_rng([seed, epoch]))
