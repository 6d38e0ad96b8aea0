"""A tiny untrained BERT over bytes, the same on every machine: for tests and for trying a recipe out in seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bedside.backbones._base import Backbone, BackboneSpec

if TYPE_CHECKING:
    from tokenizers import Tokenizer

SPECIAL = ("<pad>", "<s>", "</s>")
SEED = 20240229


def _load() -> Backbone:
    network = _network()
    return Backbone(
        name="echo",
        tokenizer=byte_tokenizer(),
        network=network,
        hidden_size=network.config.hidden_size,
        max_tokens=network.config.max_position_embeddings,
        licence="Apache-2.0",
        pad_id=0,
    )


def _network() -> Any:
    import torch

    from bedside.backbones._bert import BertConfig, BertEncoder

    config = BertConfig(
        vocab_size=256 + len(SPECIAL),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=512,
    )
    network = BertEncoder(config)
    dice = torch.Generator().manual_seed(SEED)
    with torch.no_grad():
        for name, value in sorted(network.named_parameters()):
            if value.ndim > 1:
                value.copy_(torch.randn(value.shape, generator=dice) * (1.0 if "word" in name else 0.1))
            elif name.endswith("bias"):
                value.zero_()
    return network.eval()


def byte_tokenizer() -> Tokenizer:
    """A piece a byte: any text becomes ids and the same text again."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors

    pieces = [*SPECIAL, *sorted(pre_tokenizers.ByteLevel.alphabet())]
    tokenizer = Tokenizer(models.BPE(vocab={piece: number for number, piece in enumerate(pieces)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 1), ("</s>", 2)]
    )
    return tokenizer


BACKBONE = BackboneSpec(
    name="echo",
    role="encoder",
    licence="Apache-2.0",
    languages="any (bytes, untrained)",
    megabytes=0,
    install="",
    installed=lambda: True,
    load=_load,
)
