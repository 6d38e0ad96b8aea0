"""Starts the head where a linear classifier on the untouched backbone would end, before anything else is tuned.

A head that starts at random first drags the pretrained layers towards its own noise; rare labels suffer most. One
forward pass and a small convex fit avoid it, and by themselves are already a fair classifier.

Source: Kumar et al. 2022, "Fine-Tuning can Distort Pretrained Features and Underperform Out-of-Distribution".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from bedside.heads._pool import mean_pool
from bedside.train.batches import make_batches
from bedside.train.precision import autocast

if TYPE_CHECKING:
    from bedside.train.loop import Loop

RIDGE = 1e-2
"""Weight of the squared norm of the standardised coefficients."""
STEPS = 60
PROBE_TOKENS = 4096


def start_head(loop: Loop, precision: str) -> float:
    """Set the head's linear layer to the probe's solution; returns the probe's loss on the training part."""
    features = _features(loop, precision)
    middle, spread = features.mean(0), features.std(0).clamp(min=1e-6)
    weight, bias, loss = _solve((features - middle) / spread, loop)
    layer = loop.head.out
    with torch.no_grad():
        layer.weight.copy_(weight / spread)  # type: ignore[union-attr, operator]
        layer.bias.copy_(bias - (weight / spread) @ middle)  # type: ignore[union-attr, operator]
    return loss


def _features(loop: Loop, precision: str) -> Tensor:
    """Pooled vectors of the training texts [n, h] from the backbone as it is."""
    loop.training(False)
    inputs = loop.train.inputs
    found = torch.zeros(len(inputs.lengths), loop.head.out.in_features, device=loop.device)  # type: ignore[union-attr, arg-type]
    with torch.no_grad():
        for rows in make_batches(inputs.lengths, tokens=PROBE_TOKENS, rows=256):
            hidden, mask = inputs.batch(rows)
            if loop.start < len(loop.network.layers):
                with autocast(loop.device, precision):
                    hidden = loop.network.run(hidden, mask, loop.start)
            found[rows] = mean_pool(hidden.float(), mask)
    return found


def _solve(features: Tensor, loop: Loop) -> tuple[Tensor, Tensor, float]:
    """Coefficients [labels, h] and offsets [labels] that minimise the head's own loss with a ridge."""
    labels = loop.train.marks.shape[1]
    weight = torch.zeros(labels, features.shape[1], device=loop.device, requires_grad=True)
    bias = torch.zeros(labels, device=loop.device, requires_grad=True)
    targets = loop.train.targets.to(loop.device)
    search = torch.optim.LBFGS([weight, bias], max_iter=STEPS, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        search.zero_grad()
        fitted = loop.head.loss(features @ weight.T + bias, targets, loop.objective)  # type: ignore[operator]
        total: Tensor = fitted + RIDGE / 2 * weight.square().sum()
        total.backward()  # type: ignore[no-untyped-call]
        return total

    search.step(closure)  # type: ignore[no-untyped-call]
    return weight.detach(), bias.detach(), float(closure().detach())
