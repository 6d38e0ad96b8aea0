"""LoRA: each linear map of the stack learns a low-rank correction, which is merged into it at the end.

Source: Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large Language Models".
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from bedside.backbones._learnt import DOWN, SCALE, UP
from bedside.config import FitRecipe
from bedside.train.adapt._base import Adaptation, linear_maps


class LoraLinear(nn.Module):
    """`base(x) + scale * up(down(x))`; `down` is random, `up` zero, so that fitting starts from the base."""

    def __init__(self, base: nn.Linear, rank: int, dropout: float) -> None:
        super().__init__()
        self.base = base.requires_grad_(False)
        self.down = nn.Parameter(torch.empty(rank, base.in_features))
        self.up = nn.Parameter(torch.zeros(base.out_features, rank))
        nn.init.kaiming_uniform_(self.down, a=math.sqrt(5))
        self.drop = nn.Dropout(dropout)
        self.scale = SCALE

    def forward(self, x: Tensor) -> Tensor:
        """[..., in] -> [..., out]."""
        return self.base(x) + self.scale * F.linear(F.linear(self.drop(x), self.down), self.up)

    @property
    def weight(self) -> Tensor:
        """The base's, of which some networks (T5) ask the type."""
        return self.base.weight

    def merged(self) -> nn.Linear:
        """The base with the correction added in."""
        with torch.no_grad():
            self.base.weight += self.scale * (self.up @ self.down)
        return self.base


def lora(network: Any, fit: FitRecipe) -> Adaptation:
    """Two thin matrices of `lora_rank` beside each linear map."""
    names = linear_maps(network)
    for name in names:
        network.set_submodule(name, LoraLinear(network.get_submodule(name), fit.lora_rank, fit.dropout))
    return Adaptation(finish=partial(merge, network, names), learnt=thin_matrices)


def thin_matrices(network: Any) -> dict[str, Tensor]:
    """Both matrices of each corrected map."""
    found = {name: one for name, one in network.named_modules() if isinstance(one, LoraLinear)}
    return {f"{name}.{kind}": getattr(one, kind) for name, one in found.items() for kind in (DOWN, UP)}


def merge(network: Any, names: list[str]) -> None:
    """Put the plain linear maps back, corrections added in."""
    for name in names:
        network.set_submodule(name, network.get_submodule(name).merged())


METHOD = lora
