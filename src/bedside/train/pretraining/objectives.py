"""The two objectives of pretraining: guess the masked words (encoders), guess the next word (decoders).

Shapes: b blocks, t pieces, k pieces to be guessed, h hidden size, v vocabulary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from bedside.backbones._base import Backbone
from bedside.backbones._table import SplitTable, score_words, word_table
from bedside.config import PretrainRecipe
from bedside.model.engines.torch import pad
from bedside.train.precision import autocast
from bedside.train.pretraining.extend import with_mask
from bedside.train.pretraining.masking import Masker
from bedside.train.pretraining.shards import Shard, Shards

HEAD_PREFIX = "cls.predictions."
"""The head's weights carry Hugging Face's names, so that a folder of theirs can be continued, and ours by them."""


@dataclass(frozen=True)
class Losses:
    """The loss of each guess [k], and where it is: the block (of those given) and the place in it."""

    values: Tensor
    blocks: NDArray[np.int64]
    places: NDArray[np.int64]


class Objective(Protocol):
    """What the loop turns on. `epoch` decides the masks, where there are any."""

    @property
    def network(self) -> Any:
        """The network that is tuned."""
        ...

    @property
    def head(self) -> nn.Module:
        """What is tuned above it; without weights where the network brings its own."""
        ...

    def losses(self, shard: Shard, rows: Sequence[int], *, epoch: int, precision: str) -> Losses:
        """The losses over these blocks."""
        ...


class WordHead(nn.Module):
    """The masked-word head of BERT: dense, GELU, layer norm, then the network's own word table and a bias.

    It starts as the identity, with scores of unit spread over the `table` [v, h] and each piece's log frequency as its
    bias, so that little has to be learnt anew.
    """

    def __init__(self, table: Tensor, frequency: Tensor, *, eps: float) -> None:
        super().__init__()
        hidden_size = table.shape[1]
        self.dense = nn.Linear(hidden_size, hidden_size)
        self.LayerNorm = nn.LayerNorm(hidden_size, eps=eps)
        self.bias = nn.Parameter(torch.log((frequency.float() + 1) / (frequency.sum() + len(frequency))))
        with torch.no_grad():
            self.dense.weight.copy_(torch.eye(hidden_size))
            self.dense.bias.zero_()
            self.LayerNorm.weight.fill_(1 / table.float().norm(dim=1).mean().item())

    def forward(self, vectors: Tensor, table: nn.Module) -> Tensor:
        """Vectors [k, h] -> scores [k, v]."""
        return score_words(table, self.LayerNorm(F.gelu(self.dense(vectors)))) + self.bias

    def named_tensors(self) -> dict[str, Tensor]:
        """The weights under Hugging Face's names."""
        return {_hf_name(name): value.detach().cpu().contiguous() for name, value in self.state_dict().items()}

    def take(self, tensors: dict[str, Tensor]) -> bool:
        """Take over weights of those names and shapes; False, and nothing changed, when they do not all fit."""
        mine = {name: tensors.get(_hf_name(name)) for name in self.state_dict()}
        if any(value is None or value.shape != self.state_dict()[name].shape for name, value in mine.items()):
            return False
        self.load_state_dict(mine)
        return True


@dataclass
class MaskedWords:
    """Shows blocks with whole words masked and scores the guesses at those places only."""

    network: Any
    head: WordHead
    masker: Masker
    pad_id: int
    device: torch.device

    def losses(self, shard: Shard, rows: Sequence[int], *, epoch: int, precision: str) -> Losses:
        """Cross-entropy in nats of each masked piece."""
        blocks = [shard.block(row) for row in rows]
        masked = [self.masker.row(*block, epoch=epoch, row=row) for block, row in zip(blocks, rows, strict=True)]
        ids, mask = pad([shown.tolist() for shown, _ in masked], self.pad_id)
        found = [np.flatnonzero(chosen) for _, chosen in masked]
        where = np.repeat(np.arange(len(rows)), [len(places) for places in found])
        places = np.concatenate(found)
        truth = np.concatenate([block[at] for (block, _), at in zip(blocks, found, strict=True)])
        ids, mask = ids.to(self.device), mask.to(self.device)
        with autocast(self.device, precision):
            hidden = self.network.run(self.network.embed(ids), mask)
            scores = self.head(hidden[where, places], word_table(self.network))
        wanted = torch.from_numpy(truth).to(self.device)
        return Losses(F.cross_entropy(scores.float(), wanted, reduction="none"), where, places)


@dataclass
class NextWord:
    """Scores each piece of a block from those before it."""

    network: Any
    head: nn.Module
    pad_id: int
    device: torch.device

    def losses(self, shard: Shard, rows: Sequence[int], *, epoch: int, precision: str) -> Losses:
        """Cross-entropy in nats of each piece but a block's first."""
        blocks = [shard.block(row)[0] for row in rows]
        ids, mask = pad([block.tolist() for block in blocks], self.pad_id)
        ids, mask = ids.to(self.device), mask.to(self.device)
        with autocast(self.device, precision):
            scores = self.network.scores(ids, mask)
        guessed = mask[:, 1:].bool()
        values = F.cross_entropy(scores[:, :-1][guessed].float(), ids[:, 1:][guessed], reduction="none")
        where, places = np.nonzero(guessed.cpu().numpy())
        return Losses(values, where, places + 1)


def _hf_name(name: str) -> str:
    return HEAD_PREFIX + (name if name == "bias" else f"transform.{name}")


def make_objective(
    recipe: PretrainRecipe, backbone: Backbone, shards: Shards, folder: Path, device: torch.device
) -> tuple[Objective, bool]:
    """The objective, and whether its head is new."""
    if recipe.objective == "clm":
        return NextWord(backbone.network, nn.Identity(), backbone.pad_id, device), False
    _, mask_id, _ = with_mask(backbone.tokenizer)
    counts = shards.counts
    if shards.train.numbers is not None:
        counts = np.zeros(backbone.tokenizer.get_vocab_size(), np.int64)
        counts[shards.train.numbers[shards.used]] = shards.counts[shards.used]
    table = word_table(backbone.network)
    weight = torch.cat([table.old, table.new]) if isinstance(table, SplitTable) else table.weight
    sizes = getattr(backbone.network, "model", backbone.network).config
    head = WordHead(weight.detach(), torch.from_numpy(counts), eps=getattr(sizes, "layer_norm_eps", 1e-12))
    fresh = not (folder.is_dir() and head.take(_saved_head(folder)))
    ordinary = np.flatnonzero(counts > 0)
    masker = Masker(mask_id, ordinary, recipe.mask_share, recipe.seed)
    return MaskedWords(backbone.network, head, masker, backbone.pad_id, device), fresh


def _saved_head(folder: Path) -> dict[str, torch.Tensor]:
    from safetensors.torch import load_file

    found: dict[str, torch.Tensor] = {}
    for path in sorted(folder.glob("*.safetensors")):
        found |= {name: value.float() for name, value in load_file(path).items() if name.startswith("cls.predictions")}
    return found
