"""A network and its tokenizer as a folder: config.json, model.safetensors, tokenizer.json; whole or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.backbones._networks import build_network
from bedside.errors import ModelError
from bedside.lang import tr

if TYPE_CHECKING:
    from tokenizers import Tokenizer

CONFIG, WEIGHTS, TOKENIZER = "config.json", "model.safetensors", "tokenizer.json"
KNOWN = "bedside.json"
"""What a backbone folder that we wrote says beyond Hugging Face's files: prefix and licence."""


def save_network(network: Any, tokenizer: Tokenizer, folder: Path, *, tensors: dict[str, Any] | None = None) -> None:
    """Write the three files into an existing folder, and two more where an adaptation added parts.

    `tensors` stand in for the network's own names of its weights.
    """
    from safetensors.torch import save_file

    from bedside.backbones._added import own_tensors, save_added

    if tensors is None:
        tensors = {name: value.detach().cpu().contiguous() for name, value in own_tensors(network).items()}
    save_file(tensors, folder / WEIGHTS, metadata={"format": "pt"})
    os.chmod(folder / WEIGHTS, 0o644)
    (folder / CONFIG).write_text(json.dumps(network.describe(), indent=1, sort_keys=True) + "\n", encoding="utf-8")
    tokenizer.save(str(folder / TOKENIZER), pretty=False)
    save_added(network, folder)


def save_backbone(network: Any, tokenizer: Tokenizer, folder: Path, *, prefix: str, licence: str) -> None:
    """The same as a Hugging Face folder that any backbone may be opened from; what else is known of it beside it."""
    save_network(network, tokenizer, folder, tensors=_tensors(network))
    known = {"prefix": prefix, "licence": licence}
    (folder / KNOWN).write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _tensors(network: Any) -> dict[str, Any]:
    """Each tensor once, by the architecture's own name: a word table that is also the output layer is one."""
    found: dict[tuple[int, ...], tuple[str, Any]] = {}
    for name, value in getattr(network, "model", network).state_dict().items():
        found.setdefault((value.data_ptr(), *value.shape), (name, value))
    return {name: value.detach().cpu().contiguous() for name, value in found.values()}


def load_network(folder: Path) -> tuple[Any, Tokenizer]:
    """Read them back, in evaluation mode; raises ModelError when they do not fit together."""
    from safetensors.torch import load_file
    from tokenizers import Tokenizer

    from bedside.backbones._added import open_added

    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        tensors = load_file(folder / WEIGHTS)
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    except Exception as fault:  # the three libraries raise their own kinds, one of them plain Exception
        raise ModelError(
            tr(f"the network cannot be read ({type(fault).__name__})", f"无法读取网络（{type(fault).__name__}）"),
            where=str(folder),
        ) from None
    tokenizer.no_truncation()
    tokenizer.no_padding()
    network = build_network(config, tensors, where=str(folder))
    open_added(network, folder)
    return network, tokenizer
