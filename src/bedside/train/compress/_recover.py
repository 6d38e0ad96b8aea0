"""Lets a smaller network learn to answer as the whole one does: its logits, and its vector of each text.

The whole network's answers are computed once and kept; no label is used, so every kind of head can be recovered.

Source: Hinton et al. 2015, "Distilling the Knowledge in a Neural Network"; the loss on logits is Ba & Caruana 2014,
"Do Deep Nets Really Need to be Deep?"; that on vectors follows Sanh et al. 2019, "DistilBERT".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F
from torch import Tensor

from bedside.heads._pool import mean_pool
from bedside.model.torch_engine import pad
from bedside.train.batches import epoch_batches, make_batches
from bedside.train.compress._base import Work
from bedside.train.compress._taken import copied, with_network

if TYPE_CHECKING:
    from bedside.model.folder import Model

LEARNING_RATE = 1e-4
BATCH_TOKENS, BATCH_ROWS = 1024, 32
KEPT_TOKENS = 4096


@dataclass(frozen=True)
class Answers:
    """What a network says of texts: logits of each ([k] or [t, k]), and the mean of its token vectors [n, h]."""

    logits: list[Tensor]
    vectors: Tensor


def recover(model: Model, work: Work, epochs: int) -> Model:
    """The model after `epochs` over the texts of learning from `work.teacher`; its word table stays as it is."""
    wanted = answers(work.teacher, work.teacher.encode(work.texts, work.given).ids)
    ids = model.encode(work.texts, work.given).ids
    network, head = copied(model)
    parameters = _learning(network, head)
    optimizer = torch.optim.AdamW(parameters, lr=LEARNING_RATE, weight_decay=0.01)
    usable = [row for row, one in enumerate(ids) if _same_shape(wanted.logits[row], len(one))]
    lengths = [len(ids[row]) for row in usable]
    epoch = [
        epoch_batches(lengths, tokens=BATCH_TOKENS, rows=BATCH_ROWS, seed=work.seed, epoch=n) for n in range(epochs)
    ]
    batches = [[usable[place] for place in rows] for one in epoch for rows in one]
    scale = _Scale.of(wanted)
    with torch.random.fork_rng():
        torch.manual_seed(work.seed)
        for step, rows in enumerate(batches):
            optimizer.param_groups[0]["lr"] = LEARNING_RATE * (1 - step / len(batches))
            optimizer.zero_grad(set_to_none=True)
            torch.autograd.backward(_loss(network, head, ids, rows, wanted, scale, model.settings["pad_id"]))
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            work.told(len(rows))
    network.requires_grad_(False)
    return with_network(model, network, head)


def answers(model: Model, ids: Sequence[Sequence[int]]) -> Answers:
    """What a model on the torch engine says, in order."""
    logits: list[Any] = [None] * len(ids)
    vectors = torch.zeros(len(ids), model.settings["hidden_size"])
    with torch.inference_mode():
        for rows in make_batches([len(one) for one in ids], tokens=KEPT_TOKENS, rows=256):
            table, mask = pad([ids[row] for row in rows], model.settings["pad_id"])
            hidden = model.network(table, mask)
            said = model.head_module(hidden, mask)
            vectors[rows] = mean_pool(hidden, mask)
            for place, row in enumerate(rows):
                logits[row] = said[place].clone() if said.dim() == 2 else said[place, : len(ids[row])].clone()
    return Answers([one.clone() for one in logits], vectors.clone())


@dataclass(frozen=True)
class _Scale:
    """Variances of logits and vectors: both losses are shares of what there is to explain."""

    logits: float
    vectors: float

    @classmethod
    def of(cls, wanted: Answers) -> _Scale:
        spread = torch.cat([one.flatten() for one in wanted.logits]).var() if wanted.logits else torch.tensor(1.0)
        return cls(max(float(spread), 1e-6), max(float(wanted.vectors.var()), 1e-6))


def _loss(
    network: Any, head: Any, ids: Sequence[Sequence[int]], rows: list[int], wanted: Answers, scale: _Scale, pad_id: int
) -> Tensor:
    table, mask = pad([ids[row] for row in rows], pad_id)
    hidden = network(table, mask)
    said = head(hidden, mask)
    if said.dim() == 3:
        said = torch.cat([one[: len(ids[row])] for one, row in zip(said, rows, strict=True)])
        target = torch.cat([wanted.logits[row] for row in rows])
    else:
        target = torch.stack([wanted.logits[row] for row in rows])
    vectors = mean_pool(hidden, mask)
    return F.mse_loss(said, target) / scale.logits + F.mse_loss(vectors, wanted.vectors[rows]) / scale.vectors


def _same_shape(logits: Tensor, tokens: int) -> bool:
    """Whether a text has as many tokens as the teacher saw, where each is judged."""
    return logits.dim() == 1 or len(logits) == tokens


def _learning(network: Any, head: Any) -> list[Any]:
    """All weights but those of the word table, made ready to learn; dropout off: there is nothing to overfit to."""
    network.eval().requires_grad_(True)
    head.eval().requires_grad_(True)
    network.embeddings.word_embeddings.requires_grad_(False)
    return [value for value in (*network.parameters(), *head.parameters()) if value.requires_grad]
