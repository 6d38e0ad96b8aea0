"""Makes a training text harder, so that less of it is learnt by heart: tokens left out, and vectors moved to mislead.

Sources: Miyato, Dai & Goodfellow 2017, "Adversarial Training Methods for Semi-Supervised Text Classification" (the loss
at moved word vectors is added to the plain one); Iyyer et al. 2015, "Deep Unordered Composition Rivals Syntactic
Methods for Text Classification" (word dropout).
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def thinned(mask: Tensor, share: float) -> Tensor:
    """The mask [b, t] with about that share of each text's tokens hidden, never the first: nothing is seen of them.

    >>> thinned(torch.ones(1, 4), 0.0)
    tensor([[1., 1., 1., 1.]])
    """
    if not share:
        return mask
    kept = torch.rand(mask.shape, device=mask.device) >= share
    kept[:, 0] = True
    return mask * kept


def misled(hidden: Tensor, mask: Tensor, gradient: Tensor, size: float) -> Tensor:
    """What to add to `hidden` [b, t, h] to raise a loss most: along its gradient, `size` of the text's own length.

    >>> misled(torch.ones(1, 1, 4), torch.ones(1, 1), torch.tensor([[[0.0, 3.0, 0.0, 0.0]]]), 0.5)
    tensor([[[0., 1., 0., 0.]]])
    """
    seen = mask[..., None] > 0
    length = (hidden.detach() * seen).flatten(1).norm(dim=1)
    steepest = (gradient * seen).flatten(1).norm(dim=1).clamp(min=1e-12)
    return gradient * seen * (size * length / steepest)[:, None, None]


def learn(loss_at: Callable[[Tensor], Tensor], hidden: Tensor, mask: Tensor, size: float, share: float) -> float:
    """Add the gradients of the loss at `hidden` times `share`, and those at `hidden` misled; returns the plain loss."""
    push = torch.zeros_like(hidden, requires_grad=size > 0)
    plain = loss_at(hidden + push)
    torch.autograd.backward(plain * share, retain_graph=size > 0 and hidden.requires_grad)
    if push.grad is not None:
        torch.autograd.backward(loss_at(hidden + misled(hidden, mask, push.grad, size)) * share)
    return plain.item()
