"""Prefix tuning: learnt keys and values before those of the text in every layer; kept, not merged.

Learnt directly, without Li & Liang's second network that makes them: Liu et al. found no need of it to classify.

Sources: Li & Liang 2021, "Prefix-Tuning: Optimizing Continuous Prompts for Generation"; Liu et al. 2022,
"P-Tuning v2: Prompt Tuning Can Be Comparable to Fine-tuning Universally Across Scales and Tasks".
"""

from __future__ import annotations

from typing import Any

from torch import nn

from bedside.backbones._added import add
from bedside.config import FitRecipe
from bedside.train.adapt._base import PLAIN, Adaptation, needs_our_encoder

START = 0.02
"""Standard deviation of the first keys and values: that of BERT's own weights."""


def prefix(network: Any, fit: FitRecipe) -> Adaptation:
    """`prompt_length` keys and as many values a layer."""
    needs_our_encoder(network, "prefix")
    added = add(network, "prefix", length=fit.prompt_length, hidden_size=network.config.hidden_size)
    for value in added.parameters():
        nn.init.normal_(value, std=START)
    return PLAIN


METHOD = prefix
