"""The loss of a fit: how much each label weighs by how rare it is in the training rows, and the loss's own settings."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from bedside.config import FitRecipe
from bedside.heads._objective import Objective, class_weights
from bedside.heads._tags import NOT_JUDGED
from bedside.model.forms import Targets
from bedside.train.data import Parts

FOCAL_GAMMA = 2.0
"""The exponent Lin et al. 2017 found best."""


def objective_for(settings: FitRecipe, parts: Parts, targets: Targets, device: torch.device) -> Objective:
    """The objective that a recipe and its training rows call for."""
    weights = None
    if settings.class_weight > 0 and parts.form.weighted:
        counts = parts.counts() if isinstance(targets, np.ndarray) else _outputs_wanted(targets)
        if parts.head == "multilabel":  # each label against its own absence
            negatives = torch.tensor([len(parts.train) - count for count in counts])
            weights = (negatives.clamp(min=1) / torch.tensor(counts).clamp(min=1)) ** settings.class_weight
        else:
            weights = class_weights(counts, settings.class_weight)
        weights = weights.to(device)
    focal = FOCAL_GAMMA if settings.loss == "focal" else 0.0
    return Objective(weights, focal, settings.label_smoothing, settings.temperature)


def _outputs_wanted(targets: list[NDArray[np.int64]]) -> list[int]:
    """How often each output of a head that judges tokens is the right one."""
    wanted = np.concatenate(targets)
    counts: list[int] = np.bincount(wanted[wanted != NOT_JUDGED]).tolist()
    return counts
