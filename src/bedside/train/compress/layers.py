"""Takes out the layers that matter least to the answers, and lets the rest learn for one pass over the texts.

Source: Fan et al. 2020, "Reducing Transformer Depth on Demand with Structured Dropout"; Sajjad et al. 2023, "On the
Effect of Dropping Layers of Pre-trained Transformer Models".
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from torch import Tensor, nn

from bedside.errors import UsageError
from bedside.lang import tr
from bedside.train.compress._base import Way, Work, our_encoder
from bedside.train.compress._recover import recover
from bedside.train.compress._taken import copied, importance, with_network

if TYPE_CHECKING:
    from bedside.model.folder import Model


def fewer_layers(model: Model, work: Work, number: int | None) -> Model:
    """The model with `number` layers (half of them unless said)."""
    whole = our_encoder(model, "layers")
    wanted = number or max(1, len(whole.layers) // 2)
    if wanted > len(whole.layers):
        raise UsageError(
            tr("it has fewer layers", "层数不足"), value=f"layers={wanted}", allowed=f"1 - {len(whole.layers)}"
        )
    matter = importance(model, list(whole.layers), _around_layer, (), work.some(model))
    keep = sorted(matter.topk(wanted).indices.tolist())
    network, head = copied(model)
    network.encoder.layer = nn.ModuleList(network.layers[place] for place in keep)
    network.config = dataclasses.replace(network.config, num_hidden_layers=wanted)
    return recover(with_network(model, network, head), work, epochs=1)


def _around_layer(module: Any, inputs: Any, output: Tensor, factors: Tensor) -> Tensor:
    """Factor 0 [b]: the layer's input goes on as it is."""
    return inputs[0] + factors[:, None, None] * (output - inputs[0])


WAY = Way(
    fewer_layers,
    ("Layers were taken out.", "去除了部分网络层。"),
    number=("layers that stay; default half", "保留的层数；默认一半"),
    relearns=True,
)
