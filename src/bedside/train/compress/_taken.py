"""Copies of a model's network that parts can be taken from, and how much each layer or head matters to its answers."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from bedside.model.engines.torch import TorchEngine, pad
from bedside.train.batches import make_batches

if TYPE_CHECKING:
    from bedside.model.folder import Model

BATCH_TOKENS = 2048
Gate = Callable[[Any, Any, Tensor, Tensor], Tensor]
"""`gate(module, inputs, output, factors)`: the output as if the part counted so much; factors of 1 change nothing."""


def with_network(model: Model, network: Any, head: Any, **settings: Any) -> Model:
    """The model on a network of its own: no backbone is shared or found elsewhere any more."""
    kept = {key: value for key, value in model.settings.get("backbone", {}).items() if key in ("name", "licence")}
    tokenizer = settings.pop("tokenizer", model.tokenizer)
    told = {**model.settings, **({"backbone": kept} if kept else {}), **settings}
    recipe = model.recipe
    if "fit" in recipe:
        recipe = {**recipe, "fit": {**recipe["fit"], "merge": True}}
    engine = TorchEngine(network, head, tokenizer, told["pad_id"])
    return dataclasses.replace(model, engine=engine, settings=told, recipe=recipe)


def copied(model: Model) -> tuple[Any, Any]:
    """Network and head, free to be changed."""
    return copy.deepcopy(model.network), copy.deepcopy(model.head_module)


def importance(
    model: Model, parts: Sequence[nn.Module], gate: Gate, sizes: tuple[int, ...], ids: Sequence[Sequence[int]]
) -> Tensor:
    """How much each part moves the answers [parts, *sizes]: first-order Taylor of the logits' energy in its gate.

    Summed over texts, the sign of each text's change left aside. Source: Michel et al. 2019, "Are Sixteen Heads Really
    Better than One?"; Molchanov et al. 2019, "Importance Estimation for Neural Network Pruning".
    """
    found = torch.zeros(len(parts), *sizes)
    for rows in make_batches([len(one) for one in ids], tokens=BATCH_TOKENS, rows=32):
        table, mask = pad([ids[row] for row in rows], model.settings["pad_id"])
        factors = [torch.ones(len(rows), *sizes, requires_grad=True) for _ in parts]
        with _gated(parts, gate, factors):
            logits = model.head_module(model.network(table, mask), mask)
        if logits.dim() == 3:
            logits = logits * mask[..., None]
        slopes = torch.autograd.grad(logits.square().sum() / 2, factors)
        found += torch.stack([slope.abs().sum(0) for slope in slopes])
    return found


@contextmanager
def _gated(parts: Sequence[nn.Module], gate: Gate, factors: Sequence[Tensor]) -> Iterator[None]:
    def hook(factor: Tensor) -> Callable[..., Tensor]:
        return lambda module, inputs, output: gate(module, inputs, output, factor)

    hooks = [part.register_forward_hook(hook(factor)) for part, factor in zip(parts, factors, strict=True)]
    try:
        yield
    finally:
        for one in hooks:
            one.remove()
