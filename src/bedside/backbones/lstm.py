"""A bidirectional LSTM learnt from your texts alone, nothing pretrained: a baseline of 1 to 3 M weights."""

from __future__ import annotations

from typing import Any

from bedside.backbones._scratch import from_scratch


def _build(vocabulary: int) -> Any:
    from bedside.backbones._recurrent import BiLstm, LstmConfig

    return BiLstm(LstmConfig(vocabulary))


BACKBONE = from_scratch("lstm", _build)
