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

from bedside.errors import DataError
from bedside.heads._pool import mean_pool
from bedside.lang import tr
from bedside.model.engines.torch import pad
from bedside.train.batches import epoch_batches, make_batches
from bedside.train.compress._base import Work
from bedside.train.compress._taken import copied, with_network
from bedside.train.precision import autocast, choose_precision

if TYPE_CHECKING:
    from bedside.model.folder import Model

LEARNING_RATE = 1e-4
BATCH_TOKENS, BATCH_ROWS = 1024, 32
KEPT_TOKENS = 4096
TINY = 1e-6


@dataclass(frozen=True)
class Answers:
    """What a network says of texts: logits of each ([k] or [t, k]), and the mean of its token vectors [n, h]."""

    logits: list[Tensor]
    vectors: Tensor


def recover(model: Model, work: Work, epochs: int) -> Model:
    """The model after `epochs` over the texts of learning from `work.teacher`; its word table stays as it is."""
    lesson = _Lesson(model, work)
    parameters = _learning(lesson.network, lesson.head)
    optimizer = torch.optim.AdamW(parameters, lr=LEARNING_RATE, weight_decay=0.01)
    batches = [rows for epoch in range(epochs) for rows in lesson.batches(work.seed, epoch)]
    precision, _ = choose_precision(torch.device("cpu"), model.settings["hidden_size"])
    for step, rows in enumerate(batches):
        optimizer.param_groups[0]["lr"] = LEARNING_RATE * (1 - step / len(batches))
        optimizer.zero_grad(set_to_none=True)
        lesson.step(rows, precision)
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
    lesson.network.requires_grad_(False)
    lesson.head.requires_grad_(False)
    return with_network(model, lesson.network, lesson.head)


class _Lesson:
    """A copy of a model that learns, the texts as its ids, and what the whole model says of them.

    Both losses are shares of what there is to explain: the variance of the whole model's logits, and of its vectors.
    """

    def __init__(self, model: Model, work: Work) -> None:
        self.network, self.head = copied(model)
        self.pad_id = model.settings["pad_id"]
        self.ids = model.encode(work.texts, work.given).ids
        self.wanted = answers(work.teacher, work.teacher.encode(work.texts, work.given).ids)
        self.usable = [row for row, one in enumerate(self.ids) if _same_shape(self.wanted.logits[row], len(one))]
        if not self.usable:
            raise DataError(
                tr("no text to learn from is cut into tokens as it was before", "没有分词与压缩前一致的学习文本"),
                next=tr("put vocabulary behind the other ways, or leave it out", "请将 vocabulary 置后或省略"),
            )
        self.logits_scale = max(float(torch.cat([one.flatten() for one in self.wanted.logits]).var()), TINY)
        self.vectors_scale = max(float(self.wanted.vectors.var()), TINY)

    def batches(self, seed: int, epoch: int) -> list[list[int]]:
        """Rows of one pass."""
        lengths = [len(self.ids[row]) for row in self.usable]
        found = epoch_batches(lengths, tokens=BATCH_TOKENS, rows=BATCH_ROWS, seed=seed, epoch=epoch)
        return [[self.usable[place] for place in places] for places in found]

    def step(self, rows: list[int], precision: str) -> None:
        """The loss of these rows and its gradient."""
        table, mask = pad([self.ids[row] for row in rows], self.pad_id)
        with autocast(torch.device("cpu"), precision):
            hidden = self.network(table, mask)
        hidden = hidden.float()
        said = self.head(hidden, mask)
        if said.dim() == 3:
            said = torch.cat([one[: len(self.ids[row])] for one, row in zip(said, rows, strict=True)])
            target = torch.cat([self.wanted.logits[row] for row in rows])
        else:
            target = torch.stack([self.wanted.logits[row] for row in rows])
        loss = F.mse_loss(said, target) / self.logits_scale
        loss = loss + F.mse_loss(mean_pool(hidden, mask), self.wanted.vectors[rows]) / self.vectors_scale
        torch.autograd.backward(loss)


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


def _same_shape(logits: Tensor, tokens: int) -> bool:
    """Whether a text has as many tokens as the teacher saw, where each is judged."""
    return logits.dim() == 1 or len(logits) == tokens


def _learning(network: Any, head: Any) -> list[Any]:
    """All weights but those of the word table, made ready to learn; dropout off: there is nothing to overfit to."""
    network.eval().requires_grad_(True)
    head.eval().requires_grad_(True)
    network.embeddings.word_embeddings.requires_grad_(False)
    return [value for value in (*network.parameters(), *head.parameters()) if value.requires_grad]
