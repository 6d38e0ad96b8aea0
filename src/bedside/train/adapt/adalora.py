"""AdaLoRA: low-rank corrections that start wide and are pruned where they matter least; merged at the end.

Each correction is `B diag(E) A`. While fitting, every entry of E gets a score (how much the loss hangs on it, smoothed
over the steps), and the lowest are set to zero until the mean rank is the one wanted. Layers and scores are peft's.

Source: Zhang et al. 2023, "AdaLoRA: Adaptive Budget Allocation for Parameter-Efficient Fine-Tuning".
"""

from __future__ import annotations

from functools import partial
from typing import Any

import torch
from torch import Tensor

from bedside.config import FitRecipe
from bedside.train.adapt._base import Adaptation, linear_maps
from bedside.train.adapt._peft import NAME, learnt, merge, peft

ORTHOGONAL = 0.1
"""Weight of the penalty that keeps A and B orthogonal; the paper takes 0.1 for language understanding."""

SCORES = ("ipt", "exp_avg_ipt", "exp_avg_unc")
"""peft's names of what it remembers of each weight: sensitivity, its mean, and the mean of its changes."""


def adalora(network: Any, fit: FitRecipe) -> Adaptation:
    """Corrections of `lora_rank`, pruned to a mean of `final_rank` between `prune_from` and `prune_until`."""
    config = peft().AdaLoraConfig(
        init_r=fit.lora_rank,
        target_r=fit.final_rank or max(1, fit.lora_rank * 2 // 3),
        lora_alpha=2 * fit.lora_rank,
        lora_dropout=fit.dropout,
        deltaT=fit.prune_every,
        total_step=1,  # the number of steps is known, and set, at the first
        target_modules=linear_maps(network),
    )
    tuner = peft().AdaLoraModel(network, config, NAME)
    return Adaptation(finish=partial(merge, network), learnt=learnt, schedule=Pruning(tuner, config, fit))


class Pruning:
    """Prunes by peft's scores as fitting goes on; `tuner` and `config` are peft's."""

    def __init__(self, tuner: Any, config: Any, fit: FitRecipe) -> None:
        self.tuner, self.config, self.fit = tuner, config, fit

    def before_step(self) -> None:
        """Add the gradient of the penalty on rows of A, and columns of B, that are not orthogonal."""
        found = []
        for name, value in self.tuner.model.named_parameters():
            if "lora_A" in name or "lora_B" in name:
                gram = value @ value.T if "lora_A" in name else value.T @ value
                found.append(torch.linalg.norm(gram - torch.eye(len(gram), device=gram.device)))
        torch.autograd.backward(ORTHOGONAL * torch.stack(found).mean())

    def after_step(self, step: int, steps: int) -> None:
        """Bring the scores up to date, and prune when it is time."""
        last = max(1, round(self.fit.prune_until * steps))
        self.config.total_step, self.config.tfinal = steps, steps - last
        self.config.tinit = min(last - 1, round(self.fit.prune_from * steps))
        self.tuner.update_and_allocate(step)

    def state(self) -> dict[str, Tensor]:
        """The scores of every weight, and which entries of E are left."""
        allocator = self.tuner.rankallocator
        kept = {f"{kind}/{name}": value for kind in SCORES for name, value in getattr(allocator, kind).items()}
        left = self.config.rank_pattern or {}
        return kept | {f"left/{name}": torch.tensor(values) for name, values in left.items()}

    def restore(self, state: dict[str, Tensor]) -> None:
        """Take them up again."""
        found: dict[str, dict[str, Tensor]] = {kind: {} for kind in (*SCORES, "left")}
        device = next(self.tuner.model.parameters()).device
        for key, value in state.items():
            kind, _, name = key.partition("/")
            found[kind][name] = value.to(device)
        for kind in SCORES:
            setattr(self.tuner.rankallocator, kind, found[kind])
        self.config.rank_pattern = {name: value.tolist() for name, value in found["left"].items()} or None


METHOD = adalora
