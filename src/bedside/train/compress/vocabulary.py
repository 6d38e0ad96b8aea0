"""Takes the pieces out of the vocabulary that the texts do not need; any later text can still be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedside.errors import UsageError
from bedside.lang import tr
from bedside.train.compress._base import Way, Work, our_encoder
from bedside.train.compress._taken import copied, with_network

if TYPE_CHECKING:
    from bedside.model.folder import Model

PIECES = 30_000
"""Of a vocabulary of 100 languages: all letters, what the texts use, and the commonest others."""


def smaller_vocabulary(model: Model, work: Work, number: int | None) -> Model:
    """The model with `number` pieces (30,000 unless said), or as many as are needed."""
    from bedside.backbones._pieces import KINDS, pieces_to_keep
    from bedside.backbones._trim import keep_pieces, take_rows

    our_encoder(model, "vocabulary")
    ids = model.encode(work.texts, work.given).ids
    kept = pieces_to_keep(model.tokenizer, ids, number or PIECES)
    if kept is None:
        raise UsageError(
            tr("pieces can be taken out of these kinds of vocabulary", "仅可裁剪以下类型的词表"),
            where="--ways vocabulary",
            allowed=KINDS,
        )
    tokenizer, numbers = keep_pieces(model.tokenizer, kept)
    network, head = copied(model)
    take_rows(network, kept, numbers)
    return with_network(model, network, head, tokenizer=tokenizer, pad_id=numbers[model.settings["pad_id"]])


WAY = Way(
    smaller_vocabulary,
    (
        "Rare pieces were taken out of the vocabulary; rare words are read in smaller pieces.",
        "词表去除了罕见词片，罕见词以更小的词片读取。",
    ),
    number=("pieces that stay; default 30000", "保留的词片数；默认 30000"),
)
