"""What engines that run one whole graph share: padding runs of like length, the probe, and opening a folder.

A graph takes `ids` and `mask` [b, t] and gives logits. ONNX Runtime and OpenVINO differ only in how they run it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from bedside.errors import BedsideError, ModelError
from bedside.lang import tr
from bedside.model.engine import Engine, Ids, Outputs, in_order

PROBE_TOLERANCE = 0.02
"""Largest difference of a logit, relative to the probe's spread, that rounding on another processor explains."""
RUN_TOKENS = 256
"""Padded tokens a run. Measured: short notes gain a third by sharing a run, long ones lose a fifth by it."""
LEAST_FULL = 0.8
"""A text shorter than this share of its run's longest starts a run of its own."""

Run = Callable[[NDArray[np.int64], NDArray[np.float32]], NDArray[np.float32]]
"""Ids and mask [b, t] to logits."""


def logits_by(run: Run, ids: Sequence[Ids], pad_id: int) -> Outputs:
    """Logits in the order given, texts of like length side by side."""

    def padded(group: Sequence[int]) -> NDArray[np.float32]:
        table = np.full((len(group), max(len(ids[number]) for number in group)), pad_id, np.int64)
        mask = np.zeros(table.shape, np.float32)
        for row, number in enumerate(group):
            table[row, : len(ids[number])] = ids[number]
            mask[row, : len(ids[number])] = 1
        return run(table, mask)

    lengths = [len(one) for one in ids]
    return in_order(lengths, runs(lengths), padded)


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


class Make(Protocol):
    """How an engine is made of a graph's bytes and a tokenizer."""

    def __call__(self, graph: bytes, tokenizer: Tokenizer, *, pad_id: int) -> Engine:
        """The engine, ready to answer."""
        ...


def open_graph(folder: Path, settings: dict[str, Any], graph: str, make: Make) -> Any:
    """Read what `bedside compress` saved, and prove that this machine computes what it computed."""
    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        engine = make((folder / graph).read_bytes(), tokenizer, pad_id=settings["pad_id"])
        _check_probe(engine, settings["probe"])
    except BedsideError:
        raise
    except Exception as fault:  # onnxruntime, openvino and tokenizers raise classes of their own
        raise ModelError(
            tr("the compressed model cannot be opened", "无法打开压缩模型"),
            where=str(folder),
            value=type(fault).__name__,
        ) from None
    return engine


def save_graph(folder: Path, name: str, graph: bytes, tokenizer: Tokenizer) -> None:
    """Write the graph and the tokenizer into a model folder."""
    (folder / name).write_bytes(graph)
    (folder / "tokenizer.json").write_text(tokenizer.to_str(), encoding="utf-8")


def _check_probe(engine: Engine, probe: dict[str, Any]) -> None:
    """Run the ids saved with the model; a processor that rounds 8-bit products differently is refused."""
    expected = np.concatenate([np.ravel(one) for one in probe["logits"]]).astype(np.float32)
    found = np.concatenate([one.ravel() for one in engine.logits(probe["ids"])])
    spread = float(expected.std()) or 1.0
    if not np.abs(found - expected).max() <= PROBE_TOLERANCE * spread:
        raise ModelError(
            tr("this processor does not reproduce the compressed model", "本机处理器无法复现该压缩模型"),
            next=tr("bedside compress, on this machine", "请在本机重新运行 bedside compress"),
        )
