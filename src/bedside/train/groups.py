"""Runs a batch's texts in groups of like length, where they are compared and so share a batch whatever their length."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.utils.checkpoint import checkpoint

from bedside.train.batches import make_batches
from bedside.train.part import Part

KEPT_TOKENS = 8192
"""Of a batch of texts compared with one another, with more tokens than this, activations are computed again when the
gradient needs them, so that memory does not grow with the batch (Chen et al. 2016, "Sublinear Memory Cost")."""


def groups_of(part: Part, texts: Sequence[int], tokens: int) -> list[list[int]]:
    """The places in `texts` that run together, at most `tokens` each; one group where texts are not compared."""
    if part.members is None:
        return [list(range(len(texts)))]
    lengths = [part.inputs.lengths[text] for text in texts]
    return make_batches(lengths, tokens=tokens, rows=len(texts))


def said_of(
    say: Callable[[Tensor, Tensor], Tensor],
    vectors: Sequence[Tensor],
    masks: Sequence[Tensor],
    groups: Sequence[Sequence[int]],
) -> Tensor:
    """`say(vectors, mask)` of every group, joined in the order of the texts."""
    if len(groups) == 1 and list(groups[0]) == sorted(groups[0]):
        return say(vectors[0], masks[0])
    many = sum(int((mask > 0).sum()) for mask in masks) > KEPT_TOKENS
    found = [
        checkpoint(say, *each, use_reentrant=False) if many else say(*each) for each in zip(vectors, masks, strict=True)
    ]
    places = torch.tensor([place for group in groups for place in group], device=found[0].device)
    return torch.cat(found)[places.argsort()]
