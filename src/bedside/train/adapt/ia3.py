"""IA3: one learnt factor for each key, each value and each inner activation of a layer; merged into the weights.

Source: Liu et al. 2022, "Few-Shot Parameter-Efficient Fine-Tuning is Better and Cheaper than In-Context Learning".
The layers are peft's.
"""

from __future__ import annotations

from typing import Any

from bedside.backbones._places import places
from bedside.config import FitRecipe
from bedside.train.adapt._base import Adaptation
from bedside.train.adapt._peft import peft, put_in


def ia3(network: Any, fit: FitRecipe) -> Adaptation:
    """Factors that begin at 1, so that fitting starts from the base."""
    inner = places(network, "feedforward_out", method="ia3")
    attention = places(network, "key", method="ia3") + places(network, "value", method="ia3")
    return put_in(network, peft().IA3Config(target_modules=attention + inner, feedforward_modules=inner))


METHOD = ia3
