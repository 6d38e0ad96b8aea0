"""Vectors of all names of findings by an embedded encoder: made once a release, half precision, mapped from disk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bedside.files import cached_folder
from bedside.home import place
from bedside.knowledge.hpo import Hpo

if TYPE_CHECKING:
    from bedside.backbones._base import Backbone

Floats = NDArray[np.float32]
Bar = Callable[[str, float | None], AbstractContextManager[Any]]
VERSION = 1
TOGETHER, TOKENS = 128, 32
BLOCK = 8192
"""Names compared in one go, so that half precision is widened a piece at a time."""


@contextmanager
def no_bar(title: str, total: float | None = None) -> Iterator[Callable[[float], None]]:
    """A progress bar that is not shown."""
    yield lambda amount: None


class Encoder:
    """Short texts to vectors of length 1, by a registered encoder; it is loaded when the first is asked for."""

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def _backbone(self) -> Backbone:
        from bedside.backbones._load import load_backbone

        return load_backbone(self.name)

    def vectors(self, texts: Sequence[str], advance: Callable[[float], None] = lambda amount: None) -> Floats:
        """[n, h], in the order of the texts; `advance` counts them as they are done."""
        import torch

        backbone = self._backbone
        encoded = backbone.tokenizer.encode_batch([backbone.prefix + text for text in texts])
        ids = [_cut(one.ids) for one in encoded]
        order = sorted(range(len(ids)), key=lambda place: len(ids[place]))
        made = np.zeros((len(ids), backbone.hidden_size), np.float32)
        with torch.inference_mode():
            for at in range(0, len(order), TOGETHER):
                some = order[at : at + TOGETHER]
                width = max(len(ids[place]) for place in some)
                padded = torch.full((len(some), width), backbone.pad_id)
                mask = torch.zeros((len(some), width))
                for row, one in enumerate(some):
                    padded[row, : len(ids[one])] = torch.tensor(ids[one])
                    mask[row, : len(ids[one])] = 1
                hidden = backbone.network.run(backbone.network.embed(padded), mask)
                mean = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
                made[some] = torch.nn.functional.normalize(mean, dim=1).numpy()
                advance(len(some))
        return made


def _cut(ids: list[int]) -> list[int]:
    """At most so many tokens, the mark at the end kept."""
    return ids if len(ids) <= TOKENS else [*ids[: TOKENS - 1], ids[-1]]


@dataclass(frozen=True)
class NameVectors:
    """Names with their terms and vectors [n, h]."""

    names: list[str]
    terms: NDArray[np.int32]
    table: NDArray[np.float16]

    def likeness(self, vectors: Floats) -> Floats:
        """The cosine of each vector [m, h] and each name: [m, n]."""
        parts = [
            vectors @ np.asarray(self.table[at : at + BLOCK], np.float32).T for at in range(0, len(self.table), BLOCK)
        ]
        return np.concatenate(parts, axis=1)


def name_vectors(hpo: Hpo, encoder: Encoder, names: Sequence[tuple[int, str]], bar: Bar = no_bar) -> NameVectors:
    """The vectors of (term, name) pairs, from the cache of the release's index or made now, with a bar of progress."""
    about = json.dumps([VERSION, hpo.key, encoder.name, list(names)], ensure_ascii=False)
    digest = hashlib.sha256(about.encode()).hexdigest()[:16]
    folder = place("cache", "hpo") / f"{hpo.key}-{encoder.name}-{digest}"

    def make(fresh: Path) -> None:
        from bedside.lang import tr

        title = tr("names to vectors (once for a release)", "名称向量化（每个版本一次）")
        with bar(title, len(names)) as advance:
            made = encoder.vectors([name for _, name in names], advance)
        np.save(fresh / "vectors.npy", made.astype(np.float16))

    cached_folder(folder, make)
    table = np.load(folder / "vectors.npy", mmap_mode="r")
    return NameVectors([name for _, name in names], np.array([term for term, _ in names], np.int32), table)
