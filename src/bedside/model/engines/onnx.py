"""The compressed engine: an ONNX graph run by ONNX Runtime, without torch. Made by `bedside compress`.

Each call runs on the thread that makes it, with no threads of its own: several threads may call at once and share one
copy of the weights, so a server with two cores answers two texts side by side instead of halving one between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from tokenizers import Tokenizer

from bedside.model.apart import Shelf
from bedside.model.engine import Ids, Outputs
from bedside.model.engines._graphs import logits_by, open_graph, save_graph

GRAPH = "model.onnx"


class OnnxEngine:
    """Holds the graph, and the tokenizer the model was fitted with."""

    def __init__(self, graph: bytes, tokenizer: Tokenizer, *, pad_id: int) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.tokenizer, self._graph, self._pad_id = tokenizer, graph, pad_id
        self._session = ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def logits(self, ids: Sequence[Ids]) -> Outputs:
        """Logits in the order given; a text's answer does not depend on its neighbours."""
        return logits_by(self._run, ids, self._pad_id)

    def save(self, folder: Path) -> None:
        """Write the graph and the tokenizer into a model folder."""
        save_graph(folder, GRAPH, self._graph, self.tokenizer)

    def _run(self, ids: NDArray[np.int64], mask: NDArray[np.float32]) -> NDArray[np.float32]:
        (logits,) = self._session.run(None, {"ids": ids, "mask": mask})
        return np.asarray(logits)


def open_folder(folder: Path, settings: dict[str, Any], shelf: Shelf) -> OnnxEngine:
    """Read the folder, without any shelf; ModelError where this machine computes something else."""
    engine: OnnxEngine = open_graph(folder, settings, GRAPH, OnnxEngine)
    return engine
