"""The space searched when none is given: around what `fit` chooses for the data, wider where rows are few."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from bedside import registry
from bedside.config import FitRecipe, Space
from bedside.config.choices import OWN_SETTINGS
from bedside.train.defaults import AVERAGED, LORA_FACTOR, MANY, MOVED

FEW, SOME = 2_000, 10_000
"""Rows below which other backbones and ways of adapting are tried; below which dropout and smoothing are."""

AROUND = 4.0
"""The learning rate is searched from a fourth of the one chosen to four times it."""

UNSMOOTHED = ("nested", "ordinal", "continuous", "survive", "cox", "rank", "answer")
"""Heads whose loss has no label smoothing: `nested` refuses it, the others would not heed it."""


def default_space(
    fit: FitRecipe, given: Collection[str], *, rows: int, weighted: bool, pretrained: bool = True
) -> Space:
    """The space for so many training rows. `fit` is the recipe as resolved; what the user gave is left alone.

    >>> space = default_space(FitRecipe(learning_rate=1e-4, epochs=8), ["epochs"], rows=500, weighted=True)
    >>> "epochs" in space.to_dict(), space.to_dict()["lora"]["lora_rank"]
    (False, [8, 16, 32])
    """
    epochs = fit.epochs or MANY
    space: dict[str, Any] = {
        "learning_rate": _around(fit.learning_rate or 1e-4),
        "head_learning_rate": {"low": 3e-4, "high": 1e-2, "log": True},
        "batch_tokens": [512, 1024, 2048],
        "epochs": {"low": max(1, epochs // 2), "high": max(MANY, epochs * 3 // 2)},
    }
    if fit.head == "classify" and fit.adapt in OWN_SETTINGS["token_dropout"]:
        space["token_dropout"] = [0.0, 0.15]
        space["average"] = [0.0, AVERAGED]
        space["adversarial"] = [0.0, MOVED]
    if rows < SOME:
        space["dropout"] = [0.0, 0.1, 0.2]
        if fit.head not in UNSMOOTHED:
            space["label_smoothing"] = [0.0, 0.05, 0.1]
        if weighted:
            space["class_weight"] = {"low": 0.0, "high": 1.0}
    if rows < FEW and pretrained and fit.adapt == "full":
        space["adapt"] = ["full", "lora"]
    if rows < FEW and fit.backbone == "minilm" and registry.load("backbones", "e5").installed():
        space["backbone"] = ["minilm", "e5"]
    space = {name: value for name, value in space.items() if name not in given}
    if "adapt" in space:
        own: dict[str, Any] = {"lora_rank": [8, 16, 32]}
        if "learning_rate" in space:
            own["learning_rate"] = _around(LORA_FACTOR * (fit.learning_rate or 1e-4))
        space["lora"] = {name: value for name, value in own.items() if name not in given}
    return Space.from_dict({name: value for name, value in space.items() if value})


def _around(rate: float) -> dict[str, Any]:
    return {"low": _rounded(rate / AROUND), "high": min(0.5, _rounded(rate * AROUND)), "log": True}


def _rounded(value: float) -> float:
    return float(f"{value:.2g}")
