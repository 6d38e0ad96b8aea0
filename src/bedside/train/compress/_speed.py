"""How large and how quick saved models are, side by side: megabytes, cold start, one text at a time, many texts.

One thread each. The models take turns, so that whatever else the machine does falls on all of them alike. The text is
made up: nothing of a patient is handed to another process.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bedside.errors import ModelError
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.model.folder import Model

LENGTHS = (16, 128)
"""Tokens of the one text."""
TURNS = 9
TOGETHER, TOGETHER_TOKENS = 32, 64
"""Texts of one call, and their tokens, where throughput is measured."""
COLD_TURNS = 2
MADE_UP = "Solid nodule in the right upper lobe, 21 mm, lobulated margin. 右上肺实性结节，直径 21 mm，毛刺明显。"
COLD = """
import sys, time
begun = time.perf_counter()
from bedside import open_model
model = open_model(sys.argv[1], backbone=sys.argv[2] or None)
model.engine.logits([model.tokenizer.encode(sys.argv[3]).ids])
print(time.perf_counter() - begun)
"""


@dataclass(frozen=True, kw_only=True)
class Speed:
    """Of one saved model. `p50_ms` by the tokens of the text; `texts_per_second` of 32 texts in one call."""

    megabytes: float
    cold_start_s: float
    p50_ms: dict[int, float]
    texts_per_second: float


def speeds(
    models: Sequence[Model],
    folders: Sequence[Path],
    *,
    backbone: Path | None = None,
    told: Callable[[], None] = lambda: None,
) -> list[Speed]:
    """The speed of each model and of its folder, in order; `told` is called after each turn."""
    cold: list[list[float]] = [[] for _ in models]
    for _ in range(COLD_TURNS):
        for number, folder in enumerate(folders):
            cold[number].append(_cold_start(folder, backbone))
            told()
    return [
        Speed(megabytes=megabytes(folder), cold_start_s=min(start), p50_ms=warm[0], texts_per_second=warm[1])
        for folder, start, warm in zip(folders, cold, _warm(models), strict=True)
    ]


def megabytes(folder: Path) -> float:
    """Size of a folder's files, in millions of bytes."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def _cold_start(folder: Path, backbone: Path | None) -> float:
    """Seconds until a new process has answered its first text, Python's own start not counted."""
    words = [sys.executable, "-c", COLD, str(folder), str(backbone or ""), MADE_UP]
    found = subprocess.run(words, capture_output=True, text=True, check=False)
    if found.returncode:
        raise ModelError(tr("the compressed model does not open in a new process", "压缩模型无法在新进程中打开"))
    return float(found.stdout.split()[-1])


def _warm(models: Sequence[Model]) -> list[tuple[dict[int, float], float]]:
    asked = [[_ids(model, length) for length in LENGTHS] for model in models]
    times: list[dict[int, list[float]]] = [{length: [] for length in LENGTHS} for _ in models]
    many: list[list[float]] = [[] for _ in models]
    with _one_thread():
        for turn in range(TURNS + 1):
            for model, ids, own, together in zip(models, asked, times, many, strict=True):
                taken = [_seconds(model, [one]) for one in ids]
                if turn == 0:  # the first pays for memory and kernels
                    continue
                for length, seconds in zip(LENGTHS, taken, strict=True):
                    own[length].append(seconds)
                if turn <= TURNS // 3:
                    together.append(_seconds(model, [_ids(model, TOGETHER_TOKENS)] * TOGETHER))
    return [
        ({length: 1e3 * statistics.median(each) for length, each in own.items()}, TOGETHER / min(together))
        for own, together in zip(times, many, strict=True)
    ]


def _seconds(model: Model, ids: list[list[int]]) -> float:
    begun = time.perf_counter()
    model.engine.logits(ids)
    return time.perf_counter() - begun


def _ids(model: Model, length: int) -> list[int]:
    """The made-up text as that many tokens, or as many as the model reads."""
    found = model.tokenizer.encode(MADE_UP).ids
    length = min(length, int(model.settings["max_tokens"]))
    return (found * -(-length // len(found)))[:length]


@contextmanager
def _one_thread() -> Iterator[None]:
    torch = sys.modules.get("torch")
    before = torch.get_num_threads() if torch else 1
    try:
        if torch:
            torch.set_num_threads(1)
        yield
    finally:
        if torch:
            torch.set_num_threads(before)
