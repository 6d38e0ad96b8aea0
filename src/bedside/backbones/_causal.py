"""A decoder that transformers knows, as pretraining and writing need it: vectors, scores of the next piece, texts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from bedside.backbones._transformers import TransformersNetwork
from bedside.errors import ModelError, UsageError
from bedside.lang import tr

SCALED = ("final_logit_softcapping", "logit_scale", "logits_scaling")
"""Settings of architectures that do more with a vector than multiply it with the language head."""


class CausalNetwork(nn.Module):
    """A `transformers` model with its language head, behind the verbs of a `Network`."""

    starts_midway = False
    compressible = False

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model: Any = model

    @property
    def layers(self) -> nn.ModuleList:
        """The stack, lowest layer first."""
        return TransformersNetwork(self.model).layers

    @property
    def language_head(self) -> nn.Module:
        """Vectors [k, h] -> scores [k, v]; refused where the architecture does more than that."""
        head = self.model.get_output_embeddings()
        if head is None or any(getattr(self.model.config, name, None) not in (None, 1.0) for name in SCALED):
            raise UsageError(
                tr("this decoder scales its scores; it cannot be fitted here", "该解码器会缩放输出分数，此处无法训练"),
                value=type(self.model).__name__,
                next="bedside backbones",
            )
        found: nn.Module = head
        return found

    def embed(self, ids: Tensor) -> Tensor:
        """Ids [b, t] -> word vectors [b, t, h]."""
        return self.model.get_input_embeddings()(ids)

    def run(self, hidden: Tensor, mask: Tensor, start: int = 0, stop: int | None = None) -> Tensor:
        """The whole stack over [b, t, h]; a place sees those before it.

        Where `mask` numbers several texts in a row (1, 2, ...), of those its own text's, and places begin anew.
        """
        seen: dict[str, Any] = {"attention_mask": mask}
        if mask.max() > 1:
            seen = {"attention_mask": self._own_text(mask, hidden.dtype), "position_ids": places_within(mask)}
        return self.model.base_model(inputs_embeds=hidden, use_cache=False, **seen).last_hidden_state

    def _own_text(self, parts: Tensor, kind: torch.dtype) -> Tensor:
        """What each place sees [b, 1, t, t]: yes or no, or 0 or far below for attention that adds."""
        same = parts[:, :, None] == parts[:, None, :]
        seen = torch.tril(same)[:, None]
        if self.model.config._attn_implementation == "sdpa":
            return seen
        return torch.zeros_like(seen, dtype=kind).masked_fill(~seen, torch.finfo(kind).min)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Ids and mask [b, t] -> vectors [b, t, h]."""
        return self.run(self.embed(ids), mask)

    def describe(self) -> dict[str, Any]:
        """The `config.json` of this network."""
        return {**TransformersNetwork(self.model).describe(), "architectures": [type(self.model).__name__]}

    def scores(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Ids and mask [b, t] -> scores [b, t, v] of the piece after each."""
        return self.model(input_ids=ids, attention_mask=mask, use_cache=False).logits


def places_within(parts: Tensor) -> Tensor:
    """The place of each id in its own text [b, t], from the texts' numbers.

    >>> places_within(torch.tensor([[1, 1, 1, 2, 2, 0]])).tolist()
    [[0, 1, 2, 0, 1, 0]]
    """
    at = torch.arange(parts.shape[1], device=parts.device).expand(parts.shape)
    new = torch.ones_like(parts, dtype=torch.bool)
    new[:, 1:] = parts[:, 1:] != parts[:, :-1]
    return at - torch.where(new, at, 0).cummax(1).values


def is_decoder(network: Any) -> bool:
    """Whether a loaded network guesses the next word, with or without its language head."""
    named = getattr(getattr(getattr(network, "model", None), "config", None), "architectures", None) or [""]
    return hasattr(network, "lm_head") or named[0].endswith(("ForCausalLM", "LMHeadModel"))


def is_encoder_decoder(network: Any) -> bool:
    """Whether a loaded network reads with one stack and writes with another (T5, BART)."""
    return bool(getattr(getattr(getattr(network, "model", None), "config", None), "is_encoder_decoder", False))


def refuse_encoder_decoder(network: Any, name: str, *, decoder: bool = False, encoder: bool = False) -> None:
    """UsageError for a network that can only be fitted to write; what can be named instead: a decoder, an encoder."""
    if is_encoder_decoder(network):
        others = [tr("an encoder", "编码器")] * encoder + [tr("a decoder", "解码器")] * decoder
        raise UsageError(
            tr("an encoder-decoder can only be fitted to write", "编码器-解码器仅可训练为生成文本"),
            value=name,
            allowed=[*others, tr("this one with head = generate", "该骨干配合 head = generate")],
            next="bedside backbones",
        )


def causal_network(network: Any, folder: Path) -> CausalNetwork:
    """The decoder with its language head: the one loaded, or (when it was loaded without) read again from `folder`."""
    if hasattr(network, "lm_head"):
        return CausalNetwork(network)
    if not is_decoder(network) or not folder.is_dir():
        raise UsageError(
            tr("not a decoder: it cannot guess the next word", "不是解码器，无法预测下一个词"),
            value=folder.name,
            allowed=tr("smollm2, or the folder of a decoder", "smollm2，或解码器目录"),
            next="--backbone smollm2",
        )
    return CausalNetwork(read_causal(folder))


def read_causal(folder: Path) -> Any:
    """The `transformers` decoder of a Hugging Face folder, safetensors only, as float32."""
    return read_as("AutoModelForCausalLM", folder)


def read_as(kind: str, folder: Path) -> Any:
    """The network of a Hugging Face folder as that class of `transformers` reads it: safetensors only, float32."""
    import transformers

    silence()
    try:
        model = getattr(transformers, kind).from_pretrained(
            folder, use_safetensors=True, trust_remote_code=False, local_files_only=True, dtype=torch.float32
        )
    except (OSError, ValueError, KeyError, RuntimeError) as fault:
        raise ModelError(
            tr("transformers cannot load this folder", "transformers 无法加载此目录") + f" ({type(fault).__name__})",
            where=str(folder),
        ) from None
    return model.eval()


def silence() -> None:
    """Take away the progress bars of `transformers`: whoever waits sees ours."""
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
