"""Decides which weights of a backbone are tuned: all but the word table, none, upper layers, low-rank corrections."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from bedside.config import FitRecipe
from bedside.errors import UsageError
from bedside.lang import tr
from bedside.train.lora import add_lora, merge_lora


def adapt(network: Any, fit: FitRecipe) -> int:
    """Mark the weights to tune; returns how many of the lowest layers stay as they are (their output can be kept)."""
    network.requires_grad_(False)
    set_dropout(network, fit.dropout)
    stack = network.layers
    tuned = tuned_layers(fit, len(stack))
    if fit.adapt == "frozen":
        return len(stack)
    if fit.adapt == "lora":
        add_lora(stack, rank=fit.lora_rank, dropout=fit.dropout)
        return 0
    for layer in stack[len(stack) - tuned :]:
        layer.requires_grad_(True)
    _word_table(network, fit)
    return len(stack) - tuned


def refuse_untrained(fit: FitRecipe) -> None:
    """Raise UsageError when weights that nobody trained are to be left as they are."""
    if fit.adapt != "full":
        raise UsageError(
            tr("nothing in this backbone is pretrained: all of it must learn", "该骨干未经预训练，须全部参与训练"),
            value=f"adapt = {fit.adapt}",
            allowed=["full"],
            next="--adapt full",
        )


def finish(network: Any) -> None:
    """Leave a plain encoder behind: corrections merged."""
    merge_lora(network)


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


def _word_table(network: Any, fit: FitRecipe) -> None:
    """Tune the table in 32 bits, or keep it as it is in 16: most of a multilingual network is this table."""
    if fit.tune_embeddings:
        if fit.adapt != "full":
            raise UsageError(
                tr("tune_embeddings goes with full", "tune_embeddings 须与 full 同用"), next="--adapt full"
            )
        if hasattr(network, "embeddings"):
            network.embeddings.to(torch.float32).requires_grad_(True)


def halve_word_table(network: Any) -> None:
    """Keep a frozen word table in 16 bits, from the start of fitting: what is fitted is then exactly what is saved."""
    table = getattr(getattr(network, "embeddings", None), "word_embeddings", None)
    if isinstance(table, nn.Embedding) and not table.weight.requires_grad:
        table.to(torch.float16)


def set_dropout(network: Any, rate: float) -> None:
    """The same share of values dropped everywhere in the network while it learns."""
    for module in network.modules():
        if isinstance(module, nn.Dropout):
            module.p = rate
        if isinstance(getattr(module, "drop", None), float):
            module.drop = rate
