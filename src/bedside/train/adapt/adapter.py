"""Bottleneck adapters: a small two-layer network after each half of a layer learns, all else stays; kept, not merged.

`adapter_places = "feedforward"` leaves out the one after attention: half the weights for, as Pfeiffer et al. found,
about the same result.

Sources: Houlsby et al. 2019, "Parameter-Efficient Transfer Learning for NLP"; Pfeiffer et al. 2021, "AdapterFusion".
"""

from __future__ import annotations

from typing import Any

from bedside.backbones._added import add
from bedside.backbones._places import places
from bedside.config import FitRecipe
from bedside.train.adapt._base import PLAIN, Adaptation


def adapter(network: Any, fit: FitRecipe) -> Adaptation:
    """A bottleneck of `adapter_size` after attention and after the feed-forward part, before the residual sum."""
    found = places(network, "feedforward_out", method="adapter")
    if fit.adapter_places == "both":
        found = places(network, "attention_out", method="adapter") + found
    add(network, "adapter", size=fit.adapter_size, places=found)
    return PLAIN


METHOD = adapter
