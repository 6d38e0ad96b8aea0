"""The edges as arrays mapped from disk, each from both of its ends, for searching paths in a few milliseconds."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bedside.files import cached_folder
from bedside.graph._schema import kept
from bedside.graph.graph import Graph

FOLDER = "graph-arcs"
STAMP = "stamp"
_COLUMNS = ("other", "edge", "relation", "affirmed", "negated", "uncertain")
_CROWDED = 0.06
"""Of the cost of passing through a concept, a doubling of what it is related to."""
_ROWS = (
    "SELECT {end}, {other}, no, relation, affirmed, negated, uncertain FROM edge "
    "WHERE affirmed + negated + uncertain > 0"
)


class Arcs(NamedTuple):
    """Arcs of concept `no` are those from `start[no]` to `start[no + 1]`; `cost` is that of the step."""

    start: NDArray[np.int64]
    other: NDArray[np.int32]
    edge: NDArray[np.int32]
    relation: NDArray[np.int32]
    affirmed: NDArray[np.int32]
    negated: NDArray[np.int32]
    uncertain: NDArray[np.int32]
    cost: NDArray[np.float32]


def open_arcs(graph: Graph) -> Arcs:
    """The arcs of the graph as it is now; they are written the first time after a change."""
    stamp = kept(graph.database, STAMP) or "none"
    folder = graph.folder / FOLDER / stamp
    if not folder.is_dir():
        try:
            cached_folder(folder, lambda fresh: _write(graph, fresh))
            for old in folder.parent.iterdir():
                if old != folder and not old.name.startswith("."):
                    shutil.rmtree(old, ignore_errors=True)
        except OSError:  # a folder that may only be read
            with tempfile.TemporaryDirectory() as place:
                _write(graph, Path(place))
                return _read(Path(place), keep=True)
    return _read(folder)


def _read(folder: Path, *, keep: bool = False) -> Arcs:
    mode: Literal["r"] | None = None if keep else "r"
    return Arcs(*(np.asarray(np.load(folder / f"{name}.npy", mmap_mode=mode)) for name in Arcs._fields))


def _write(graph: Graph, folder: Path) -> None:
    parts = []
    for end, other in (("head", "tail"), ("tail", "head")):
        found = graph.database.execute(_ROWS.format(end=end, other=other)).fetchall()
        parts.append(np.array(found, np.int32).reshape(-1, 7))
    rows = np.concatenate(parts)
    rows = rows[rows[:, 0] != rows[:, 1]]
    rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
    last = graph.database.execute("SELECT coalesce(max(no), 0) FROM concept").fetchone()[0]
    start = np.searchsorted(rows[:, 0], np.arange(last + 2))
    np.save(folder / "start.npy", start.astype(np.int64))
    for at, name in enumerate(_COLUMNS, 1):
        np.save(folder / f"{name}.npy", np.ascontiguousarray(rows[:, at]))
    np.save(folder / "cost.npy", _cost(rows, graph.database, last))


def _cost(rows: NDArray[np.int32], database: sqlite3.Connection, last: int) -> NDArray[np.float32]:
    degree = np.zeros(last + 1, np.float64)
    known = np.array(database.execute("SELECT no, degree FROM concept").fetchall(), np.int64).reshape(-1, 2)
    degree[known[:, 0]] = known[:, 1]
    crowd = _CROWDED * np.log2(1 + degree)
    support = np.maximum(rows[:, 4] - rows[:, 5], 1)
    cost = 1 + 1 / (1 + np.log(support)) + crowd[rows[:, 0]] + crowd[rows[:, 1]]
    return np.asarray(cost, np.float32)
