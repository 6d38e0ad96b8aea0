"""NF4: weights rounded to 16 levels, spaced as a normal distribution is, of the largest of each 64: QLoRA.

A model that learnt on top of rounded weights answers as it did only on the same rounded weights. They are made again
here, from the backbone as it is, so that no GPU and no other package is needed to open it.

Source: Dettmers et al. 2023, "QLoRA: Efficient Finetuning of Quantized LLMs", appendix E (the levels).
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

BLOCK = 64
"""Weights that share one scale; the scales themselves stay in 32 bits."""

LEVELS = (
    -1.0,
    -0.6961928009986877,
    -0.5250730514526367,
    -0.39491748809814453,
    -0.28444138169288635,
    -0.18477343022823334,
    -0.09105003625154495,
    0.0,
    0.07958029955625534,
    0.16093020141124725,
    0.24611230194568634,
    0.33791524171829224,
    0.44070982933044434,
    0.5626170039176941,
    0.7229568362236023,
    1.0,
)


def rounded(weight: Tensor) -> Tensor:
    """The same weights, each at the nearest level of its block.

    >>> rounded(torch.tensor([0.0, 2.0, 0.9, -2.0])).tolist()
    [0.0, 2.0, 0.8814196586608887, -2.0]
    """
    levels = torch.tensor(LEVELS, device=weight.device)
    flat = weight.detach().float().flatten()
    blocks = nn.functional.pad(flat, (0, -len(flat) % BLOCK)).view(-1, BLOCK)
    largest = blocks.abs().amax(dim=1, keepdim=True)
    share = blocks / torch.where(largest == 0, 1, largest)
    nearest = torch.bucketize(share, (levels[1:] + levels[:-1]) / 2)
    return (levels[nearest] * largest).flatten()[: len(flat)].view(weight.shape).to(weight.dtype)


def stack_maps(network: Any) -> list[str]:
    """The names of all linear maps of the stack, lowest layer first."""
    inside = {id(module) for module in network.layers.modules()}
    return [name for name, one in network.named_modules() if isinstance(one, nn.Linear) and id(one) in inside]


def round_maps(network: Any) -> None:
    """Round every linear map of the stack; biases, norms and the word table stay."""
    for name in stack_maps(network):
        one = network.get_submodule(name)
        one.weight = nn.Parameter(rounded(one.weight), requires_grad=False)
