"""Where in a layer of each architecture the parts lie that an adaptation reaches for, by the names of linear maps."""

from __future__ import annotations

from typing import Any, Literal

from torch import nn

from bedside.errors import UsageError
from bedside.lang import tr

Part = Literal["key", "value", "attention_out", "feedforward_out"]

PLACES: dict[Part, frozenset[str]] = {
    "key": frozenset(["attention.self.key", "attention.k_lin", "self_attn.k_proj", "attention.self.key_proj"]),
    "value": frozenset(["attention.self.value", "attention.v_lin", "self_attn.v_proj", "attention.self.value_proj"]),
    "attention_out": frozenset(["attention.output.dense", "attention.out_lin", "self_attn.o_proj", "attn.Wo"]),
    "feedforward_out": frozenset(["output.dense", "ffn.lin2", "mlp.down_proj", "mlp.Wo"]),
}
"""Names within a layer: BERT and its kin first, then DistilBERT, Llama; last DeBERTa (keys) and ModernBERT (ends)."""


def places(network: Any, part: Part, *, method: str) -> list[str]:
    """The names of those linear maps, a layer at a time; raises UsageError where the architecture has none we know.

    >>> from bedside.backbones._load import load_backbone
    >>> places(load_backbone("echo").network, "key", method="ia3")
    ['encoder.layer.0.attention.self.key', 'encoder.layer.1.attention.self.key']
    """
    found = []
    names = {id(module): name for name, module in network.named_modules()}
    for layer in network.layers:
        found += [
            f"{names[id(layer)]}.{name}"
            for name, module in layer.named_modules()
            if name in PLACES[part] and isinstance(module, nn.Linear)
        ]
    if not found:
        raise UsageError(
            tr(f"{method} does not know this architecture's layers", f"{method} 不识别此结构的层"),
            value=type(getattr(network, "model", network)).__name__,
            allowed=tr(
                "BERT and its kin, DistilBERT, DeBERTa, Llama; any with lora, dora, adalora",
                "BERT 系、DistilBERT、DeBERTa、Llama；其他结构可用 lora、dora、adalora",
            ),
            next="--adapt lora",
        )
    return found
