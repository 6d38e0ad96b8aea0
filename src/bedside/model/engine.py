"""Runs a model over token ids: what an engine is, the order texts are run in, and the one a folder names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from bedside.errors import ModelError
from bedside.lang import tr
from bedside.registry import files_in

Ids = Sequence[int]
RUN_TOKENS = 4096
"""Padded tokens a run: enough to keep two cores busy, little enough for the caches."""


COMPRESSED = frozenset({"onnx", "openvino", "ctranslate2", "gguf"})
"""Engines that `bedside compress` makes: no gradients, so nothing further can be learnt."""

Outputs = NDArray[np.float32] | list[NDArray[np.float32]]
"""Logits [n, labels]; or, of a head that judges tokens, one [tokens, k] for each of n."""


class Engine(Protocol):
    """Token ids (any lengths) to logits as float32, in the same order; and its own files in a folder."""

    @property
    def tokenizer(self) -> Any:
        """The `tokenizers.Tokenizer` it was fitted with."""
        ...

    def save(self, folder: Path) -> None:
        """Write the engine's own files into an existing folder."""
        ...

    def logits(self, ids: Sequence[Ids]) -> Outputs:
        """Logits of each text or piece of one."""
        ...


@runtime_checkable
class Seeing(Protocol):
    """An engine that also gives what it made of a text as a whole."""

    def logits_and_vectors(self, ids: Sequence[Ids], hidden_size: int) -> tuple[Outputs, NDArray[np.float32]]:
        """Logits, and a vector a text [n, h], in one pass."""
        ...


def engine_module(folder: Path, settings: dict[str, Any]) -> Any:
    """The file of the engine that `model.json` names, `model/engines/<name>.py`; its `open_folder` opens a folder."""
    name = str(settings.get("engine", ""))
    known = files_in(Path(__file__).parent / "engines")
    if name not in known:
        raise ModelError(tr("an engine unknown here", "未知的引擎"), where=str(folder), value=name, allowed=known)
    return import_module(f"bedside.model.engines.{name}")


def in_length_order(ids: Sequence[Ids], run: Callable[[list[Ids]], NDArray[np.float32]]) -> Outputs:
    """Run texts of like length together (little padding), and put the answers back in the order asked."""
    order = sorted(range(len(ids)), key=lambda number: -len(ids[number]))
    groups, at = [], 0
    while at < len(order):
        rows = max(1, RUN_TOKENS // max(1, len(ids[order[at]])))
        groups.append(order[at : at + rows])
        at += rows
    return in_order(list(map(len, ids)), groups, lambda group: run([ids[number] for number in group]))


def in_order(
    lengths: Sequence[int],
    groups: Iterable[Sequence[int]],
    run: Callable[[Sequence[int]], NDArray[np.float32]],
) -> Outputs:
    """Run groups of texts (by number), and put the answers in the order of the texts, without those to padding."""
    rows: list[Any] = [None] * len(lengths)
    for group in groups:
        for number, row in zip(group, run(group), strict=True):
            rows[number] = row if row.ndim == 1 else row[: lengths[number]]
    return np.stack(rows) if rows and rows[0].ndim == 1 else rows
