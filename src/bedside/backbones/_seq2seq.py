"""An encoder-decoder that transformers knows (T5, BART, Pegasus, their kin), as fitting and writing need it.

A row is one run of pieces: those that the encoder reads, then those that the decoder has written; the mask says which.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from bedside.backbones._causal import read_as
from bedside.backbones._transformers import TransformersNetwork
from bedside.errors import ModelError, UsageError
from bedside.lang import tr

READ, WRITTEN = 1, 2
"""In a row's mask: pieces for the encoder, and pieces for the decoder; 0 is padding."""

ANY_LENGTH = 8192
"""What a network whose places are relative takes: as much as a recipe may ask for."""

CLOSE = 1e-3
"""How far, of the largest score, this file's way to the scores may lie from the network's own."""


class SeqToSeqNetwork(nn.Module):
    """A `transformers` encoder-decoder with its language head, behind the verbs of a `Network`."""

    starts_midway = False
    compressible = False

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model: Any = model
        self.scale = 1.0

    @property
    def layers(self) -> nn.ModuleList:
        """Both stacks: the encoder's, lowest layer first, then the decoder's."""
        stacks = (_stack(self.model.get_encoder()), _stack(self.model.get_decoder()))
        return nn.ModuleList([layer for stack in stacks for layer in stack])

    @property
    def language_head(self) -> nn.Module:
        """Vectors [k, h] -> scores [k, v]."""
        return WordScores(self.model.get_output_embeddings(), getattr(self.model, "final_logits_bias", None))

    def embed(self, ids: Tensor) -> Tensor:
        """Ids [b, t] as they are: encoder and decoder look words up by themselves, and not always alike."""
        return ids

    def run(self, hidden: Tensor, mask: Tensor, start: int = 0, stop: int | None = None) -> Tensor:
        """Ids [b, t] and mask (`READ`, `WRITTEN`) -> the decoder's vectors [b, t, h] in their places, 0 elsewhere."""
        written = mask == WRITTEN
        source, seen = _moved_together(hidden, mask == READ)
        target, there = _moved_together(hidden, written)
        read = self.model.get_encoder()(input_ids=source, attention_mask=seen).last_hidden_state
        out = self.model.get_decoder()(
            input_ids=target,
            attention_mask=there,
            encoder_hidden_states=read,
            encoder_attention_mask=seen,
            use_cache=False,
        ).last_hidden_state
        found = out.new_zeros(*mask.shape, out.shape[-1])
        found[written] = self.scale * out[there.bool()]
        return found

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Ids and mask [b, t] -> vectors [b, t, h]."""
        return self.run(self.embed(ids), mask)

    def describe(self) -> dict[str, Any]:
        """The `config.json` of this network."""
        return {**TransformersNetwork(self.model).describe(), "architectures": [type(self.model).__name__]}


class WordScores(nn.Module):
    """The language head, and what some networks (BART) add to each word's score."""

    bias: Tensor | None

    def __init__(self, out: nn.Module, bias: Tensor | None) -> None:
        super().__init__()
        self.out = out
        self.register_buffer("bias", bias, persistent=False)

    def forward(self, vectors: Tensor) -> Tensor:
        """Vectors [k, h] -> scores [k, v]."""
        scores: Tensor = self.out(vectors)
        return scores if self.bias is None else scores + self.bias


def seq2seq_network(folder: Path) -> SeqToSeqNetwork:
    """The encoder-decoder in a Hugging Face folder, safetensors only, as float32; refused where `run` is not its way.

    Some (T5) scale the decoder's vectors before the language head: whether, is asked of the network itself.
    """
    network = SeqToSeqNetwork(read_as("AutoModelForSeq2SeqLM", folder))
    for scale in (1.0, float(network.model.config.hidden_size) ** -0.5):
        network.scale = scale
        if _as_itself(network):
            return network
    raise UsageError(
        tr("this encoder-decoder cannot be fitted here", "此处无法训练该编码器-解码器"),
        value=type(network.model).__name__,
        allowed="T5, mT5, BART, mBART, Pegasus",
        next="bedside backbones",
    )


def starts_of(network: SeqToSeqNetwork, marks: list[int]) -> tuple[int, ...]:
    """The ids that every text written begins with: the decoder's own start, then what its folder or tokenizer puts
    before a text (`marks`).
    """
    model = network.model
    start = next(
        (
            found
            for settings in (model.generation_config, model.config)
            if (found := getattr(settings, "decoder_start_token_id", None)) is not None
        ),
        None,
    )
    if start is None:
        raise ModelError(
            tr("nothing says which token the decoder starts with", "未说明解码器以哪个词元开始"),
            value=type(model).__name__,
            next=tr(
                "put decoder_start_token_id into its config.json", "请在 config.json 中写明 decoder_start_token_id"
            ),
        )
    forced = getattr(model.generation_config, "forced_bos_token_id", None)
    return (int(start), *([int(forced)] if forced is not None else marks))


def longest_of(network: SeqToSeqNetwork) -> int:
    """Pieces that either side takes at most."""
    return int(getattr(network.model.config, "max_position_embeddings", None) or ANY_LENGTH)


def _stack(half: Any) -> nn.ModuleList:
    """The first list of modules: lists within a layer come later."""
    return next(module for module in half.modules() if isinstance(module, nn.ModuleList))


def _moved_together(ids: Tensor, chosen: Tensor) -> tuple[Tensor, Tensor]:
    """The chosen ids of each row at its beginning, [b, most chosen], and where they are."""
    counts = chosen.sum(1, keepdim=True)
    there = torch.arange(int(counts.max()), device=ids.device) < counts
    found = ids.new_zeros(there.shape)
    found[there] = ids[chosen]
    return found, there.to(torch.long)


def _as_itself(network: SeqToSeqNetwork) -> bool:
    """Whether `run` and the language head give the scores that the network itself gives."""
    source, target = torch.tensor([[3, 4, 5, 6]]), torch.tensor([[3, 7, 8]])
    mask = torch.tensor([[READ] * source.shape[1] + [WRITTEN] * target.shape[1]])
    with torch.inference_mode():
        wanted = network.model(input_ids=source, decoder_input_ids=target, use_cache=False).logits[0]
        found = network.language_head(network(torch.cat([source, target], 1), mask)[0, source.shape[1] :])
    return bool((found - wanted).abs().max() <= CLOSE * wanted.abs().max())
