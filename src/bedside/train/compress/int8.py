"""8-bit weights and activations on ONNX Runtime, ranges taken from training texts (static quantisation)."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from bedside.train.compress._base import Way, Work, probe_of
from bedside.train.compress._export import export, ranges_over

if TYPE_CHECKING:
    from bedside.model.folder import Model


def in_int8(model: Model, work: Work, number: int | None) -> Model:
    """The model on the ONNX engine, in 8 bits."""
    from bedside.model.engines.onnx import OnnxEngine
    from bedside.train.int8 import quantize

    exported, ids = export(model), work.some(model)
    graph = quantize(exported, ranges_over(exported, ids)).SerializeToString()
    engine = OnnxEngine(graph, model.tokenizer, pad_id=model.settings["pad_id"])
    settings = {**model.settings, "engine": "onnx", "probe": probe_of(engine, ids)}
    return dataclasses.replace(model, engine=engine, settings=settings)


WAY = Way(
    in_int8, ("8-bit weights and activations (ONNX Runtime).", "权重与激活为 8 位整数（ONNX Runtime）。"), last=True
)
