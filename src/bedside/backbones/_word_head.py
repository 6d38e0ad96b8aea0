"""The masked-word head of a pretrained encoder, by the names that BERT, RoBERTa or DistilBERT give it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from bedside.backbones._table import word_table
from bedside.errors import ModelError
from bedside.lang import tr

FILE = "word_head.safetensors"
PARTS = ("dense.weight", "dense.bias", "norm.weight", "norm.bias", "bias")
NAMES = (
    ("cls.predictions.transform.dense", "cls.predictions.transform.LayerNorm", "cls.predictions.bias"),
    ("lm_head.dense", "lm_head.layer_norm", "lm_head.bias"),
    ("vocab_transform", "vocab_layer_norm", "vocab_projector.bias"),
)
"""What a family calls the map, the layer norm and the bias of each piece. BERT's is what `bedside pretrain` writes."""


class MaskedWordHead(nn.Module):
    """Map, GELU and layer norm; what comes out is compared with the word table, and `bias` [v] added."""

    def __init__(self, pieces: int, hidden_size: int, eps: float) -> None:
        super().__init__()
        self.dense, self.norm = nn.Linear(hidden_size, hidden_size), nn.LayerNorm(hidden_size, eps=eps)
        self.bias = nn.Parameter(torch.zeros(pieces))

    def forward(self, vectors: Tensor) -> Tensor:
        """[k, h] -> [k, h]."""
        found: Tensor = self.norm(F.gelu(self.dense(vectors)))
        return found


def find_word_head(folder: Path, network: Any) -> MaskedWordHead | None:
    """The head for `network` in a folder of safetensors; None where there is none."""
    from safetensors import safe_open

    found: dict[str, Tensor] = {}
    wanted = {name: part for names in NAMES for name, part in zip(_full(names), PARTS, strict=True)}
    for path in sorted(folder.glob("*.safetensors")):
        with safe_open(path, "pt") as file:
            names = set(file.keys())
            found |= {wanted[name]: file.get_tensor(name).float() for name in wanted if name in names}
    return _filled(found, network) if len(found) == len(PARTS) else None


def save_word_head(head: nn.Module, folder: Path) -> None:
    """Write the head into a model folder."""
    from safetensors.torch import save_file

    save_file({name: value.detach().cpu().contiguous() for name, value in head.state_dict().items()}, folder / FILE)


def load_word_head(folder: Path, network: Any) -> MaskedWordHead:
    """Read what `save_word_head` wrote; ModelError where it does not fit the network."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return _filled(load_file(folder / FILE), network)
    except (RuntimeError, OSError, SafetensorError):
        raise ModelError(
            tr("the masked-word head is broken or does not fit its network", "掩码词输出层已损坏或与网络不符"),
            where=str(folder / FILE),
            next=tr("copy the folder again from where it was made", "请从生成处重新复制该目录"),
        ) from None


def _full(names: tuple[str, str, str]) -> list[str]:
    return [f"{names[0]}.weight", f"{names[0]}.bias", f"{names[1]}.weight", f"{names[1]}.bias", names[2]]


def _filled(tensors: dict[str, Any], network: Any) -> MaskedWordHead:
    config = getattr(network, "model", network).config
    pieces, hidden_size = word_table(network).weight.shape
    head = MaskedWordHead(pieces, hidden_size, getattr(config, "layer_norm_eps", 1e-12))
    head.load_state_dict(tensors)
    return head
