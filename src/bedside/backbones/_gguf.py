"""Loads a decoder from a GGUF file: weights unpacked to float32, run by transformers."""

from __future__ import annotations

from pathlib import Path

from bedside.backbones._base import Backbone
from bedside.errors import MissingExtra


def load_gguf(path: Path, *, name: str, licence: str) -> Backbone:
    """The decoder in `path`; its `network` is the `transformers` model. Takes about 20 s on one core."""
    try:
        import gguf  # noqa: F401 - transformers reads the file through it
        from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig
    except ImportError:
        raise MissingExtra("gguf + transformers", "embedded,hub") from None
    where = {"pretrained_model_name_or_path": path.parent, "gguf_file": path.name, "local_files_only": True}
    tokenizer = AutoTokenizer.from_pretrained(**where, trust_remote_code=False)
    model = AutoModelForCausalLM.from_pretrained(
        **where, trust_remote_code=False, quantization_config=GgufConfig(dequantize=True)
    )
    return Backbone(
        name=name,
        tokenizer=tokenizer.backend_tokenizer,
        network=model.eval(),
        hidden_size=model.config.hidden_size,
        max_tokens=model.config.max_position_embeddings,
        licence=licence,
        pad_id=model.config.pad_token_id or 0,
    )


def generate(backbone: Backbone, prompt: str, *, new_tokens: int = 32) -> str:
    """Continue `prompt` greedily by up to `new_tokens` tokens; only the continuation is returned."""
    import torch

    ids = torch.tensor([backbone.tokenizer.encode(prompt).ids])
    with torch.inference_mode():
        out = backbone.network.generate(
            ids, attention_mask=torch.ones_like(ids), max_new_tokens=new_tokens, do_sample=False
        )
    return str(backbone.tokenizer.decode(out[0, ids.shape[1] :].tolist()))
