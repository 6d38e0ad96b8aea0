"""Perplexity before and after, on the same guesses, with intervals: whole documents are drawn with replacement.

Perplexity is exp of the mean loss a guessed piece: of how many equally likely pieces the model could not choose.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from bedside.evaluate.bootstrap import RESAMPLES, Array, draws
from bedside.evaluate.estimate import MIN_PATIENTS, figure
from bedside.lang import tr
from bedside.types import Figure, Undefined


def perplexities(before: Array, after: Array, seed: int) -> dict[str, Figure]:
    """`before`, `after` and their `difference` (after minus before; below 0 is better) from sums a document.

    Both arrays are [documents, 2]: the summed loss in nats and the number of pieces guessed. `n` counts pieces, and
    `n_patients` documents; fewer than five give no interval, so no figure.

    >>> sums = np.array([[20.0, 10.0]] * 6)
    >>> round(perplexities(sums, sums / [2, 1], 0)["after"].value, 3)
    2.718
    """
    kept = before[:, 1] > 0
    before, after = before[kept], after[kept]
    count, guessed = len(before), int(before[:, 1].sum())
    if count < MIN_PATIENTS:
        reason = tr(f"fewer than {MIN_PATIENTS} documents held out", f"留出的文档少于 {MIN_PATIENTS} 份")
        return dict.fromkeys(("before", "after", "difference"), Undefined(reason=reason, n=guessed, n_patients=count))
    blocks = [_resampled(before, after, block) for block in draws(count, seed)]
    old, new = np.concatenate(blocks, axis=1)
    made = {"before": old, "after": new, "difference": new - old}
    return {name: _figure(values, guessed, count, seed) for name, values in made.items()}


def _resampled(before: Array, after: Array, block: Array) -> Array:
    """Both perplexities [2, r] of each draw [c, r]."""
    guessed = before[:, 1] @ block
    return np.exp(np.stack([before[:, 0] @ block, after[:, 0] @ block]) / guessed)


def _figure(values: Array, guessed: int, count: int, seed: int) -> Figure:
    found = figure(values, n=guessed, n_patients=count, seed=seed, bounded=False)
    if isinstance(found, Undefined):
        return found
    return dataclasses.replace(found, method=f"document bootstrap, percentile, {RESAMPLES} resamples")
