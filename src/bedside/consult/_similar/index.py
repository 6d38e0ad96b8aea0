"""An index of charts without identity in a folder: charts in SQLite, what is compared in memory-mapped arrays.

A chart that comes again is indexed only when it has changed; the old one is then no longer found. One transaction a
batch: a kill leaves the index as it was before the batch. Charts that still hold identity are refused.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.charts import chart_from_json, chart_to_json
from bedside.consult._similar.chart import KEPT, moments, story_of
from bedside.consult._similar.features import COUNTS, PERSON, Look, look
from bedside.consult._similar.files import Rows, SparseRows
from bedside.errors import DataError, IdentityError, UsageError
from bedside.lang import tr
from bedside.library._indexes import Encoder
from bedside.types import Chart

DATABASE = "charts.sqlite"
FORMAT = "1"
BATCH = 32
PIECE, PIECES = 1500, 40
"""Characters of a piece of text, and pieces of a chart that are encoded, the latest."""
_VARIES = re.compile(r"\[[^\]]*\]|[\W\d_]+")
"""What scrubbing a text again may write otherwise."""
TELLING = 6
"""So many events tell a patient from all others; with fewer, the id alone does."""
SPARSE = ("problems", "course", "labs", "words")

Floats = NDArray[np.float32]


class ChartIndex:
    """An index in a folder, opened to read and to add; a context manager."""

    def __init__(self, folder: str | Path, encoder: Encoder | None = None) -> None:
        self.folder, self.encoder = Path(folder), encoder
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.folder / DATABASE
        path.touch(mode=0o600)
        self._database = sqlite3.connect(path, isolation_level=None)
        self._prepare()
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
        return {no for (no,) in self._database.execute(query, (chart.patient, _events(chart)))}

    def looks(self, chart: Chart, *, last: bool = False) -> list[Look]:
        """A chart at its moments, or at its end alone."""
        story = story_of(chart)
        return [look(story, day) for day in ([story.days] if last else moments(story))]

    def encode(self, looks: Sequence[Look]) -> Floats:
        """The mean vector of what each has in words [n, size], of zeros where it has none."""
        assert self.encoder is not None
        pieces = [_pieces(one.texts) for one in looks]
        own = list(dict.fromkeys(piece for some in pieces for piece in some))
        vectors = self.encoder.passages(own) if own else np.zeros((0, self.encoder.size), np.float32)
        at = {piece: number for number, piece in enumerate(own)}
        means = np.zeros((len(looks), self.encoder.size), np.float32)
        for number, some in enumerate(pieces):
            if some:
                mean = vectors[[at[piece] for piece in some]].mean(axis=0)
                means[number] = mean / max(float(np.linalg.norm(mean)), 1e-12)
        return means

    def _add(self, batch: Sequence[Chart]) -> list[str]:
        told, fresh = [], []
        for chart in batch:
            if not isinstance(chart, Chart):
                what = tr("only charts without identity are indexed", "仅可索引已去标识的病历")
                raise IdentityError(what, next="bedside deidentify CHARTS.jsonl -o SAFE.jsonl")
            old = self._database.execute(
                "SELECT no, hash FROM chart WHERE id = ? AND live = 1", (chart.patient,)
            ).fetchone()
            if old and old[1] == _hash(chart):
                told.append("unchanged")
                continue
            if old:
                self._retire(old[0])
            told.append("changed" if old else "new")
            data = zlib.compress(json.dumps(chart_to_json(_trimmed(chart)), ensure_ascii=True).encode())
            values = (chart.patient, _hash(chart), _events(chart), data)
            cursor = self._database.execute(
                "INSERT INTO chart (id, hash, events, live, data) VALUES (?, ?, ?, 1, ?)", values
            )
            fresh.append((int(cursor.lastrowid or 0), self.looks(chart)))
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
            vectors = self.encode(looks)
            largest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-12)
            self.vectors.append(np.round(vectors / largest * 127), at)
        marks = [(no, one.day) for no, some in fresh for one in some]
        self._database.executemany("INSERT INTO moment (chart, day) VALUES (?, ?)", marks)

    def _retire(self, no: int) -> None:
        """A chart is found no more, and what it said is let go."""
        self._database.execute("UPDATE chart SET live = 0, data = NULL WHERE no = ?", (no,))

    def _prepare(self) -> None:
        """The tables, and that the index is of this encoder."""
        for table in (
            "meta (key TEXT PRIMARY KEY, value TEXT)",
            "chart (no INTEGER PRIMARY KEY, id TEXT, hash TEXT, events TEXT, live INTEGER, data BLOB)",
            "moment (no INTEGER PRIMARY KEY, chart INTEGER, day INTEGER)",
        ):
            self._database.execute(f"CREATE TABLE IF NOT EXISTS {table}")
        self._database.execute("CREATE INDEX IF NOT EXISTS by_id ON chart (id)")
        self._database.execute("CREATE INDEX IF NOT EXISTS by_events ON chart (events)")
        wanted = {"format": FORMAT, "encoder": self.encoder.name if self.encoder else ""}
        kept = dict(self._database.execute("SELECT key, value FROM meta").fetchall())
        if not kept:
            origin = self.encoder.origin if self.encoder else ""
            rows = [*wanted.items(), ("encoder_origin", origin)]
            self._database.executemany("INSERT INTO meta VALUES (?, ?)", rows)
        elif kept["format"] != FORMAT:
            what = tr("this index was made by another version", "该索引由其他版本生成")
            raise DataError(what, value=kept["format"], allowed=FORMAT, next=tr("make a new one", "请重新建立索引"))
        elif kept["encoder"] != wanted["encoder"]:
            what = tr("this index was made with another encoder", "该索引使用另一编码器建立")
            raise UsageError(what, value=wanted["encoder"] or "none", allowed=kept["encoder"] or "none")

    def _one(self, query: str, *values: Any) -> Any:
        return self._database.execute(query, values).fetchone()[0]


def kept_encoder(folder: Path) -> str | None:
    """What opens the encoder of an index: "" for one of words alone, None where there is no index yet."""
    path = folder / DATABASE
    if not path.is_file():
        return None
    with closing(sqlite3.connect(path)) as database:
        try:
            row = database.execute("SELECT value FROM meta WHERE key = 'encoder_origin'").fetchone()
        except sqlite3.DatabaseError:
            what = tr("not an index of charts", "不是病历索引")
            raise DataError(what, where=str(path), next="bedside similar --help") from None
    return str(row[0]) if row else None


def _trimmed(chart: Chart) -> Chart:
    """The chart without what is not compared or shown."""
    return replace(chart, entries=tuple(one for one in chart.entries if one.kind in KEPT))


def _hash(chart: Chart) -> str:
    said = {**chart_to_json(_trimmed(chart)), "patient": "", "deid": None}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _events(chart: Chart) -> str:
    """What tells a chart from others under any id and dates: its events, the days between, its values."""
    story = story_of(chart)
    said = [(one.what, _VARIES.sub("", one.text) or one.key, one.day, one.value) for one in story.events]
    told = [story.sex, sorted(said, key=str), *([chart.patient] if len(said) < TELLING else [])]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _pieces(texts: Sequence[str]) -> list[str]:
    """The latest texts in pieces that the encoder reads whole."""
    pieces = [text[at : at + PIECE] for text in texts for at in range(0, len(text), PIECE)]
    return pieces[-PIECES:]


def _batches(charts: Iterable[Chart]) -> Iterator[list[Chart]]:
    rows = iter(charts)
    while batch := list(islice(rows, BATCH)):
        yield batch
