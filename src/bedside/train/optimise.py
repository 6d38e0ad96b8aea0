"""The optimiser, its parameter groups, and the learning rate over the steps."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import nn

from bedside.config import Learning

Named = dict[str, nn.Parameter]


def tuned_parameters(network: Any, head: nn.Module) -> Named:
    """The parameters that learn, by name, in a fixed order."""
    parts = {"network": network, "head": head}
    return {
        f"{part}.{name}": value
        for part, module in parts.items()
        for name, value in module.named_parameters()
        if value.requires_grad
    }


def make_optimizer(network: Any, parameters: Named, fit: Learning) -> torch.optim.Optimizer:
    """AdamW (fused: several times the speed on a CPU) or SGD; biases, layer norms and factors do not decay."""
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    depth = _depths(network)
    for name, value in parameters.items():
        rate = fit.head_learning_rate if name.startswith("head.") else _rate(fit, depth.get(id(value), 0), network)
        decay = fit.weight_decay if value.ndim > 1 and "ia3_l" not in name else 0.0
        groups.setdefault((rate, decay), []).append(value)
    settings: list[dict[str, Any]] = [
        {"params": members, "lr": rate, "base": rate, "weight_decay": decay}
        for (rate, decay), members in groups.items()
    ]
    if fit.optimizer == "sgd":
        return torch.optim.SGD(settings, lr=0.0, momentum=0.9)
    return torch.optim.AdamW(settings, lr=0.0, fused=next(iter(parameters.values())).device.type in ("cpu", "cuda"))


def rate_factor(step: int, steps: int, fit: Learning) -> float:
    """The share of the learning rate in force at `step` (from 0) of `steps`: up in the warm-up, then by schedule."""
    warm = fit.warmup * steps
    if step < warm:
        return (step + 1) / (warm + 1)
    if fit.schedule == "constant":
        return 1.0
    done = (step - warm) / max(1.0, steps - warm)
    return max(0.0, 1 - done) if fit.schedule == "linear" else 0.5 * (1 + math.cos(math.pi * min(1.0, done)))


def set_rate(optimizer: torch.optim.Optimizer, factor: float) -> None:
    """Scale each group's own rate."""
    for group in optimizer.param_groups:
        group["lr"] = group["base"] * factor


def _depths(network: Any) -> dict[int, int]:
    """How far above the word table each parameter lies: 0 for the embeddings, then the layer's number from 1."""
    return {id(value): number for number, layer in enumerate(network.layers, 1) for value in layer.parameters()}


def _rate(fit: Learning, depth: int, network: Any) -> float:
    below_top = len(network.layers) - depth
    return float(fit.learning_rate or 0.0) * fit.layer_decay**below_top
