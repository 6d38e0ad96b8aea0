"""Averages the weights over the last steps of a fit: they go to and fro about what was learnt, and their mean does not.

The mean reaches back over a share of the steps made so far, whatever their number: step t weighs t ** (1 / share - 1).
It is scored, kept and saved in place of the weights; learning itself goes on from the weights as they are.

Sources: Polyak & Juditsky 1992, "Acceleration of Stochastic Approximation by Averaging"; the weighing: Shamir & Zhang
2013, "Stochastic Gradient Descent for Non-smooth Optimization" (polynomial-decay averaging); of networks: Izmailov et
al. 2018, "Averaging Weights Leads to Wider Optima and Better Generalization".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor

from bedside.train.optimise import Named


class Average:
    """The running mean of some weights, in float32 whatever theirs is; a `share` of 0 keeps none, 1 weighs all alike.

    >>> weights = {"w": torch.nn.Parameter(torch.zeros(1))}
    >>> average = Average(weights, share=1.0)
    >>> for made, value in enumerate((2.0, 8.0), 1):
    ...     _ = weights["w"].data.fill_(value)
    ...     average.follow(made)
    >>> with average.in_force():
    ...     weights["w"].item()
    5.0
    >>> weights["w"].item()
    8.0
    """

    def __init__(self, weights: Named, share: float) -> None:
        self.share = share
        self.weights = weights if share else {}
        self.means = {name: value.detach().float().clone() for name, value in self.weights.items()}

    def follow(self, made: int) -> None:
        """Take in the weights as they are once `made` updates (from 1) were made."""
        if self.means:
            latest = [value.detach().float() for value in self.weights.values()]
            torch._foreach_lerp_(list(self.means.values()), latest, 1 / (1 + self.share * (made - 1)))

    @contextmanager
    def in_force(self) -> Iterator[None]:
        """The means in place of the weights, for as long as this lasts."""
        latest = {name: value.detach().clone() for name, value in self.weights.items()}
        self._put(self.means)
        try:
            yield
        finally:
            self._put(latest)

    def restore(self, means: Mapping[str, Tensor]) -> None:
        """Take up again the means as they were saved."""
        for name, value in self.means.items():
            value.copy_(means[name])

    def _put(self, values: Mapping[str, Tensor]) -> None:
        with torch.no_grad():
            for name, value in self.weights.items():
                value.copy_(values[name])
