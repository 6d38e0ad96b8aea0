"""What is read when a library is opened: its index files, its vectors, which passages may be found; and its sources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.errors import DataError, UsageError
from bedside.lang import tr
from bedside.library._database.database import Database
from bedside.library._index.files import Encoder, open_segments
from bedside.library._index.lexical import Segment
from bedside.library._index.vectors import Vectors, vectors_to_search

TRIES = 5
"""To open segments, which a writer may just be merging."""

Floats = NDArray[np.float32]


def segments_of(folder: Path, database: Database) -> list[Segment]:
    """The index of words; DataError where a file of it is missing."""
    for _ in range(TRIES):
        names = [name for (name,) in database.execute("SELECT name FROM segment ORDER BY name")]
        try:
            return open_segments(folder, database, names)
        except FileNotFoundError:
            continue
    raise DataError(tr("an index file is missing", "缺少索引文件"), where=str(folder), next="bedside knowledge update")


def rows_of(database: Database) -> int:
    """The number of the last passage."""
    return int(database.execute("SELECT coalesce(max(no), 0) FROM passage").fetchone()[0])


def barred(database: Database, rows: int) -> Floats:
    """0 at passages that may be found, minus infinity at those that are gone [rows + 1]."""
    start = np.zeros(rows + 1, np.float32)
    gone = database.execute("SELECT no FROM passage WHERE live = 0 AND no <= ?", (rows,))
    start[[0, *(no for (no,) in gone)]] = -np.inf
    return start


def vectors_of(folder: Path, database: Database, encoder: Encoder | None, rows: int) -> Vectors | None:
    """The index of meanings, where there is one and its encoder is given; UsageError for another encoder."""
    made_with = encoder_of(database)
    if encoder is None or not made_with:
        return None
    if encoder.name != made_with:
        raise UsageError(
            tr("this library has vectors of another encoder", "该知识库的向量来自另一编码器"),
            value=encoder.name,
            allowed=made_with,
        )
    return vectors_to_search(folder, database, encoder.size, rows)


def encoder_of(database: Database) -> str:
    """The name of a library's encoder, "" for none."""
    row = database.execute("SELECT value FROM meta WHERE key = 'encoder'").fetchone()
    known = json.loads(row[0]) if row else None
    return str(known["name"]) if known else ""


def sources_of(database: Database) -> list[dict[str, Any]]:
    """Of each source its name, licence, version and how many items of each status."""
    names = ("no", "name", "licence", "version", "citation", "url", "added", "updated")
    found = []
    for row in database.execute(f"SELECT {', '.join(names)} FROM source ORDER BY name").fetchall():
        about = dict(zip(names, row, strict=True))
        no = (about.pop("no"),)
        counts = dict(database.execute("SELECT status, count(*) FROM item WHERE source = ? GROUP BY status", no))
        live = "SELECT count(*) FROM passage JOIN item ON item.no = passage.item WHERE source = ? AND live = 1"
        found.append({**about, "items": counts, "passages": database.execute(live, no).fetchone()[0]})
    return found
