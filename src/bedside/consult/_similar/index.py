"""An index of charts without identity in a folder: charts in SQLite, what is compared in memory-mapped arrays.

A chart that comes again is indexed only when it has changed; the old one is then no longer found. One transaction a
batch: a kill leaves the index as it was before the batch. Charts that still hold identity are refused.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.charts import chart_from_json, chart_to_json
from bedside.consult._similar.database import open_database
from bedside.consult._similar.features import COUNTS, PERSON, Look, looks_of
from bedside.consult._similar.files import Rows, SparseRows
from bedside.consult._similar.same import chart_hash, events_hash, trimmed
from bedside.consult._similar.vectors import mean_vectors
from bedside.errors import IdentityError
from bedside.lang import tr
from bedside.library._index.files import Encoder
from bedside.types import Chart

BATCH = 32
SPARSE = ("problems", "course", "labs", "words")


class ChartIndex:
    """An index in a folder, opened to read and to add; a context manager."""

    def __init__(self, folder: str | Path, encoder: Encoder | None = None) -> None:
        self.folder, self.encoder = Path(folder), encoder
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._database = open_database(self.folder, encoder)
        self.sparse = {name: SparseRows(self.folder, name) for name in SPARSE}
        self.numbers = Rows(self.folder / "numbers.f4", "<f4", PERSON + COUNTS)
        self.vectors = Rows(self.folder / "vectors.i1", "i1", encoder.size if encoder else 0)

    def __enter__(self) -> ChartIndex:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    @property
    def rows(self) -> int:
        """How many moments there are, those of charts no longer found among them."""
        return int(self._one("SELECT coalesce(max(no), 0) FROM moment"))

    def add(self, charts: Iterable[Chart]) -> dict[str, int]:
        """Index charts: how many were new, changed, unchanged."""
        told = {"new": 0, "changed": 0, "unchanged": 0}
        for batch in _batches(charts):
            self._database.execute("BEGIN IMMEDIATE")
            try:
                for how in self._add(batch):
                    told[how] += 1
                self._database.execute("COMMIT")
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
        return told

    def remove(self, ids: Collection[str]) -> int:
        """Let charts be found no more; how many there were."""
        found = [
            no for (no, id) in self._database.execute("SELECT no, id FROM chart WHERE live = 1").fetchall() if id in ids
        ]
        self._database.execute("BEGIN IMMEDIATE")
        for no in found:
            self._retire(no)
        self._database.execute("COMMIT")
        return len(found)

    def charts(self) -> list[tuple[int, str]]:
        """Number and id of all charts that can be found."""
        return self._database.execute("SELECT no, id FROM chart WHERE live = 1 ORDER BY no").fetchall()

    def moments(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Of each row its chart's number and its day; chart 0 where it is found no more."""
        query = "SELECT CASE live WHEN 1 THEN chart.no ELSE 0 END, day FROM moment JOIN chart ON chart.no = chart"
        found = np.asarray(self._database.execute(f"{query} ORDER BY moment.no").fetchall(), np.int64).reshape(-1, 2)
        return found[:, 0], found[:, 1]

    def chart(self, no: int) -> Chart:
        """The chart of a number."""
        data = self._one("SELECT data FROM chart WHERE no = ?", no)
        return chart_from_json(json.loads(zlib.decompress(data)))

    def same(self, chart: Chart) -> set[int]:
        """The numbers of charts that are this one: of its id, or with the very same events at the same intervals."""
        query = "SELECT no FROM chart WHERE live = 1 AND (id = ? OR events = ?)"
        return {no for (no,) in self._database.execute(query, (chart.patient, events_hash(chart)))}

    def _add(self, batch: Sequence[Chart]) -> list[str]:
        told, fresh = [], []
        for chart in batch:
            if not isinstance(chart, Chart):
                what = tr("only charts without identity are indexed", "仅可索引已去标识的病历")
                raise IdentityError(what, next="bedside deidentify CHARTS.jsonl -o SAFE.jsonl")
            old = self._database.execute(
                "SELECT no, hash FROM chart WHERE id = ? AND live = 1", (chart.patient,)
            ).fetchone()
            if old and old[1] == chart_hash(chart):
                told.append("unchanged")
                continue
            if old:
                self._retire(old[0])
            told.append("changed" if old else "new")
            data = zlib.compress(json.dumps(chart_to_json(trimmed(chart)), ensure_ascii=True).encode())
            values = (chart.patient, chart_hash(chart), events_hash(chart), data)
            cursor = self._database.execute(
                "INSERT INTO chart (id, hash, events, live, data) VALUES (?, ?, ?, 1, ?)", values
            )
            fresh.append((int(cursor.lastrowid or 0), looks_of(chart)))
        self._write(fresh)
        return told

    def _write(self, fresh: Sequence[tuple[int, list[Look]]]) -> None:
        at = self.rows
        looks = [one for _, some in fresh for one in some]
        if not looks:
            return
        for name, rows in self.sparse.items():
            rows.append([getattr(one, name) for one in looks], at)
        self.numbers.append(np.stack([one.numbers for one in looks]), at)
        if self.encoder is not None:
            vectors = mean_vectors(self.encoder, looks)
            largest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-12)
            self.vectors.append(np.round(vectors / largest * 127), at)
        marks = [(no, one.day) for no, some in fresh for one in some]
        self._database.executemany("INSERT INTO moment (chart, day) VALUES (?, ?)", marks)

    def _retire(self, no: int) -> None:
        """A chart is found no more, and what it said is let go."""
        self._database.execute("UPDATE chart SET live = 0, data = NULL WHERE no = ?", (no,))

    def _one(self, query: str, *values: Any) -> Any:
        return self._database.execute(query, values).fetchone()[0]


def _batches(charts: Iterable[Chart]) -> Iterator[list[Chart]]:
    rows = iter(charts)
    while batch := list(islice(rows, BATCH)):
        yield batch
