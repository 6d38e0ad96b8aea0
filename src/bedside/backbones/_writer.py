"""A network to be fitted to write: by name or folder, with its language head, and what tells its weights apart."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside import registry
from bedside.backbones._base import Backbone
from bedside.backbones._causal import causal_network, is_encoder_decoder
from bedside.backbones._hub import resolve
from bedside.backbones._load import load_backbone

if TYPE_CHECKING:
    from tokenizers import Tokenizer

EMBEDDED = "smollm2"


def load_writer(name: str) -> Backbone:
    """The decoder called `name` (`auto`: the embedded one), or the encoder-decoder; its network is a `CausalNetwork`
    or a `SeqToSeqNetwork`, and then it has `starts`.

    Raises UsageError for what cannot write.
    """
    name = EMBEDDED if name == "auto" else name
    backbone = load_backbone(name)
    folder = Path(name) if name in registry.names("backbones") else resolve(name)
    if not is_encoder_decoder(backbone.network):
        return dataclasses.replace(backbone, network=causal_network(backbone.network, folder))
    from bedside.backbones._seq2seq import longest_of, seq2seq_network, starts_of

    network = seq2seq_network(folder)
    before, _ = marks_around(backbone.tokenizer)
    known = backbone.tokenizer.get_vocab()
    starts = starts_of(network, [known[mark] for mark in before])
    return dataclasses.replace(backbone, network=network, starts=starts, max_tokens=longest_of(network))


def marks_around(tokenizer: Tokenizer) -> tuple[list[str], list[str]]:
    """The marks that a tokenizer puts before a text and behind it."""
    found = tokenizer.encode("x")
    inner = [at for at, special in enumerate(found.special_tokens_mask) if not special]
    return found.tokens[: inner[0]], found.tokens[inner[-1] + 1 :]


def weights_digest(network: Any) -> str:
    """SHA-256 of every tensor of a network, names and numbers: two decoders of one digest write the same."""
    found = hashlib.sha256()
    for name, value in sorted(network.state_dict().items()):
        found.update(name.encode())
        found.update(value.detach().cpu().contiguous().numpy().data)
    return found.hexdigest()
