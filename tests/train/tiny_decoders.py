"""Makes a decoder that fits in a second: an untrained Llama of two layers over bytes, in a Hugging Face folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bedside.backbones._load import load_backbone


def tiny_decoder(folder: Path, **config: Any) -> Path:
    """Written to `folder`; `config` in place of its own settings."""
    import torch
    import transformers

    torch.manual_seed(0)
    usual = {
        "vocab_size": 259, "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
        "num_attention_heads": 2, "num_key_value_heads": 1, "max_position_embeddings": 128,
        "tie_word_embeddings": True, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2,
    }  # fmt: skip
    transformers.LlamaForCausalLM(transformers.LlamaConfig(**usual | config)).save_pretrained(folder)
    load_backbone("echo").tokenizer.save(str(folder / "tokenizer.json"))
    return folder
