"""The encoder that reads in context: lower layers of the embedded multilingual one, and six tuned to find identity.

Of `e5` the package ships only what was tuned (`data/thorough.safetensors`, 8 bits a weight with one scale a row); word
table, tokenizer and lower layers are those of the encoder itself, which checks their hash, and its last layers are not
run. A text's answer does not depend on the texts beside it.

Source: Devlin et al. 2019, "BERT: Pre-training of Deep Bidirectional Transformers" (tagging a text's pieces).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property
from importlib.resources import as_file, files
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from bedside import registry
from bedside.deid.encoder.layers import Layer, layers_of, read
from bedside.deid.encoder.thorough import BACKBONE
from bedside.deid.encoder.windows import Pieces, depth, pieces, windows
from bedside.processor import gains_by_bfloat16

WEIGHTS = "thorough.safetensors"
FIRST, LAST = 4, 10
"""Layers that are tuned, of twelve: below them the encoder is as it came, above them nothing is run."""

TOGETHER = 32
"""Windows that go through the layers together."""

Array = NDArray[np.float32]


class Encoder:
    """Texts in, for each of their pieces the chance of no identity and of each kind of it out."""

    def __init__(self, tokenizer: Any, network: Any, head: nn.Linear) -> None:
        self.tokenizer, self.network, self.head = tokenizer, network, head
        self.begin, self.end = tokenizer.token_to_id("<s>"), tokenizer.token_to_id("</s>")
        self.narrow = gains_by_bfloat16()

    def pieces(self, texts: Sequence[str]) -> list[Pieces]:
        """The pieces of each text."""
        return pieces(texts, self.tokenizer, self.end)

    def chances(self, read: Sequence[Pieces]) -> list[Array]:
        """For each piece [t] of each text [t, 1 + kinds]: from the window that shows most of what is around it."""
        said = [np.zeros((len(one), self.head.out_features), np.float32) for one in read]
        seen = [np.full(len(one), -1) for one in read]
        places = [(text, window) for text, one in enumerate(read) for window in windows(len(one))]
        for start in range(0, len(places), TOGETHER):
            some = places[start : start + TOGETHER]
            found = self._windows([read[text].ids[window] for text, window in some])
            for (text, window), own in zip(some, found, strict=True):
                deep = np.array(depth(window, len(read[text])))
                better = deep > seen[text][window]
                said[text][window][better] = own[better]
                seen[text][window][better] = deep[better]
        return said

    def _windows(self, ids: Sequence[Sequence[int]]) -> list[Array]:
        """Layer by layer over all windows, so that each layer's weights are fetched once."""
        with torch.inference_mode():
            shown = [self.network.embed(torch.tensor([[self.begin, *own, self.end]]))[0] for own in ids]
            told = read(self.layers, shown)
            return [self.head(own[1:-1]).softmax(-1).numpy() for own in told]

    @cached_property
    def layers(self) -> list[Layer]:
        """The network's layers as they are when first asked for."""
        return layers_of(self.network)


@cache
def load() -> Encoder:
    """The encoder with its tuned layers; raises what the encoder raises when its weights are not here or not whole."""
    from safetensors.torch import load_file

    with as_file(files("bedside.deid") / "data" / WEIGHTS) as path:
        return reader(registry.load("backbones", BACKBONE).load(), load_file(path))


def reader(backbone: Any, stored: dict[str, Tensor]) -> Encoder:
    """`tuned` to read with: its layers in 16 bits where the processor multiplies those."""
    encoder = tuned(backbone, stored)
    if encoder.narrow:
        for part in encoder.network.layers.modules():
            if isinstance(part, nn.Linear):
                part.bfloat16()
    return encoder


def tuned(backbone: Any, stored: dict[str, Tensor]) -> Encoder:
    """A loaded encoder with the stored layers in the place of its own, and none above them."""
    weights = {name: _restored(name, stored) for name in stored if not name.endswith(".scale")}
    network = backbone.network
    del network.layers[LAST:]
    for number, layer in enumerate(network.layers[FIRST:], FIRST):
        prefix = f"layer.{number}."
        own = {name.removeprefix(prefix): value for name, value in weights.items() if name.startswith(prefix)}
        layer.load_state_dict(own)
    kinds, size = weights["head.weight"].shape
    head = nn.Linear(size, kinds)
    head.load_state_dict({"weight": weights["head.weight"], "bias": weights["head.bias"]})
    return Encoder(backbone.tokenizer, network.eval(), head.eval())


def stored(network: Any, head: nn.Linear) -> dict[str, Tensor]:
    """What `tuned` reads: matrices in 8 bits with a scale a row, the rest in 16."""
    found: dict[str, Tensor] = {}
    parts = {f"layer.{number}": network.layers[number] for number in range(FIRST, LAST)} | {"head": head}
    for part, module in parts.items():
        for name, value in module.state_dict().items():
            if value.dim() == 2:
                scale = value.abs().amax(1, keepdim=True) / 127 + 1e-12
                found[f"{part}.{name}"] = (value / scale).round().to(torch.int8)
                found[f"{part}.{name}.scale"] = scale
            else:
                found[f"{part}.{name}"] = value.half()
    return found


def _restored(name: str, stored: dict[str, Tensor]) -> Tensor:
    value = stored[name].float()
    return value * stored[f"{name}.scale"] if f"{name}.scale" in stored else value
