"""Vectors of passages, wherever they are kept: beside the library's file, or in its PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bedside.library._database.database import Database
from bedside.library._database.shared import Shared
from bedside.library._index.dense import Vectors as OnDisk
from bedside.library._index.pgvector import Vectors as InPostgres

Floats = NDArray[np.float32]


class Vectors(Protocol):
    """Nearest passages by cosine; `start` [passages + 1] is minus infinity at those that may not be found."""

    def append(self, numbers: Sequence[int], vectors: Floats) -> None: ...

    def search(self, question: Floats, start: Floats, k: int) -> list[tuple[int, float]]: ...

    def cosines(self, question: Floats, numbers: NDArray[np.uint32]) -> Floats: ...


def vectors_to_write(folder: Path, database: Database, size: int, first: Floats) -> Vectors:
    """Those of a library to be added to; `first` are to be the first ones where there are none."""
    if isinstance(database, Shared):
        return InPostgres(database, size)
    kept = database.execute("SELECT value FROM meta WHERE key = 'centre'").fetchone()
    centre = np.frombuffer(kept[0], np.float32) if kept else first.mean(axis=0).astype(np.float32)
    if not kept:
        database.execute("INSERT INTO meta VALUES ('centre', ?)", (centre.tobytes(),))
    return OnDisk(folder, size, centre)


def vectors_to_search(folder: Path, database: Database, size: int, rows: int) -> Vectors:
    """Those of the first `rows` passages of a library."""
    if isinstance(database, Shared):
        return InPostgres(database, size)
    kept = database.execute("SELECT value FROM meta WHERE key = 'centre'").fetchone()
    found = OnDisk(folder, size, np.frombuffer(kept[0], np.float32) if kept else np.zeros(size, np.float32))
    found.open(rows)
    return found
