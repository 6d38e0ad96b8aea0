"""Starts each label's output at the meaning of its name, so that a label of five rows is not learnt from nothing.

The names pass through the network as texts do; each output's weights begin as the direction from the names' mean to
its own, and its bias so that a middling text scores nothing. What that is worth before
any training is told in docs/design/002.

Source: after Snell et al. 2017, "Prototypical Networks for Few-shot Learning" (a name for prototype).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from bedside.heads._pool import mean_pool
from bedside.train.cache import Inputs, TokenInputs
from bedside.train.loop import Loop

SAMPLE = 512
"""Texts from which the scale of logits is taken, evenly spaced over the rows."""

SPREAD = 0.5
"""Standard deviation of the logits at the start: enough to point the way, little enough to be overruled."""

ALIKE = 1e-5
"""Texts whose scores differ by less than this share of a vector's length differ by rounding only."""

ROWS = 32


def spoken(label: str) -> str:
    """A label as words; empty when it says nothing (a number, a mark).

    >>> spoken("blood_donation"), spoken("1")
    ('blood donation', '')
    """
    return label.replace("_", " ").strip() if any(map(str.isalpha, label)) else ""


def start_at_names(loop: Loop, names: TokenInputs) -> None:
    """Set the output layer's weights and bias from `names`, one row a label in order; texts all alike: leave it."""
    loop.training(False)
    with torch.no_grad():
        labels = _vectors(loop, names, range(len(names.ids)), 0)
        step = max(1, len(loop.train.inputs.lengths) // SAMPLE)
        texts = _vectors(loop, loop.train.inputs, range(0, len(loop.train.inputs.lengths), step), loop.start)
        directions = F.normalize(labels - labels.mean(0), dim=1)
        spread = ((texts - texts.mean(0)) @ directions.T).std()
        if not spread > ALIKE * texts.norm(dim=1).mean():
            return
        directions *= SPREAD / spread
        loop.head.out.weight.copy_(directions)  # type: ignore[union-attr, operator]
        loop.head.out.bias.copy_(-directions @ texts.mean(0))  # type: ignore[union-attr, operator]


def take_over(head: nn.Module, other: nn.Module) -> bool:
    """Give a head the weights of another of the same shape; False, and nothing is changed, where shapes differ."""
    ours, theirs = head.state_dict(), other.state_dict()
    if {name: one.shape for name, one in ours.items()} != {name: one.shape for name, one in theirs.items()}:
        return False
    head.load_state_dict(theirs)
    return True


def _vectors(loop: Loop, inputs: Inputs, rows: Sequence[int], start: int) -> Tensor:
    """One vector a text [n, h]."""
    found = []
    for at in range(0, len(rows), ROWS):
        hidden, mask = inputs.batch(rows[at : at + ROWS])
        if start < len(loop.network.layers):
            hidden = loop.network.run(hidden, mask, start)
        found.append(mean_pool(hidden.float(), mask))
    return torch.cat(found)
