"""What a head is asked to minimise: class weights, focal exponent, label smoothing and temperature in one value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Objective:
    """`weights` is one number a label (None: all 1); `focal` is gamma in Lin et al. 2017 (0: plain cross-entropy).

    `temperature` divides the cosines that a head compares.
    """

    weights: Tensor | None = None
    focal: float = 0.0
    smoothing: float = 0.0
    temperature: float = 0.02


PLAIN = Objective()


def class_weights(counts: Sequence[int], strength: float) -> Tensor:
    """(rows / (labels * count)) ** strength, scaled so that the mean over rows is 1.

    Strength 1 balances the classes fully; with many rare classes that lets a handful of rows rule, and the square root
    (0.5) between is the steadier choice. A label without rows gets the weight of one row.

    >>> class_weights([90, 10], 1.0)
    tensor([0.5556, 5.0000])
    """
    seen = torch.tensor(counts, dtype=torch.float64).clamp(min=1)
    weights = (seen.sum() / (len(seen) * seen)) ** strength
    return (weights / ((weights * seen).sum() / seen.sum())).to(torch.float32)
