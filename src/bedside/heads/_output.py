"""The layer before the logits: small random weights, so that no label is likelier than another at the start."""

from __future__ import annotations

from torch import nn


def output_layer(hidden_size: int, outputs: int) -> nn.Linear:
    """A linear map of vectors to logits, its weights drawn by torch's generator, its bias zero.

    >>> output_layer(8, 3).bias.tolist()
    [0.0, 0.0, 0.0]
    """
    layer = nn.Linear(hidden_size, outputs)
    nn.init.normal_(layer.weight, std=0.02)
    nn.init.zeros_(layer.bias)
    return layer
