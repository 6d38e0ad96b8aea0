"""DoRA: each linear map's direction learns a low-rank correction, its rows' lengths learn by themselves; merged.

Source: Liu et al. 2024, "DoRA: Weight-Decomposed Low-Rank Adaptation". The layers are peft's.
"""

from __future__ import annotations

from typing import Any

from bedside.config import FitRecipe
from bedside.train.adapt._base import Adaptation, linear_maps
from bedside.train.adapt._peft import peft, put_in


def dora(network: Any, fit: FitRecipe) -> Adaptation:
    """What `lora` learns, and one length an output of each linear map."""
    config = peft().LoraConfig(
        r=fit.lora_rank,
        lora_alpha=2 * fit.lora_rank,
        lora_dropout=fit.dropout,
        use_dora=True,
        target_modules=linear_maps(network),
    )
    return put_in(network, config)


METHOD = dora
