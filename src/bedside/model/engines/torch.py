"""The PyTorch engine: the network and head as they were fitted, in float32, with gradients to be had for explaining."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from bedside import registry
from bedside.backbones._store import load_network, save_network
from bedside.errors import ModelError
from bedside.heads._pool import mean_pool
from bedside.lang import tr
from bedside.model.apart import Shelf, is_apart, open_apart, save_learnt
from bedside.model.engine import Ids, Outputs, in_length_order


def pad(ids: Sequence[Ids], pad_id: int) -> tuple[Tensor, Tensor]:
    """Ids of any lengths -> ids [b, t] and mask [b, t]."""
    longest = max(map(len, ids))
    table = torch.full((len(ids), longest), pad_id)
    mask = torch.zeros(len(ids), longest)
    for row, one in enumerate(ids):
        table[row, : len(one)] = torch.tensor(one)
        mask[row, : len(one)] = 1
    return table, mask


class TorchEngine:
    """Holds `network`, `head` (a module) and `tokenizer`; both modules stay in evaluation mode.

    `learnt` is what the folder keeps of the network where it does not keep the whole of it.
    """

    def __init__(
        self, network: Any, head: Any, tokenizer: Any, pad_id: int, learnt: dict[str, Tensor] | None = None
    ) -> None:
        self.network, self.head, self.tokenizer, self.pad_id = network.eval(), head.eval(), tokenizer, pad_id
        self.learnt = learnt

    def logits(self, ids: Sequence[Ids]) -> Outputs:
        """Logits in the order given."""
        return in_length_order(ids, self._run)

    def logits_and_vectors(self, ids: Sequence[Ids], hidden_size: int) -> tuple[Outputs, NDArray[np.float32]]:
        """Logits, and the mean of each text's token vectors [n, h], in one pass; of heads that judge whole texts."""
        both = np.asarray(in_length_order(ids, partial(self._run, vectors=True)))
        return both[:, :-hidden_size], both[:, -hidden_size:]

    def save(self, folder: Path) -> None:
        """Write backbone/, or what was learnt on top of it, and head.safetensors."""
        from safetensors.torch import save_file

        if self.learnt is None:
            (folder / "backbone").mkdir()
            save_network(self.network, self.tokenizer, folder / "backbone")
        else:
            save_learnt(self.learnt, folder)
        save_file(
            {name: part.detach().cpu().contiguous() for name, part in self.head.state_dict().items()},
            folder / "head.safetensors",
        )

    def _run(self, ids: list[Ids], *, vectors: bool = False) -> NDArray[np.float32]:
        table, mask = pad(ids, self.pad_id)
        device = next(self.head.parameters()).device
        with torch.inference_mode():
            table, mask = table.to(device), mask.to(device)
            hidden = self.network(table, mask)
            said = self.head(hidden, mask)
            out = torch.cat([said, mean_pool(hidden, mask)], 1) if vectors else said
        found: NDArray[np.float32] = out.float().cpu().numpy()
        return found


def open_folder(folder: Path, settings: dict[str, Any], shelf: Shelf) -> TorchEngine:
    """Read the head that `bedside fit` saved, and its backbone, from the folder or where it names it."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    from bedside.backbones._load import load_backbone

    learnt = None
    if is_apart(settings):
        backbone, learnt = open_apart(folder, settings, load_backbone, shelf)
        network, tokenizer = backbone.network, backbone.tokenizer
    else:
        network, tokenizer = load_network(folder / "backbone")
    head = registry.load("heads", settings["head"])(settings["hidden_size"], settings["labels"])
    try:
        head.load_state_dict(load_file(folder / "head.safetensors"))
    except (RuntimeError, OSError, SafetensorError):
        raise ModelError(
            tr("the head is broken or does not fit its labels", "输出层已损坏或与标签不符"),
            where=str(folder / "head.safetensors"),
            next=tr("copy the folder again from where it was made", "请从生成处重新复制该目录"),
        ) from None
    return TorchEngine(network, head, tokenizer, settings["pad_id"], learnt)
