"""Vectors of passages in PostgreSQL (pgvector): the same numbers as on the disk, in half precision, with their cosines.

Up to `EXACT` passages all are compared; then an HNSW graph is made, and asked on until enough may be found.
Source: Malkov & Yashunin 2020, "Efficient and robust approximate nearest neighbor search using HNSW graphs".
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bedside.errors import DataError
from bedside.lang import tr
from bedside.library._database.shared import Shared
from bedside.library._index.dense import EXACT, in_bytes

TOGETHER = 500
"""Vectors a statement."""
LOOKED_AT = 400
"""Nodes of the graph that a search keeps in view: more find more and take longer."""

Floats = NDArray[np.float32]


class Vectors:
    """The vectors of a shared library, by the numbers of their passages; their table is made where there is none."""

    def __init__(self, database: Shared, size: int) -> None:
        self._database = database
        self._make(size)

    def append(self, numbers: Sequence[int], vectors: Floats) -> None:
        """Keep [n, size] for the passages of these numbers, in the transaction in progress."""
        rows = [(no, _written(row)) for no, row in zip(numbers, in_bytes(vectors), strict=True)]
        for at in range(0, len(rows), TOGETHER):
            self._database.insert("vector", rows[at : at + TOGETHER])

    def search(self, question: Floats, start: Floats, k: int) -> list[tuple[int, float]]:
        """The k nearest passages by cosine, nearest first; `start` [passages + 1] is minus infinity at those barred."""
        asked, wanted = _written(question), 2 * k
        self._database.execute(f"SET hnsw.ef_search = {LOOKED_AT}")
        self._database.execute("SET hnsw.iterative_scan = strict_order")
        while True:
            rows = self._database.execute(
                "SELECT no, 1 - (vector <=> CAST(? AS halfvec)) FROM vector "
                "ORDER BY vector <=> CAST(? AS halfvec) LIMIT ?",
                (asked, asked, wanted),
            )
            found = [(int(no), float(cosine)) for no, cosine in rows if no < len(start) and start[no] == 0]
            if len(found) >= k or len(rows) < wanted:
                return sorted(found, key=lambda one: (-one[1], one[0]))[:k]
            wanted *= 8

    def cosines(self, question: Floats, numbers: NDArray[np.uint32]) -> Floats:
        """The cosines of some passages."""
        rows = self._database.execute(
            "SELECT no, 1 - (vector <=> CAST(? AS halfvec)) FROM vector WHERE no = ANY(CAST(? AS bigint[]))",
            (_written(question), [int(no) for no in numbers]),
        )
        near: dict[int, float] = dict(rows)
        return np.array([near[int(no)] for no in numbers], np.float32)

    def _make(self, size: int) -> None:
        there = self._database.execute("SELECT 1 FROM pg_extension WHERE extname = 'vector'").fetchone()
        if (
            not there
            and not self._database.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'").fetchone()
        ):
            what = tr("this PostgreSQL has no pgvector", "此 PostgreSQL 未安装 pgvector")
            raise DataError(what, allowed="--encoder none", next="CREATE EXTENSION vector")
        if not there:
            self._database.execute("CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public")
        self._database.execute(
            f"CREATE TABLE IF NOT EXISTS vector (no BIGINT PRIMARY KEY, vector halfvec({size:d}) NOT NULL)"
        )


def index_vectors(database: Shared) -> None:
    """Make the graph once there are so many vectors that comparing all takes long."""
    if database.execute("SELECT to_regclass('vector')")[0] == (None,):
        return
    (count,) = database.execute("SELECT count(*) FROM vector")[0]
    if count > EXACT:
        database.execute("CREATE INDEX IF NOT EXISTS vector_near ON vector USING hnsw (vector halfvec_cosine_ops)")


def _written(vector: NDArray[np.generic]) -> str:
    return "[" + ",".join(f"{number:.6g}" for number in vector.tolist()) + "]"
