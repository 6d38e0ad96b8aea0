"""Low-rank adaptation: each linear map learns a small correction, which is merged into it at the end.

Ours, not peft's, because it is this short, needs no second model format, and the saved folder stays a plain encoder.

Source: Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large Language Models".
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from bedside.errors import UsageError
from bedside.lang import tr


class LoraLinear(nn.Module):
    """`base(x) + scale * up(down(x))`; `down` is random, `up` zero, so that fitting starts from the base."""

    def __init__(self, base: nn.Linear, rank: int, dropout: float) -> None:
        super().__init__()
        self.base = base.requires_grad_(False)
        self.down = nn.Parameter(torch.empty(rank, base.in_features))
        self.up = nn.Parameter(torch.zeros(base.out_features, rank))
        nn.init.kaiming_uniform_(self.down, a=math.sqrt(5))
        self.drop = nn.Dropout(dropout)
        self.scale = 2.0  # alpha = 2 * rank, the usual choice

    def forward(self, x: Tensor) -> Tensor:
        """[..., in] -> [..., out]."""
        return self.base(x) + self.scale * F.linear(F.linear(self.drop(x), self.down), self.up)

    def merged(self) -> nn.Linear:
        """The base with the correction added in."""
        with torch.no_grad():
            self.base.weight += self.scale * (self.up @ self.down)
        return self.base


def add_lora(stack: nn.Module, *, rank: int, dropout: float) -> None:
    """Wrap every linear map below `stack`; raises UsageError when there is none (an LSTM)."""
    if not any(isinstance(module, nn.Linear) for module in stack.modules()):
        raise UsageError(
            tr("lora needs linear maps, which this backbone has none of", "lora 需要线性层，该骨干没有"),
            next="--adapt full",
        )
    for module in list(stack.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, nn.Linear) and not isinstance(module, LoraLinear):
                setattr(module, name, LoraLinear(child, rank, dropout))


def merge_lora(network: nn.Module) -> None:
    """Put plain linear maps back, corrections included."""
    for module in list(network.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, LoraLinear):
                setattr(module, name, child.merged())
