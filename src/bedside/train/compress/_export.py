"""Writes network and head as one ONNX graph, and finds the ranges of its activations over calibration texts."""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Sequence
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, Any

import numpy as np

from bedside.errors import MissingExtra, UsageError
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.model.folder import Model
    from bedside.train.int8 import Ranges

EXAMPLE_SHAPE = (2, 16)


def export(model: Model) -> Any:
    """The network and head as one ONNX graph: `ids` and `mask` [b, t] in, `logits` [b, labels] out, b and t free."""
    _refuse(model)
    try:
        import onnx
        import onnxscript  # noqa: F401  (torch needs it to export)
    except ImportError:
        raise MissingExtra("onnx", "compress") from None
    import torch

    example = (torch.ones(EXAMPLE_SHAPE, dtype=torch.int64), torch.ones(EXAMPLE_SHAPE))
    free = {0: torch.export.Dim("b"), 1: torch.export.Dim("t", max=int(model.settings["max_tokens"]))}
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with torch.inference_mode(), warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            _traceable(model),
            example,
            input_names=["ids", "mask"],
            output_names=["logits"],
            dynamic_shapes={"ids": free, "mask": free},
            dynamo=True,
            verbose=False,
        )
    assert program is not None
    exported: onnx.ModelProto = program.model_proto
    return exported


def _refuse(model: Model) -> None:
    if model.settings.get("engine") != "torch" or not model.network.compressible:
        raise UsageError(
            tr("a network of this kind cannot be compressed", "此类网络无法压缩"),
            value=model.settings["backbone"]["name"],
            next=tr(
                "serve it as it is, or fit one of: bedside backbones", "请直接使用，或改用其他骨干：bedside backbones"
            ),
        )


def _traceable(model: Model) -> Any:
    """Network and head as one module without a branch on the mask, which an exporter cannot follow."""
    from torch import Tensor, nn

    class Whole(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network, self.head = model.network, model.head_module

        def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
            hidden, keep = self.network.embed(ids), mask.bool()[:, None, None, :]
            for layer in self.network.layers:
                hidden = layer(hidden, keep)
            return self.head(hidden, mask)

    return Whole().eval()


def ranges_over(exported: Any, ids: Sequence[Sequence[int]]) -> Ranges:
    """Smallest and largest value of each activation's channels over the calibration texts, one by one: no padding."""
    import onnxruntime as ort

    from bedside.train.int8 import watch, widen

    session = ort.InferenceSession(watch(exported).SerializeToString(), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    ranges: Ranges = {}
    for one in ids:
        table = np.array([one], np.int64)
        values = session.run(None, {"ids": table, "mask": np.ones(table.shape, np.float32)})
        ranges = widen(ranges, zip(names, values, strict=True))
    return ranges
