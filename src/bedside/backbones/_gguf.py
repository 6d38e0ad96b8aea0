"""Opens a decoder from a GGUF file: weights unpacked to float32 once, kept as a folder, and run by transformers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.backbones._base import Backbone
from bedside.errors import MissingExtra
from bedside.home import place

if TYPE_CHECKING:
    from tokenizers import Tokenizer

CONVERSION = 1
"""Raised when the conversion changes, so that an old cache is not taken for a new one."""


def load_gguf(path: Path, *, name: str, licence: str, sha256: str, tokenizer: Tokenizer | None = None) -> Backbone:
    """The decoder in `path`; its `network` is the `transformers` model. `tokenizer` stands in for the file's own.

    Unpacking takes about 20 s on one core; the folder it leaves in the home is opened in a second or two.
    """
    from bedside.files import cached_folder

    kept = place("models") / f"{name}-{sha256[:12]}-{CONVERSION}"
    folder = cached_folder(kept, lambda fresh: _unpack(path, fresh, tokenizer))
    return open_decoder(folder, name=name, licence=licence)


def open_decoder(folder: Path, *, name: str, licence: str) -> Backbone:
    """The decoder in a Hugging Face folder, with its language head."""
    from tokenizers import Tokenizer

    from bedside.backbones._causal import read_causal
    from bedside.backbones._chat import chat_of, ends_of

    model = read_causal(folder)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return Backbone(
        name=name,
        tokenizer=tokenizer,
        network=model,
        hidden_size=model.config.hidden_size,
        max_tokens=model.config.max_position_embeddings,
        licence=licence,
        pad_id=model.config.pad_token_id or 0,
        chat=chat_of(folder),
        ends=ends_of(folder),
    )


def _unpack(path: Path, folder: Path, tokenizer: Tokenizer | None) -> None:
    try:
        import gguf  # noqa: F401 - transformers reads the file through it
        from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig, modeling_gguf_pytorch_utils
    except ImportError:
        raise MissingExtra("gguf + transformers", "embedded,hub") from None
    from bedside.backbones._causal import silence

    silence()
    modeling_gguf_pytorch_utils.tqdm = _unwrapped
    where = {"pretrained_model_name_or_path": path.parent, "gguf_file": path.name, "local_files_only": True}
    if tokenizer is None:
        AutoTokenizer.from_pretrained(**where, trust_remote_code=False).save_pretrained(folder)
    else:
        tokenizer.save(str(folder / "tokenizer.json"))
    model = AutoModelForCausalLM.from_pretrained(
        **where, trust_remote_code=False, quantization_config=GgufConfig(dequantize=True)
    )
    model.save_pretrained(folder)


def _unwrapped(rows: Iterable[Any], **bar: Any) -> Iterable[Any]:
    """In place of the bar that transformers draws by itself, whatever its settings say."""
    return rows


def generate(backbone: Backbone, prompt: str, *, new_tokens: int = 32) -> str:
    """Continue `prompt` greedily by up to `new_tokens` tokens; only the continuation is returned."""
    import torch

    ids = torch.tensor([backbone.tokenizer.encode(prompt).ids])
    with torch.inference_mode():
        out = backbone.network.generate(
            ids, attention_mask=torch.ones_like(ids), max_new_tokens=new_tokens, do_sample=False
        )
    return str(backbone.tokenizer.decode(out[0, ids.shape[1] :].tolist()))
