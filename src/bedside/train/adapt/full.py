"""Full fine-tuning: every weight of every layer learns; the word table only if asked.

Source: Devlin et al. 2019, "BERT: Pre-training of Deep Bidirectional Transformers".
"""

from __future__ import annotations

from typing import Any

import torch

from bedside.config import FitRecipe
from bedside.train.adapt._base import PLAIN, Adaptation


def full(network: Any, fit: FitRecipe) -> Adaptation:
    """All layers; with `tune_embeddings` the word table too, in 32 bits (else it is kept in 16, frozen)."""
    network.layers.requires_grad_(True)
    if fit.tune_embeddings and hasattr(network, "embeddings"):
        network.embeddings.to(torch.float32).requires_grad_(True)
    return PLAIN


METHOD = full
