"""The compressed engine: an 8-bit ONNX graph run by ONNX Runtime, without torch. Made by `bedside compress`.

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

from bedside.errors import ModelError
from bedside.lang import tr
from bedside.model.apart import Shelf
from bedside.model.engine import Ids, Outputs, in_order

GRAPH = "model.onnx"
PROBE_TOLERANCE = 0.02
"""Largest difference of a logit, relative to the probe's spread, that rounding on another processor explains."""
RUN_TOKENS = 256
"""Padded tokens a run. Measured: short notes gain a third by sharing a run, long ones lose a fifth by it."""
LEAST_FULL = 0.8
"""A text shorter than this share of its run's longest starts a run of its own."""


class OnnxEngine:
    """Holds the graph, and the tokenizer the model was fitted with."""

    def __init__(self, graph: bytes, tokenizer: Tokenizer, *, pad_id: int, probe: dict[str, Any]) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.tokenizer, self._graph, self._pad_id, self._probe = tokenizer, graph, pad_id, probe
        self._session = ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def logits(self, ids: Sequence[Ids]) -> Outputs:
        """Logits in the order given; a text's answer does not depend on its neighbours."""
        lengths = [len(one) for one in ids]
        return in_order(lengths, runs(lengths), lambda group: self._run([ids[number] for number in group]))

    def save(self, folder: Path) -> None:
        """Write the graph and the tokenizer into a model folder."""
        (folder / GRAPH).write_bytes(self._graph)
        (folder / "tokenizer.json").write_text(self.tokenizer.to_str(), encoding="utf-8")

    def check_probe(self) -> None:
        """Run the ids saved with the model; a processor that rounds 8-bit products differently is refused."""
        expected = np.concatenate([np.ravel(one) for one in self._probe["logits"]]).astype(np.float32)
        found = np.concatenate([one.ravel() for one in self.logits(self._probe["ids"])])
        spread = float(expected.std()) or 1.0
        if not np.abs(found - expected).max() <= PROBE_TOLERANCE * spread:
            raise ModelError(
                tr("this processor does not reproduce the compressed model", "本机处理器无法复现该压缩模型"),
                next=tr("bedside compress, on this machine", "请在本机重新运行 bedside compress"),
            )

    def _run(self, ids: list[Ids]) -> NDArray[np.float32]:
        table = np.full((len(ids), max(map(len, ids))), self._pad_id, np.int64)
        mask = np.zeros(table.shape, np.float32)
        for row, one in enumerate(ids):
            table[row, : len(one)] = one
            mask[row, : len(one)] = 1
        (logits,) = self._session.run(None, {"ids": table, "mask": mask})
        return np.asarray(logits)


def runs(lengths: Sequence[int]) -> list[list[int]]:
    """Text numbers in runs of like length, longest first.

    >>> runs([10, 100, 90])
    [[1, 2], [0]]
    """
    found: list[list[int]] = []
    for number in sorted(range(len(lengths)), key=lambda n: -lengths[n]):
        longest = lengths[found[-1][0]] if found else 0
        fits = found and (len(found[-1]) + 1) * longest <= RUN_TOKENS and lengths[number] >= LEAST_FULL * longest
        if fits:
            found[-1].append(number)
        else:
            found.append([number])
    return found


def open_folder(folder: Path, settings: dict[str, Any], shelf: Shelf) -> OnnxEngine:
    """Read what `bedside compress` saved, and prove that this machine computes what it computed; no shelf is needed."""
    try:
        graph = (folder / GRAPH).read_bytes()
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        engine = OnnxEngine(graph, tokenizer, pad_id=settings["pad_id"], probe=settings["probe"])
        engine.check_probe()
    except ModelError:
        raise
    except Exception as fault:  # onnxruntime and tokenizers raise classes of their own
        raise ModelError(
            tr("the compressed model cannot be opened", "无法打开压缩模型"),
            where=str(folder),
            value=type(fault).__name__,
        ) from None
    return engine
