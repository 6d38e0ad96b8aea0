"""The same numbers in float32 on ONNX Runtime: no torch to load, nothing rounded."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from bedside.train.compress._base import Way, Work, probe_of
from bedside.train.compress._export import export

if TYPE_CHECKING:
    from bedside.model.folder import Model


def on_onnx(model: Model, work: Work, number: int | None) -> Model:
    """The model on the ONNX engine."""
    from bedside.model.engines.onnx import OnnxEngine

    engine = OnnxEngine(export(model).SerializeToString(), model.tokenizer, pad_id=model.settings["pad_id"])
    settings = {**model.settings, "engine": "onnx", "probe": probe_of(engine, work.some(model))}
    return dataclasses.replace(model, engine=engine, settings=settings)


WAY = Way(on_onnx, ("ONNX Runtime, float32.", "ONNX Runtime，float32。"), last=True)
