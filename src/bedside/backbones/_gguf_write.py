"""Writes a Llama-like decoder as a GGUF file, weights in 8 bits (Q8_0), as llama.cpp and Ollama read it.

Source: the GGUF specification (ggml-org/ggml, docs/gguf.md); rows of queries and keys stand there in the order that
llama.cpp turns them by.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bedside.backbones._chat import PLACE
from bedside.errors import MissingExtra, UsageError
from bedside.lang import tr

if TYPE_CHECKING:
    from tokenizers import Tokenizer

ARCHITECTURE = "llama"
BLOCK = 32
"""Weights that share a scale in Q8_0; rows that are no multiple of it stay in 32 bits."""
LAYER = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}
"""Hugging Face's names for the parts of a layer, and GGUF's."""
WHOLE = {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output"}
CONTROL, NORMAL = 3, 1
"""Kinds of pieces: a mark, a piece of text."""


def write_gguf(model: Any, tokenizer: Tokenizer, path: Path, *, name: str, prompt: str) -> None:
    """Write the `transformers` decoder; UsageError for another architecture, or a tokenizer that is not byte-level BPE.

    Its chat template puts the last message where `prompt`, which the decoder was fitted with, has {text}.
    llama.cpp splits text into words before it looks pieces up; the rule written here is GPT-2's.
    """
    try:
        import gguf
    except ImportError:
        raise MissingExtra("gguf", "embedded") from None
    config, written = model.config, json.loads(tokenizer.to_str())
    _refuse(config, written)
    file = gguf.GGUFWriter(path, ARCHITECTURE)
    file.add_name(name)
    file.add_block_count(config.num_hidden_layers)
    file.add_context_length(config.max_position_embeddings)
    file.add_embedding_length(config.hidden_size)
    file.add_feed_forward_length(config.intermediate_size)
    file.add_head_count(config.num_attention_heads)
    file.add_head_count_kv(config.num_key_value_heads)
    file.add_layer_norm_rms_eps(config.rms_norm_eps)
    file.add_rope_freq_base(float(config.rope_parameters["rope_theta"]))
    file.add_rope_dimension_count(config.hidden_size // config.num_attention_heads)
    file.add_vocab_size(config.vocab_size)
    _add_tokenizer(file, written, config)
    file.add_chat_template(chat_template(prompt))
    for title, values in _tensors(model):
        kind = gguf.GGMLQuantizationType.Q8_0
        if values.ndim < 2 or values.shape[-1] % BLOCK:
            file.add_tensor(title, values)
        else:
            file.add_tensor(title, gguf.quants.quantize(values, kind), raw_dtype=kind)
    file.write_header_to_file()
    file.write_kv_data_to_file()
    file.write_tensors_to_file()
    file.close()


def _refuse(config: Any, written: dict[str, Any]) -> None:
    plain = config.model_type == ARCHITECTURE and not getattr(config, "attention_bias", False)
    rope = getattr(config, "rope_parameters", None) or {}
    if not plain or rope.get("rope_type", "default") != "default" or getattr(config, "mlp_bias", False):
        raise UsageError(
            tr("only decoders built like Llama are written as GGUF", "仅支持将 Llama 结构的解码器写为 GGUF"),
            value=config.model_type,
            allowed=ARCHITECTURE,
            next="--ways ctranslate2",
        )
    if written["model"]["type"] != "BPE" or "ByteLevel" not in json.dumps(written.get("decoder")):
        raise UsageError(
            tr("only byte-level BPE vocabularies are written as GGUF", "仅支持字节级 BPE 词表写为 GGUF"),
            value=written["model"]["type"],
            next="--ways ctranslate2",
        )


def chat_template(prompt: str) -> str:
    """A prompt with a place for the text as a chat template (Jinja).

    >>> chat_template("Question: {text} =>")
    "{{ 'Question: ' + messages[-1]['content'] + ' =>' }}"
    """
    before, _, behind = prompt.partition(PLACE)
    return f"{{{{ {before!r} + messages[-1]['content'] + {behind!r} }}}}"


def _add_tokenizer(file: Any, written: dict[str, Any], config: Any) -> None:
    pieces = {number: piece for piece, number in written["model"]["vocab"].items()}
    pieces |= {added["id"]: added["content"] for added in written["added_tokens"]}
    marks = {added["id"] for added in written["added_tokens"] if added["special"]}
    marks |= {config.bos_token_id, config.eos_token_id, config.pad_token_id}
    size = config.vocab_size
    file.add_tokenizer_model("gpt2")
    file.add_tokenizer_pre("gpt-2")
    file.add_token_list([pieces.get(number, f"<unused{number}>") for number in range(size)])
    file.add_token_types([CONTROL if number in marks or number not in pieces else NORMAL for number in range(size)])
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in written["model"]["merges"]]
    if merges:
        file.add_token_merges(merges)
    for add, number in (
        (file.add_bos_token_id, config.bos_token_id),
        (file.add_eos_token_id, config.eos_token_id),
        (file.add_pad_token_id, config.pad_token_id),
    ):
        if isinstance(number, int):
            add(number)


def _tensors(model: Any) -> Iterator[tuple[str, Any]]:
    """GGUF's name and the values of each weight; an output layer that is the word table is not written again."""
    config = model.config
    for name, value in model.state_dict().items():
        stem, _, kind = name.rpartition(".")
        values = value.detach().float().cpu().numpy()
        if stem in WHOLE:
            if stem != "lm_head" or not config.tie_word_embeddings:
                yield f"{WHOLE[stem]}.{kind}", values
            continue
        _, _, number, part = stem.split(".", 3)
        heads = {"attn_q": config.num_attention_heads, "attn_k": config.num_key_value_heads}.get(LAYER[part])
        yield f"blk.{number}.{LAYER[part]}.{kind}", _turned(values, heads) if heads else values


def _turned(values: Any, heads: int) -> Any:
    """Rows [heads * d, in] of a map whose halves are turned against each other, as neighbours instead.

    >>> _turned(np.arange(4)[:, None], 1)[:, 0].tolist()
    [0, 2, 1, 3]
    """
    split = values.reshape(heads, 2, values.shape[0] // heads // 2, *values.shape[1:])
    return np.ascontiguousarray(split.swapaxes(1, 2).reshape(values.shape))
