"""An ONNX graph run by OpenVINO: the fastest 8-bit engine on Intel processors, without torch (extra `openvino`).

The folder holds the graph, not OpenVINO's own form of it: what was compressed on one machine is compiled for the one it
is opened on. Products that are not in 8 bits stay in float32, where OpenVINO would choose 16 bits on processors that
have them: a model's answers shall not change with the machine.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from bedside.errors import MissingExtra
from bedside.model.apart import Shelf
from bedside.model.engine import Ids, Outputs
from bedside.model.engines._graphs import logits_by, open_graph, save_graph

GRAPH = "openvino.onnx"
PLAIN = {
    "PERFORMANCE_HINT": "LATENCY",
    "INFERENCE_NUM_THREADS": 1,
    "INFERENCE_PRECISION_HINT": "f32",
}
"""One thread a call, as in `onnx.py`: whoever serves decides how many calls run side by side."""


class OpenVinoEngine:
    """Holds the compiled graph, and a request for each thread that asks."""

    def __init__(self, graph: bytes, tokenizer: Tokenizer, *, pad_id: int) -> None:
        openvino = _library()
        self.tokenizer, self._graph, self._pad_id = tokenizer, graph, pad_id
        core = openvino.Core()
        self._compiled = core.compile_model(core.read_model(model=graph), "CPU", PLAIN)
        self._own = threading.local()

    def logits(self, ids: Sequence[Ids]) -> Outputs:
        """Logits in the order given; a text's answer does not depend on its neighbours."""
        return logits_by(self._run, ids, self._pad_id)

    def save(self, folder: Path) -> None:
        """Write the graph and the tokenizer into a model folder."""
        save_graph(folder, GRAPH, self._graph, self.tokenizer)

    def _run(self, ids: NDArray[np.int64], mask: NDArray[np.float32]) -> NDArray[np.float32]:
        if not hasattr(self._own, "request"):
            self._own.request = self._compiled.create_infer_request()
        found = self._own.request.infer({"ids": ids, "mask": mask})
        return np.array(found[self._compiled.output(0)])


def open_folder(folder: Path, settings: dict[str, Any], shelf: Shelf) -> OpenVinoEngine:
    """Read the folder, without any shelf; MissingExtra without OpenVINO, ModelError where this machine differs."""
    engine: OpenVinoEngine = open_graph(folder, settings, GRAPH, OpenVinoEngine)
    return engine


def _library() -> Any:
    """OpenVINO without the package that tells its makers of each import, which it can do without."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    try:
        import openvino
    except ImportError:
        raise MissingExtra("openvino", "openvino") from None
    return openvino
