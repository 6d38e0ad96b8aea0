"""8-bit weights and activations on OpenVINO, the same rounding as `int8`; `openvino=32` rounds nothing."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from bedside.errors import UsageError
from bedside.lang import tr
from bedside.train.compress._base import Way, Work, probe_of
from bedside.train.compress._export import export, ranges_over

if TYPE_CHECKING:
    from bedside.model.folder import Model

BITS = (8, 32)


def on_openvino(model: Model, work: Work, number: int | None) -> Model:
    """The model on the OpenVINO engine, in `number` bits (8 unless said)."""
    from bedside.model.engines.openvino import OpenVinoEngine
    from bedside.train.int8 import quantize

    bits = number or BITS[0]
    if bits not in BITS:
        raise UsageError(tr("no such number of bits", "不支持该位数"), value=f"openvino={bits}", allowed="8, 32")
    exported, ids = export(model), work.some(model)
    if bits == BITS[0]:
        exported = quantize(exported, ranges_over(exported, ids), portable=True)
    engine = OpenVinoEngine(exported.SerializeToString(), model.tokenizer, pad_id=model.settings["pad_id"])
    settings = {**model.settings, "engine": "openvino", "probe": probe_of(engine, ids)}
    return dataclasses.replace(model, engine=engine, settings=settings)


WAY = Way(
    on_openvino,
    (
        "OpenVINO; 8-bit weights and activations unless 32 bits were asked for.",
        "OpenVINO；除非指定 32 位，否则为 8 位整数。",
    ),
    number=("bits: 8 or 32", "位数：8 或 32"),
    last=True,
)
