"""Loads a folder (config.json, safetensors, tokenizer.json): our own kinds here, others through transformers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.backbones._base import Backbone
from bedside.backbones._chat import chat_of, ends_of
from bedside.backbones._networks import build_network, is_ours
from bedside.backbones._store import KNOWN
from bedside.errors import ModelError, UsageError
from bedside.lang import tr

if TYPE_CHECKING:
    from tokenizers import Tokenizer

PREFIXES = {r"(^|/)(multilingual-)?e5-": "query: "}
"""What the makers of a family put before every text they trained on, by a pattern of the folder's name."""

UNUSED = re.compile(r"^(pooler|cls|classifier)\.|position_ids$")
"""Tensors of a BERT checkpoint that are not part of the encoder."""


def load_folder(folder: Path, *, name: str = "", licence: str = "unknown") -> Backbone:
    """The backbone in `folder`; pickled weights and remote code are refused."""
    config = _config(folder)
    _refuse_adapted(folder)
    known = _known(folder)
    tokenizer = _tokenizer(folder)
    network = _own(folder, config) if is_ours(config) else _other(folder)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    hidden, positions = int(config.get("hidden_size", 0)), int(config.get("max_position_embeddings", 512))
    offset = (
        2 if config.get("model_type") in ("roberta", "xlm-roberta", "camembert") else 0
    )  # positions start after pad
    return Backbone(
        name=name or folder.name,
        tokenizer=tokenizer,
        network=network,
        hidden_size=hidden or network.hidden_size,
        max_tokens=positions - offset,
        prefix=known.get("prefix") or _prefix(name or folder.name),
        licence=known.get("licence") or licence,
        pad_id=int(config.get("pad_token_id") or 0),
        chat=chat_of(folder),
        ends=ends_of(folder),
    )


def _config(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    if not path.is_file():
        raise ModelError(tr("not a model folder: no config.json", "不是模型目录：缺少 config.json"), where=str(folder))
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise ModelError(tr("config.json is not JSON", "config.json 不是 JSON"), where=str(folder)) from None
    if not list(folder.glob("*.safetensors")):
        raise ModelError(
            tr(
                "no safetensors weights (pickled weights are never read)",
                "没有 safetensors 权重（绝不读取 pickle 权重）",
            ),
            where=str(folder),
            next=tr("convert them with the model's own tools", "请用模型自带工具转换"),
        )
    return dict(config)


def _refuse_adapted(folder: Path) -> None:
    """Its weights alone are not what was fitted; opened as a model, the folder above holds all of it."""
    if (folder / "adapter.json").exists():
        raise UsageError(
            tr(
                "this network was fitted with added parts (adapter.json) and is no backbone to start from",
                "该网络带有附加部分（adapter.json），不能作为训练起点",
            ),
            where=str(folder),
            allowed=tr("the backbone it was fitted from", "其原始骨干网络"),
            next="bedside backbones",
        )


def _known(folder: Path) -> dict[str, str]:
    """What `save_backbone` wrote of prefix and licence, if it made this folder."""
    try:
        known = json.loads((folder / KNOWN).read_text(encoding="utf-8"))
        return {key: value for key, value in known.items() if isinstance(value, str)}
    except (OSError, ValueError, AttributeError):
        return {}


def _prefix(name: str) -> str:
    return next((text for mark, text in PREFIXES.items() if re.search(mark, name)), "")


def _tokenizer(folder: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    if (folder / "tokenizer.json").is_file():
        return Tokenizer.from_file(str(folder / "tokenizer.json"))
    try:
        from transformers import AutoTokenizer

        return AutoTokenizer.from_pretrained(
            folder, use_fast=True, trust_remote_code=False, local_files_only=True
        ).backend_tokenizer
    except (ImportError, OSError, ValueError, AttributeError):
        raise ModelError(tr("no tokenizer that can be read", "没有可读取的分词器"), where=str(folder)) from None


def _own(folder: Path, config: dict[str, Any]) -> Any:
    import torch
    from safetensors.torch import load_file

    tensors: dict[str, Any] = {}
    for path in sorted(folder.glob("*.safetensors")):
        tensors |= load_file(path)
    named = {_our_name(name): value.to(torch.float32) for name, value in tensors.items()}
    return build_network(config, {k: v for k, v in named.items() if not UNUSED.search(k)}, where=str(folder))


def _our_name(name: str) -> str:
    return (
        name.removeprefix("bert.")
        .replace("LayerNorm.gamma", "LayerNorm.weight")
        .replace("LayerNorm.beta", "LayerNorm.bias")
    )


def _other(folder: Path) -> Any:
    try:
        from bedside.backbones._transformers import TransformersNetwork

        return TransformersNetwork.from_folder(folder)
    except ImportError:
        raise UsageError(
            tr("this architecture needs transformers", "此结构需要 transformers"), next="pip install 'bedside[hub]'"
        ) from None
