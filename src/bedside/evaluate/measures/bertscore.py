"""BERTScore with the embedded encoder: each token of one text is matched with the nearest of the other, by meaning.

No idf and no rescaling: the figure is high for any two texts of one language, so compare it only between models.

Source: Zhang et al. 2020, "BERTScore: Evaluating Text Generation with BERT".
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from bedside.evaluate.bootstrap import Array

TOGETHER = 32
LONGEST = 512
"""Tokens of a text that are compared; more an encoder does not read."""


def bert_scores(wanted: Sequence[str], written: Sequence[str], encoder: str) -> Array:
    """F of each pair, from about 0 to 1 [n]; an empty text scores 0.

    >>> bert_scores(["fever since Monday"], ["fever since Monday"], "echo").round(3).tolist()
    [1.0]
    """
    texts = sorted({*wanted, *written}, key=len)
    vectors = dict(zip(texts, _vectors(texts, encoder), strict=True))
    return np.array([matched(vectors[one], vectors[two]) for one, two in zip(wanted, written, strict=True)])


def matched(one: Array, two: Array) -> float:
    """F of greedy matching between unit vectors [m, h] and [n, h].

    >>> matched(np.eye(2), np.eye(2)[:1])
    0.6666666666666666
    """
    if not len(one) or not len(two):
        return 0.0
    near = one @ two.T
    recall, precision = float(near.max(1).mean()), float(near.max(0).mean())
    return max(0.0, 2 * precision * recall / (precision + recall)) if precision + recall else 0.0


def _vectors(texts: Sequence[str], encoder: str) -> list[Array]:
    """Unit vectors of each text's own tokens, without the marks at its ends and the prefix."""
    import torch

    from bedside.model.engines.torch import pad

    backbone = _backbone(encoder)
    tokenizer, network = backbone.tokenizer, backbone.network
    before = len(tokenizer.encode(backbone.prefix).ids) - 1 if backbone.prefix else 1
    most = min(LONGEST, backbone.max_tokens)
    ids = [found.ids[:most] for found in tokenizer.encode_batch_fast([backbone.prefix + text for text in texts])]
    vectors: list[Array] = []
    with torch.inference_mode():
        for at in range(0, len(ids), TOGETHER):
            some = ids[at : at + TOGETHER]
            table, mask = pad(some, backbone.pad_id)
            hidden = torch.nn.functional.normalize(network(table, mask).float(), dim=-1).numpy()
            vectors += [row[before : len(one) - 1].astype(np.float64) for row, one in zip(hidden, some, strict=True)]
    return [vector if text.strip() else vector[:0] for vector, text in zip(vectors, texts, strict=True)]


@lru_cache(maxsize=1)
def _backbone(name: str) -> Any:
    from bedside.backbones._load import load_backbone

    return load_backbone(name)
