"""Lets the model, as small as it is by now, learn further from the model as it was: its logits and text vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedside.train.compress._base import Way, Work, our_encoder
from bedside.train.compress._recover import recover

if TYPE_CHECKING:
    from bedside.model.folder import Model

PASSES = 3


def distilled(model: Model, work: Work, number: int | None) -> Model:
    """The model after `number` passes over the texts (three unless said)."""
    our_encoder(model, "distil")
    return recover(model, work, number or PASSES)


WAY = Way(
    distilled,
    ("It learnt its answers from the model before compression.", "由压缩前的模型蒸馏得到。"),
    number=("passes over the texts; default 3", "训练轮数；默认 3"),
    relearns=True,
)
