"""Turns the documents into blocks of token ids in files mapped into memory: documents end to end, with marks.

For masked words a block is `<s> part </s> part </s>`: a document that does not fit is cut at the end of a sentence
where there is one. For the next word documents run on, each closed by its end mark, and are cut where a block is full.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bedside.errors import DataError, UsageError
from bedside.files import whole_file
from bedside.lang import tr
from bedside.model.inputs import UNKNOWN
from bedside.train.pretraining.corpus import Corpus
from bedside.train.pretraining.documents import Document
from bedside.train.pretraining.packer import Ids, Marks, Packer
from bedside.train.pretraining.words import LAST, Flags, piece_flags, sentence_cuts

if TYPE_CHECKING:
    from tokenizers import Tokenizer

PARTS = ("train", "held_out")
BATCH = 256
DONE = "shards.json"


@dataclass
class Shard:
    """One part of the corpus as blocks; `numbers`, when given, are the new ids by the old."""

    ids: NDArray[Any]
    flags: Flags
    starts: Ids
    numbers: Ids | None = None

    @property
    def lengths(self) -> list[int]:
        """Pieces of each block, marks included."""
        return np.diff(self.starts).tolist()

    def block(self, row: int) -> tuple[Ids, Flags]:
        """Ids and flags [t] of a block."""
        place = slice(self.starts[row], self.starts[row + 1])
        ids = np.asarray(self.ids[place], np.int64)
        return (ids if self.numbers is None else self.numbers[ids]), np.asarray(self.flags[place])

    def documents(self, row: int) -> Ids:
        """Which document (from 0) each piece of a block belongs to."""
        return self._document_of[self.starts[row] : self.starts[row + 1]]

    @cached_property
    def _document_of(self) -> Ids:
        closed = np.cumsum(np.asarray(self.flags) == LAST)
        return np.concatenate([[0], closed[:-1]]).astype(np.int64)


@dataclass(frozen=True)
class Shards:
    """Both parts, how often each id stands in the training part, and what was found on the way.

    `facts` holds `documents` and `tokens` by part, and `refused`.
    """

    train: Shard
    held_out: Shard
    counts: Ids
    used: NDArray[np.bool_]
    facts: dict[str, Any]


def marks_of(tokenizer: Tokenizer, objective: str, end_id: int | None = None) -> Marks:
    """The marks a tokenizer puts around a text; for the next word the end mark alone."""
    if objective == "clm" and end_id is not None:
        return Marks((), end_id)
    around = tokenizer.encode("").ids
    if len(around) < 2:
        raise UsageError(
            tr("this tokenizer puts no marks around a text", "该分词器不在文本两端加标记"), next="--objective clm"
        )
    return Marks(() if objective == "clm" else tuple(around[:-1]), around[-1])


def build_shards(
    corpus: Corpus, tokenizer: Tokenizer, marks: Marks, folder: Path, *, whole_words: bool, max_tokens: int
) -> Iterator[int]:
    """Write the blocks of both parts in one pass over the documents, yielding after each so many documents."""
    size = tokenizer.get_vocab_size()
    kind = np.dtype(np.uint16 if size <= 1 << 16 else np.uint32)
    packers = [Packer(folder / part, kind, marks, max_tokens, whole_words) for part in PARTS]
    counts, used = np.zeros(size, np.int64), np.zeros(size, bool)
    used[[*marks.begin, marks.end]] = True
    unknown = next((found for mark in UNKNOWN if (found := tokenizer.token_to_id(mark)) is not None), None)
    refused: list[dict[str, str]] = []
    for batch in _batched(corpus.read()):
        encoded = tokenizer.encode_batch([one.text for one, _ in batch], add_special_tokens=False)
        for (one, held), pieces in zip(batch, encoded, strict=True):
            ids = np.asarray(pieces.ids, np.int64)
            if 2 * int((ids == unknown).sum()) >= len(ids):
                what = tr("the backbone does not know its letters", "骨干网络不认识其文字")
                refused.append({"file": one.file, "place": one.place, "what": what})
                continue
            used[ids] = True
            if not held:
                counts += np.bincount(ids, minlength=size)
            flags = piece_flags(one.text, pieces.offsets) if whole_words else np.ones(len(ids), np.uint8)
            cuts = sentence_cuts(one.text, pieces.offsets, flags) if whole_words else np.zeros(0, np.int64)
            packers[held].add(ids, flags, cuts)
        yield len(batch)
    facts = {part: packer.close() for part, packer in zip(PARTS, packers, strict=True)}
    if not all(found["tokens"] for found in facts.values()):
        raise DataError(tr("no document is left to learn from or to measure on", "没有可供学习或度量的文档"))
    np.save(folder / "counts.npy", counts)
    np.save(folder / "used.npy", used)
    with whole_file(folder / DONE) as file:
        file.write(json.dumps({**facts, "refused": refused, "kind": kind.name}, ensure_ascii=False))


def open_shards(folder: Path) -> Shards | None:
    """The blocks that `build_shards` wrote whole, or None."""
    if not (folder / DONE).is_file():
        return None
    facts = json.loads((folder / DONE).read_text(encoding="utf-8"))
    train, held_out = (
        Shard(
            np.memmap(folder / f"{part}.ids", facts["kind"], "r"),
            np.memmap(folder / f"{part}.flags", np.uint8, "r"),
            np.load(folder / f"{part}.starts.npy"),
        )
        for part in PARTS
    )
    return Shards(train, held_out, np.load(folder / "counts.npy"), np.load(folder / "used.npy"), facts)


def _batched(documents: Iterable[tuple[Document, bool]]) -> Iterator[list[tuple[Document, bool]]]:
    documents = iter(documents)
    while batch := list(islice(documents, BATCH)):
        yield batch
