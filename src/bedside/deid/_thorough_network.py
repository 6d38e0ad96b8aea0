"""The encoder that reads in context: lower layers of the embedded multilingual one, and six tuned to find identity.

Of `e5` the package ships only what was tuned (`data/thorough.safetensors`, 8 bits a weight with one scale a row); word
table, tokenizer and lower layers are those of the encoder itself, which checks their hash, and its last layers are not
run. Each window is read by itself, so that a text's answer does not depend on the texts beside it.

Source: Devlin et al. 2019, "BERT: Pre-training of Deep Bidirectional Transformers" (tagging a text's pieces).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from bedside import registry
from bedside.deid._thorough import BACKBONE
from bedside.deid._thorough_windows import Pieces, depth, pieces, windows

WEIGHTS = "thorough.safetensors"
FIRST, LAST = 4, 10
"""Layers that are tuned, of twelve: below them the encoder is as it came, above them nothing is run."""

Array = NDArray[np.float32]


class Encoder:
    """Texts in, for each of their pieces the chance of no identity and of each kind of it out."""

    def __init__(self, tokenizer: Any, network: Any, head: nn.Linear) -> None:
        self.tokenizer, self.network, self.head = tokenizer, network, head
        self.begin, self.end = tokenizer.token_to_id("<s>"), tokenizer.token_to_id("</s>")
        self.narrow = _has_bfloat16()

    def pieces(self, texts: Sequence[str]) -> list[Pieces]:
        """The pieces of each text."""
        return pieces(texts, self.tokenizer, self.end)

    def chances(self, read: Pieces) -> Array:
        """For each piece [t] of a text [t, 1 + kinds]: from the window in which most of what is around it is seen."""
        size = len(read)
        said = np.zeros((size, self.head.out_features), np.float32)
        seen = np.full(size, -1)
        for window in windows(size):
            deep = np.array(depth(window, size))
            better = deep > seen[window]
            said[window][better] = self._window(read.ids[window])[better]
            seen[window][better] = deep[better]
        return said

    def _window(self, ids: Sequence[int]) -> Array:
        row = torch.tensor([[self.begin, *ids, self.end]])
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.narrow):
            hidden = self.network.run(self.network.embed(row), torch.ones(row.shape))
            logits = self.head(hidden)[0, 1:-1].float()
        found: Array = logits.softmax(-1).numpy()
        return found


@cache
def load() -> Encoder:
    """The encoder with its tuned layers; raises what the encoder raises when its weights are not here or not whole."""
    from safetensors.torch import load_file

    with as_file(files("bedside.deid") / "data" / WEIGHTS) as path:
        stored = load_file(path)
    encoder = tuned(registry.load("backbones", BACKBONE).load(), stored)
    if encoder.narrow:  # once, not in each window
        for part in encoder.network.modules():
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


def _has_bfloat16() -> bool:
    """Whether this processor multiplies 16-bit numbers by itself: then they take a third of the time, else longer."""
    told: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(told.get("amx_bf16"))
