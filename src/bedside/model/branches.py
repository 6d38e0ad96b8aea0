"""How likely a decoder finds each of several answers to a text: what they share is read once, and all of them together.

What stands before every text (instruction, examples) is kept as keys and values. A text's answers are a tree: answers
that begin alike share their first pieces, and a mask lets each branch see the text and itself only, so that a text
and all its answers are one row of tokens. Nothing is copied for each answer, and the weights are read once a run.

Shapes: b texts, p pieces before, t of the longest text, n branch pieces of all answers, v vocabulary, a answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from bedside.model.engine import Ids, in_order

RUN_TOKENS = 2048
"""Tokens a run, branches included: enough that the weights are not what is waited for."""

Piece = tuple[int, ...]
"""The way to a node: the pieces from the text's end to it."""


class Branches:
    """Answers as a tree; `ways` are its nodes, every proper beginning of an answer, parents first."""

    def __init__(self, answers: Sequence[Sequence[int]]) -> None:
        self.ways: list[Piece] = sorted({tuple(one[:at]) for one in answers for at in range(1, len(one))})
        place = {way: number for number, way in enumerate([(), *self.ways])}
        self.ids = [way[-1] for way in self.ways]
        self.depth = [len(way) for way in self.ways]
        self.seen = np.array([[way[: len(other)] == other for other in self.ways] for way in self.ways], bool)
        self.steps = [[(place[tuple(one[:at])], id) for at, id in enumerate(one)] for one in answers]
        """For each answer the node that each piece follows (0: the text's end), and the piece."""


class Scorer:
    """Scores answers (token ids) after `before` (token ids) and a text; `model` is a `transformers` decoder."""

    def __init__(self, model: Any, before: Sequence[int], answers: Sequence[Sequence[int]], pad_id: int) -> None:
        self.model, self.before, self.tree, self.pad_id = model, list(before), Branches(answers), pad_id
        self.lengths = np.array([len(one) for one in answers], np.float32)

    def scores(self, texts: Sequence[Ids]) -> NDArray[np.float32]:
        """The log probability of each answer after each text, [texts, a]; no text may be empty."""
        order = sorted(range(len(texts)), key=lambda number: -len(texts[number]))
        groups, at = [], 0
        while at < len(order):
            rows = max(1, RUN_TOKENS // (len(texts[order[at]]) + len(self.tree.ways)))
            groups.append(order[at : at + rows])
            at += rows
        found = in_order([0] * len(texts), groups, lambda group: self._run([texts[number] for number in group]))
        return np.asarray(found, np.float32).reshape(len(texts), len(self.lengths))

    @cached_property
    def _kept(self) -> list[tuple[Tensor, Tensor]]:
        """Keys and values [1, heads, p, d] of what stands before, a pair a layer."""
        if not self.before:
            return []
        ids = torch.tensor([self.before], device=self._device)
        made = self.model.base_model(input_ids=ids, use_cache=True).past_key_values
        return [(layer.keys, layer.values) for layer in made.layers]

    @property
    def _device(self) -> torch.device:
        found: torch.device = next(self.model.parameters()).device
        return found

    def _run(self, texts: list[Ids]) -> NDArray[np.float32]:
        from transformers import DynamicCache

        with torch.inference_mode():
            ids, places, mask = self._laid_out(texts)
            kept = DynamicCache([(k.expand(len(texts), -1, -1, -1), v.expand(len(texts), -1, -1, -1))
                                 for k, v in self._kept])  # fmt: skip
            hidden = self.model.base_model(
                input_ids=ids, attention_mask=mask, position_ids=places, past_key_values=kept, use_cache=True
            ).last_hidden_state
            width, nodes = ids.shape[1] - len(self.tree.ways), len(self.tree.ways)
            ends = hidden[torch.arange(len(texts)), torch.tensor([len(one) - 1 for one in texts])]
            chances = [self._chances(end, branch) for end, branch in zip(ends, hidden[:, width:], strict=True)]
        assert nodes == hidden.shape[1] - width
        return np.stack(chances)

    def _chances(self, end: Tensor, branch: Tensor) -> NDArray[np.float32]:
        """One text's vectors at its end [h] and at the nodes [n, h] -> its answers' log probabilities [a]."""
        logits = self.model.get_output_embeddings()(torch.cat([end[None], branch]))
        surprise = torch.log_softmax(logits.float(), -1).cpu()
        return np.array([sum(float(surprise[node, id]) for node, id in steps) for steps in self.tree.steps], np.float32)

    def _laid_out(self, texts: list[Ids]) -> tuple[Tensor, Tensor, Tensor]:
        """Ids and places [b, t + n] and the mask [b, 1, t + n, p + t + n], 0 where one sees another."""
        before, width, nodes = len(self.before), max(map(len, texts)), len(self.tree.ways)
        ids = np.full((len(texts), width + nodes), self.pad_id)
        places = np.zeros((len(texts), width + nodes), np.int64)
        sees = np.zeros((len(texts), width + nodes, before + width + nodes), bool)
        sees[:, :, :before] = True
        sees[:, :width, before : before + width] = np.tri(width, dtype=bool)
        sees[:, width:, before + width :] = self.tree.seen.reshape(nodes, nodes)
        for row, one in enumerate(texts):
            ids[row, : len(one)] = one
            ids[row, width:] = self.tree.ids
            places[row, :width] = before + np.arange(width)
            places[row, width:] = before + len(one) + np.array(self.tree.depth, np.int64) - 1
            sees[row, width:, before : before + len(one)] = True
        kind = next(self.model.parameters()).dtype
        mask = torch.zeros(sees.shape, dtype=kind).masked_fill(~torch.from_numpy(sees), torch.finfo(kind).min)
        both = (torch.from_numpy(ids), torch.from_numpy(places))
        return both[0].to(self._device), both[1].to(self._device), mask[:, None].to(self._device)
