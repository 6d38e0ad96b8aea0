"""What is explained of a time to an event: the logarithm of the hazard gathered by the last time that is told of.

In that scale (complementary log-log) proportional hazards add up: a word that adds 0.7 doubles the hazard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bedside.explain.aim import Array, no_labels
from bedside.lang import tr
from bedside.types import Entity


@dataclass(frozen=True)
class SurvivalAim:
    """The chance of the event by the last time; of relative hazards without a baseline, the risk as it is told."""

    name: str
    cox: bool
    temperature: float
    middle: tuple[float, ...]
    how = "word"
    chance = True

    def figures(self, model: Any, asked: Sequence[Sequence[str]]) -> Array:
        """That chance for each text."""
        found = model.predict([one[0] for one in asked])
        return np.array([1 - one.chances[-1] if one.chances else one.risk for one in found])

    def scale(self, figures: Array) -> Array:
        """log(-log(1 - chance)), the log of the hazard gathered."""
        chances = np.clip(figures, 1e-7, 1 - 1e-7)
        found: Array = np.log(-np.log1p(-chances))
        return found

    def of_outputs(self, logits: Any) -> Any:
        """The same but for a constant."""
        import torch
        import torch.nn.functional as F

        if self.cox:
            return logits[:, 0] / self.temperature
        if self.middle:
            middle = torch.tensor(self.middle, dtype=logits.dtype, device=logits.device)
            logits = middle + (logits - middle) / self.temperature
        return torch.log(F.softplus(logits).sum(1))


def aim_of(model: Any, texts: Sequence[str], label: str | None, entities: Sequence[Entity]) -> SurvivalAim:
    """The chance of the event by the last time of the model's curve."""
    no_labels(label)
    (answer,) = model.predict([texts[0]])
    last = f"{answer.times[-1]:g}" if answer.times else ""
    name = tr(f"event by {last}", f"至 {last} 发生事件") if last else tr("relative risk", "相对风险")
    calibration = model.calibration
    middle = tuple(value for _, value in calibration.baseline or ()) if model.head != "cox" else ()
    return SurvivalAim(name, model.head == "cox", calibration.temperature, middle)
