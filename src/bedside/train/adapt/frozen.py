"""A frozen backbone: only the head learns, on each text's vector, which is computed once.

Source: Peters et al. 2019, "To Tune or Not to Tune? Adapting Pretrained Representations to Diverse Tasks".
"""

from __future__ import annotations

from typing import Any

from bedside.config import FitRecipe
from bedside.train.adapt._base import Adaptation


def frozen(network: Any, fit: FitRecipe) -> Adaptation:
    """No weight of the network."""
    return Adaptation(start=len(network.layers))


METHOD = frozen
