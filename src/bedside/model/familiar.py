"""How strange a text is to a model: how far its vector lies from those of the texts that were learnt from.

The distance is Mahalanobis' under probabilistic principal components: a few directions with a spread each, and one
spread for all others, so that few texts place it. Only means and directions are kept, no text's own vector: of such a
vector words can be had back. Where a distance begins to be strange is read off the tuning part (`model/doubt.py`).

Sources: Lee et al. 2018, "A Simple Unified Framework for Detecting Out-of-Distribution Samples"; Tipping & Bishop 1999.
Shapes: n texts, h hidden size, d directions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bedside.errors import ModelError
from bedside.lang import tr

NAME = "familiar.safetensors"
DIRECTIONS = 32
TEXTS_A_DIRECTION = 4
"""Fewer texts than this for each direction cannot place it."""

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Familiar:
    """What the vectors of familiar texts are like: `centre` [h], `directions` [d, h] with `spreads` [d], and `rest`."""

    centre: Vectors = field(repr=False)
    directions: Vectors = field(repr=False)
    spreads: Vectors = field(repr=False)
    rest: Vectors = field(repr=False)

    def distance(self, vectors: Vectors) -> NDArray[np.float64]:
        """How far each of [n, h] lies off, in spreads, as a mean over directions [n]; an ordinary text is near 1."""
        off = vectors.astype(np.float64) - self.centre
        along = off @ self.directions.T.astype(np.float64)
        beside = np.maximum((off**2).sum(1) - (along**2).sum(1), 0.0)
        total = (along**2 / self.spreads).sum(1) + beside / float(self.rest[0])
        found: NDArray[np.float64] = np.sqrt(total / len(self.centre))
        return found

    def save(self, folder: Path) -> None:
        """Write `familiar.safetensors`."""
        from safetensors.numpy import save_file

        parts = {"centre": self.centre, "directions": self.directions, "spreads": self.spreads, "rest": self.rest}
        save_file({name: np.ascontiguousarray(part) for name, part in parts.items()}, folder / NAME)


def familiar_with(vectors: Vectors) -> Familiar | None:
    """Learnt from the vectors [n, h] of familiar texts; None from so few that no direction can be placed.

    >>> known = familiar_with(np.random.default_rng(0).normal(size=(200, 8)).astype(np.float32))
    >>> bool(known.distance(np.full((1, 8), 9.0, np.float32))[0] > 5)
    True
    """
    count = min(DIRECTIONS, len(vectors) // TEXTS_A_DIRECTION, vectors.shape[1] - 1)
    if count < 1:
        return None
    centre = vectors.mean(0, dtype=np.float64)
    _, sizes, axes = np.linalg.svd(vectors - centre, full_matrices=False)
    spreads = sizes**2 / (len(vectors) - 1)
    rest = spreads[count:].sum() / (vectors.shape[1] - count)
    least = max(float(spreads[0]) * 1e-6, 1e-12)  # texts that are all alike have no spread to divide by
    parts = (centre, axes[:count], np.maximum(spreads[:count], least), np.array([max(float(rest), least)]))
    return Familiar(*(part.astype(np.float32) for part in parts))


def read_familiar(folder: Path) -> Familiar | None:
    """What `save` wrote, or None where nothing was; raises ModelError for what cannot be so."""
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    if not (folder / NAME).exists():
        return None
    try:
        found = Familiar(**load_file(folder / NAME))
    except (SafetensorError, TypeError, OSError):
        found = None
    if found is None or not _sound(found):
        raise ModelError(
            tr("what the model knows texts by cannot be used", "模型的文本熟悉度数据不可用"),
            where=str(folder / NAME),
            next=tr("copy the folder again from where it was made", "请从生成处重新复制该目录"),
        )
    return found


def _sound(one: Familiar) -> bool:
    count, hidden = one.directions.shape if one.directions.ndim == 2 else (0, 0)
    shapes = one.centre.shape == (hidden,) and one.spreads.shape == (count,) and one.rest.shape == (1,)
    parts = (one.centre, one.directions, one.spreads, one.rest)
    finite = all(np.isfinite(part).all() for part in parts)
    return count > 0 and shapes and finite and bool((one.spreads > 0).all() and one.rest[0] > 0)
