"""Upper layers only: what the lower ones give is computed once and kept.

Source: Howard & Ruder 2018, "Universal Language Model Fine-tuning for Text Classification" (upper layers first).
"""

from __future__ import annotations

from typing import Any

from bedside.config import FitRecipe
from bedside.errors import UsageError
from bedside.lang import tr
from bedside.train.adapt._base import Adaptation


def partial(network: Any, fit: FitRecipe) -> Adaptation:
    """The upper `layers` of the stack (a third unless said)."""
    below = len(network.layers) - tuned_layers(fit, len(network.layers))
    network.layers[below:].requires_grad_(True)
    return Adaptation(start=below)


def tuned_layers(fit: FitRecipe, layers: int) -> int:
    """How many of a stack's `layers` learn; raises UsageError when partial leaves none as it is."""
    if fit.adapt == "frozen":
        return 0
    if fit.adapt != "partial":
        return layers
    tuned = fit.layers or max(1, layers // 3)
    if tuned >= layers:
        raise UsageError(
            tr("partial tunes fewer layers than there are", "partial 调整的层数须少于总层数"),
            value=f"layers = {tuned}",
            allowed=f"1..{layers - 1}",
            next="--adapt full",
        )
    return tuned


METHOD = partial
