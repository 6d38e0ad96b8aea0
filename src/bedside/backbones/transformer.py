"""A small transformer encoder learnt from your texts alone, nothing pretrained: a baseline of 3 to 5 M weights."""

from __future__ import annotations

from typing import Any

from bedside.backbones._scratch import from_scratch


def _build(vocabulary: int) -> Any:
    from bedside.backbones._attention import TransformerConfig, TransformerEncoder

    return TransformerEncoder(TransformerConfig(vocabulary))


BACKBONE = from_scratch("transformer", _build)
