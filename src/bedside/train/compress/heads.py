"""Takes out, in each layer, the attention heads that matter least, and lets the rest learn for one pass over the texts.

As many stay in every layer, so that the network is described by its config alone.

Source: Michel et al. 2019, "Are Sixteen Heads Really Better than One?".
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from bedside.errors import UsageError
from bedside.lang import tr
from bedside.train.compress._base import Way, Work, our_encoder
from bedside.train.compress._recover import recover
from bedside.train.compress._taken import copied, importance, with_network

if TYPE_CHECKING:
    from bedside.model.folder import Model


def fewer_heads(model: Model, work: Work, number: int | None) -> Model:
    """The model with `number` heads a layer (half of them unless said)."""
    whole = our_encoder(model, "heads")
    there = whole.config.num_attention_heads
    wanted = number or max(1, there // 2)
    if wanted > there:
        raise UsageError(tr("it has fewer heads", "注意力头不足"), value=f"heads={wanted}", allowed=f"1 - {there}")
    attentions = [layer.attention.self for layer in whole.layers]
    matter = importance(model, attentions, _of_head, (there,), work.some(model))
    network, head = copied(model)
    size = whole.config.attention_width // there
    for layer, each in zip(network.layers, matter, strict=True):
        _keep_heads(layer.attention, sorted(each.topk(wanted).indices.tolist()), size)
    network.config = dataclasses.replace(network.config, num_attention_heads=wanted, attention_head_size=size)
    return recover(with_network(model, network, head), work, epochs=1)


def _of_head(module: Any, inputs: Any, output: Tensor, factors: Tensor) -> Tensor:
    """Factors [b, a] of what each head gives: output [b, t, a * d]."""
    b, t, width = output.shape
    return (output.view(b, t, module.heads, -1) * factors[:, None, :, None]).view(b, t, width)


def _keep_heads(attention: Any, keep: list[int], size: int) -> None:
    rows = torch.cat([torch.arange(head * size, (head + 1) * size) for head in keep])
    own = attention.self
    for name in ("query", "key", "value"):
        setattr(own, name, _linear(getattr(own, name).weight[rows], getattr(own, name).bias[rows]))
    own.heads = len(keep)
    out = attention.output
    out.dense = _linear(out.dense.weight[:, rows], out.dense.bias)


def _linear(weight: Tensor, bias: Tensor) -> nn.Linear:
    made = nn.Linear(weight.shape[1], weight.shape[0])
    made.weight, made.bias = nn.Parameter(weight.detach().clone()), nn.Parameter(bias.detach().clone())
    return made


WAY = Way(
    fewer_heads,
    ("Attention heads were taken out.", "去除了部分注意力头。"),
    number=("heads that stay in each layer; default half", "每层保留的注意力头数；默认一半"),
    relearns=True,
)
