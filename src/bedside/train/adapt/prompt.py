"""Prompt tuning: learnt vectors before the text, as if it had words that no vocabulary has; kept, not merged.

They begin as the vectors of pieces drawn from the vocabulary, and take no room from the text.

Source: Lester et al. 2021, "The Power of Scale for Parameter-Efficient Prompt Tuning".
"""

from __future__ import annotations

from typing import Any

import torch

from bedside.backbones._added import add
from bedside.config import FitRecipe
from bedside.train.adapt._base import PLAIN, Adaptation, needs_our_encoder


def prompt(network: Any, fit: FitRecipe) -> Adaptation:
    """`prompt_length` vectors."""
    needs_our_encoder(network, "prompt")
    size = network.config.hidden_size
    added = add(network, "prompt", length=fit.prompt_length, hidden_size=size)
    drawn = torch.randint(network.config.vocab_size, (1, fit.prompt_length))
    with torch.no_grad():
        added.vectors.copy_(network.eval().embed(drawn)[0])
    return PLAIN


METHOD = prompt
