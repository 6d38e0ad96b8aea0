"""The fit of the networks of grounding's reader: sentences beside their twins, what they tell alone taken out."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from bedside.grounding._align import Aligner, together

EPOCHS, BATCH = 2, 32
WIDTH, DROPOUT, RATE, DECAY = 96, 0.4, 1.5e-3, 0.05
RANK = 0.5
"""What the order of twins weighs beside the truth of each sentence."""
SURE = 0.97
"""What a true answer is fitted to: cases are not without faults."""
COUNTS = {"written": 1.0, "made": 0.5, "another": 0.3}
"""What a sentence counts: of the cases, made by a rule, or true of another chart."""


class Item(NamedTuple):
    """A sentence and what of its chart is read with it, as states of tokens [t, h].

    `alone` is what the sentence tells without its chart, and `twin` the item that is true where this one is false.
    """

    said: Tensor
    chart: Tensor
    wrong: bool
    kind: str
    alone: float
    twin: int | None


def trained(given: Sequence[Item], seed: int) -> Aligner:
    """One network, from one beginning."""
    torch.manual_seed(seed)
    drawn = random.Random(seed)
    network = Aligner(given[0].said.shape[1], WIDTH, DROPOUT)
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    rounds = [batch for _ in range(EPOCHS) for batch in batches(given, drawn)]
    falling = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: 1 - step / (len(rounds) + 1))
    for batch in rounds:
        optimiser.zero_grad()
        loss(network, given, batch).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        falling.step()
    return network.eval()


def loss(network: Aligner, given: Sequence[Item], batch: Sequence[int]) -> Tensor:
    """How far a network is from the truth of each sentence of a batch, and from the order of its twins."""
    items = [given[at] for at in batch]
    sums = network(*together([one.said for one in items]), *together([one.chart for one in items]))
    sums = sums + torch.tensor([one.alone for one in items], dtype=torch.float32)
    aim = torch.tensor([SURE if one.wrong else 1 - SURE for one in items])
    counts = torch.tensor([COUNTS[one.kind] for one in items])
    each: Tensor = (F.binary_cross_entropy_with_logits(sums, aim, reduction="none") * counts).mean()
    place = {at: number for number, at in enumerate(batch)}
    pairs = [(place[at], place[one.twin]) for at, one in zip(batch, items, strict=True) if one.twin in place]
    if not pairs:
        return each
    false, true = (sums[list(side)] for side in zip(*pairs, strict=True))
    weight = counts[[one for one, _ in pairs]]
    return each + RANK * (F.softplus(true - false) * weight).sum() / weight.sum()


def batches(given: Sequence[Item], drawn: random.Random) -> list[list[int]]:
    """All of them once, twins together, those of a batch about equally long."""
    groups: dict[int, list[int]] = defaultdict(list)
    for at, one in enumerate(given):
        groups[at if one.twin is None else one.twin].append(at)
    order = list(groups.values())
    drawn.shuffle(order)
    found: list[list[int]] = []
    for low in range(0, len(order), BATCH * 8):
        shelf = sorted(order[low : low + BATCH * 8], key=lambda group: len(given[group[0]].said))
        ranked = [at for group in shelf for at in group]
        found += [ranked[start : start + BATCH] for start in range(0, len(ranked), BATCH)]
    drawn.shuffle(found)
    return found
