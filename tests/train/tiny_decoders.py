"""Makes networks that fit in a second, in Hugging Face folders: a Llama over bytes, and an encoder with a mask."""

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


def tiny_masked(folder: Path) -> Path:
    """echo as `bedside pretrain --objective mlm` would leave it: with a mask among its pieces, and a word head."""
    import torch
    from safetensors.torch import save_file

    from bedside.backbones._store import save_backbone
    from bedside.backbones._table import grow_word_table, word_table
    from bedside.train.pretraining.extend import with_mask
    from bedside.train.pretraining.objectives import WordHead

    folder.mkdir()
    backbone = load_backbone("echo")
    tokenizer, _, _ = with_mask(backbone.tokenizer)
    grow_word_table(backbone.network, 259, torch.zeros(1, 32))
    save_backbone(backbone.network, tokenizer, folder, prefix="", licence="Apache-2.0")
    head = WordHead(word_table(backbone.network).weight.detach(), torch.ones(260), eps=1e-12)
    save_file(head.named_tensors(), folder / "mlm_head.safetensors", metadata={"format": "pt"})
    return folder
