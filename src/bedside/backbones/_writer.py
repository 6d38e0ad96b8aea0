"""A decoder to be fitted or to write: by name or folder, with its language head, and what tells its weights apart."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path
from typing import Any

from bedside.backbones._base import Backbone
from bedside.backbones._causal import causal_network
from bedside.backbones._load import load_backbone
from bedside.errors import UsageError
from bedside.lang import tr

EMBEDDED = "smollm2"


def load_writer(name: str) -> Backbone:
    """The decoder called `name` (`auto`: the embedded one); its network is a `CausalNetwork`.

    Raises UsageError for an encoder, and for an encoder-decoder.
    """
    backbone = load_backbone(EMBEDDED if name == "auto" else name)
    config = getattr(getattr(backbone.network, "model", None), "config", None)
    if getattr(config, "is_encoder_decoder", False):
        raise UsageError(
            tr("encoder-decoders (T5, BART) cannot be fitted to write here", "此处不支持编码器-解码器（T5、BART）"),
            value=name,
            allowed=tr("smollm2, or the folder of a decoder", "smollm2，或解码器目录"),
            next="bedside backbones",
        )
    network = causal_network(backbone.network, Path(name).expanduser())
    return dataclasses.replace(backbone, network=network)


def weights_digest(network: Any) -> str:
    """SHA-256 of every tensor of a network, names and numbers: two decoders of one digest write the same."""
    found = hashlib.sha256()
    for name, value in sorted(network.state_dict().items()):
        found.update(name.encode())
        found.update(value.detach().cpu().contiguous().numpy().data)
    return found.hexdigest()
