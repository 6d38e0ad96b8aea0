"""Pools token vectors into one vector a text: the mean over the text's own tokens."""

from __future__ import annotations

from torch import Tensor


def mean_pool(hidden: Tensor, mask: Tensor) -> Tensor:
    """[b, t, h] and mask [b, t] -> [b, h]; padding does not count. The mean of a one-token text is that token.

    >>> import torch
    >>> mean_pool(torch.tensor([[[1.0], [3.0], [9.0]]]), torch.tensor([[1, 1, 0]]))
    tensor([[2.]])
    """
    weight = mask.to(hidden.dtype)[..., None]
    return (hidden * weight).sum(1) / weight.sum(1).clamp(min=1)
