"""Learns each batch twice: as it is, and with its vectors moved a little the way that raises the loss most.

What is moved is whatever enters the layers that learn: word vectors, or kept activations of the layers below. Each text
is moved by a share of its own vectors' length, so that one setting suits any layer and any network; dropout is drawn
anew. The gradients of both readings are added and one update is made of them: a resumed fit needs nothing more.

Source: Miyato, Dai & Goodfellow 2017, "Adversarial Training Methods for Semi-Supervised Text Classification" (the fast
gradient method: both losses added). There the word vectors have unit variance and the length of the move is fixed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

Loss = Callable[[Sequence[Tensor]], Tensor]
"""The mean loss of a batch, of the vectors [b, t, h] of each of its groups of texts."""

SMALLEST = 1e-12
"""Length below which a gradient points nowhere."""


def learn(loss_of: Loss, entered: Sequence[Tensor], masks: Sequence[Tensor], *, share: float, weight: float) -> float:
    """Add to the gradients that of the loss times `weight`, read once, or twice if `share` is above 0.

    Returns the loss of the first reading.
    """
    if not share:
        loss = loss_of(entered)
        torch.autograd.backward(loss * weight)
        return loss.item()
    plain = [one.detach().requires_grad_() for one in entered]
    loss = loss_of(plain)
    torch.autograd.backward(loss * weight)
    worse = [moved(*each, share).requires_grad_() for each in zip(plain, map(_slope, plain), masks, strict=True)]
    torch.autograd.backward(loss_of(worse) * weight)
    for one, first, second in zip(entered, plain, worse, strict=True):
        if one.requires_grad:  # the word table learns too
            torch.autograd.backward(one, _slope(first) + _slope(second))
    return loss.item()


def moved(vectors: Tensor, gradient: Tensor, mask: Tensor, share: float) -> Tensor:
    """The vectors [b, t, h] of each text moved along its gradient by `share` of their length; padding stays.

    >>> texts, gradient = torch.tensor([[[3.0, 4.0], [9.0, 9.0]]]), torch.tensor([[[0.0, 2.0], [0.0, 0.0]]])
    >>> moved(texts, gradient, torch.tensor([[1, 0]]), share=0.1)
    tensor([[[3.0000, 4.5000],
             [9.0000, 9.0000]]])
    """
    there = (mask > 0)[..., None]
    length, steepness = ((one.detach() * there).flatten(1).norm(dim=1) for one in (vectors, gradient))
    step = share * length / steepness.clamp(min=SMALLEST)
    return vectors.detach() + step[:, None, None] * gradient * there


def _slope(vectors: Tensor) -> Tensor:
    """The gradient that reached these vectors."""
    return torch.zeros_like(vectors) if vectors.grad is None else vectors.grad
