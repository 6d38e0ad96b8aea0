"""The index files beside the database: written and flushed before the transaction that names them, so that a kill
between the two leaves files that nothing names, which the next writer removes.
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Sequence
from math import log
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bedside.errors import UsageError
from bedside.files import whole_folder
from bedside.lang import tr
from bedside.library._database.database import Database, transaction
from bedside.library._database.shared import Shared
from bedside.library._index.lexical import Segment, build_segment, merge_segments, open_segment, save_segment
from bedside.library._index.mirror import fetch, publish
from bedside.library._index.pgvector import index_vectors
from bedside.library._index.vectors import vectors_to_write
from bedside.library._index.vocabulary import vocabulary_of
from bedside.library._items import Fresh
from bedside.library._question.terms import key_of, terms_of

LEXICAL = "lexical"
TIER = 8
"""So many segments of like size become one."""
LARGEST = 20_000_000
"""Postings of a segment that is merged no more: 180 MB."""

Floats = NDArray[np.float32]


class Encoder(Protocol):
    """Texts to vectors of length 1 [n, size]; `name` tells this encoder from any other, `origin` is what opens it."""

    @property
    def name(self) -> str: ...

    @property
    def origin(self) -> str: ...

    @property
    def size(self) -> int: ...

    def passages(self, texts: Sequence[str]) -> Floats:
        """Vectors of what is searched."""
        ...

    def questions(self, texts: Sequence[str]) -> Floats:
        """Vectors of what is asked."""
        ...


class Indexes:
    """Writes the index files of a library that `database` is of; in one process at a time."""

    def __init__(self, folder: Path, database: Database, encoder: Encoder | None) -> None:
        self._folder, self._database, self._encoder = folder, database, encoder
        self._known: dict[str, int] = {}
        folder.joinpath(LEXICAL).mkdir(exist_ok=True, mode=0o700)
        check_encoder(database, encoder)
        self._sweep()

    def add(self, fresh: Sequence[Fresh]) -> None:
        """Index passages that follow those already indexed, in the transaction in progress."""
        if not fresh:
            return
        words: set[str] = set()
        keys = [(number, self._keys(f"{title}\n{text}", words)) for number, title, text in fresh]
        self._save(build_segment(keys, vocabulary_of(words)))
        if self._encoder is not None:
            vectors = self._encoder.passages([text for _, _, text in fresh])
            kept = vectors_to_write(self._folder, self._database, self._encoder.size, vectors)
            kept.append([number for number, _, _ in fresh], vectors)

    def merge(self) -> None:
        """Make one of many segments of like size; a transaction of its own."""
        tiers: dict[int, list[str]] = {}
        for name, postings in self._database.execute("SELECT name, postings FROM segment").fetchall():
            if postings <= LARGEST:
                tiers.setdefault(int(log(postings + 1, TIER)), []).append(name)
        for names in tiers.values():
            if len(names) >= TIER:
                self._merge(names)
        if isinstance(self._database, Shared):
            index_vectors(self._database)

    def _merge(self, names: list[str]) -> None:
        last = self._database.execute("SELECT coalesce(max(no), 0) FROM passage").fetchone()[0]
        gone = np.zeros(last + 1, np.bool_)
        gone[[no for (no,) in self._database.execute("SELECT no FROM passage WHERE live = 0")]] = True
        merged = merge_segments(open_segments(self._folder, self._database, names), gone)
        with transaction(self._database):
            self._save(merged)
            self._database.executemany("DELETE FROM segment WHERE name = ?", [(name,) for name in names])
        for name in names:
            shutil.rmtree(self._folder / LEXICAL / name, ignore_errors=True)

    def _save(self, segment: Segment) -> None:
        name = uuid.uuid4().hex
        with whole_folder(self._folder / LEXICAL / name) as fresh:
            save_segment(segment, fresh)
        self._database.execute("INSERT INTO segment VALUES (?, ?)", (name, len(segment.numbers)))
        if isinstance(self._database, Shared):
            publish(self._database, self._folder / LEXICAL / name)

    def _keys(self, text: str, words: set[str]) -> list[int]:
        """The keys of a text's terms, which are put to `words`."""
        found = []
        terms = terms_of(text)
        words.update(terms)
        for term in terms:
            key = self._known.get(term)
            if key is None:
                if len(self._known) > 1_000_000:
                    self._known.clear()
                key = self._known[term] = key_of(term)
            found.append(key)
        return found

    def _sweep(self) -> None:
        """Remove what a stopped run left."""
        named = {name for (name,) in self._database.execute("SELECT name FROM segment")}
        for folder in (self._folder / LEXICAL).iterdir():
            if folder.name not in named:
                shutil.rmtree(folder, ignore_errors=True)


def open_segments(folder: Path, database: Database, names: Sequence[str]) -> list[Segment]:
    """The segments of these names; FileNotFoundError for one that a writer just made part of another."""
    if isinstance(database, Shared):
        for name in names:
            fetch(database, folder / LEXICAL / name)
    return [open_segment(folder / LEXICAL / name) for name in names]


def check_encoder(database: Database, encoder: Encoder | None) -> None:
    """Keep which encoder a new library has; UsageError for another than it was made with."""
    said = json.dumps({"name": encoder.name, "size": encoder.size} if encoder else None)
    kept = database.execute("SELECT value FROM meta WHERE key = 'encoder'").fetchone()
    if kept is None:
        database.execute("INSERT INTO meta VALUES ('encoder', ?)", (said,))
        database.execute("INSERT INTO meta VALUES ('encoder_origin', ?)", (encoder.origin if encoder else "none",))
    elif kept[0] != said:
        known = json.loads(kept[0])
        raise UsageError(
            tr("this library has vectors of another encoder", "该知识库的向量来自另一编码器"),
            value=encoder.name if encoder else "none",
            allowed=known["name"] if known else "none",
        )
