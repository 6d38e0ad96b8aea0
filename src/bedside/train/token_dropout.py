"""Hides some of a text's tokens at each training step, so that less of it is learnt by heart.

A hidden token is neither attended to nor pooled, as if it were not written; each step draws anew. It costs nothing.

Source: Iyyer et al. 2015, "Deep Unordered Composition Rivals Syntactic Methods for Text Classification" (word dropout).
"""

from __future__ import annotations

import torch
from torch import Tensor


def thinned(mask: Tensor, share: float) -> Tensor:
    """The mask [b, t] with about that share of each text's tokens hidden, never the first.

    >>> thinned(torch.ones(1, 4), 0.0)
    tensor([[1., 1., 1., 1.]])
    """
    if not share:
        return mask
    kept = torch.rand(mask.shape, device=mask.device) >= share
    kept[:, 0] = True
    return mask * kept
