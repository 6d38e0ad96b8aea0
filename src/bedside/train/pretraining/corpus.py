"""Reads a corpus document by document, takes identity out, and keeps the clean texts on disk for the steps to come."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bedside.config import PretrainRecipe
from bedside.errors import DataError, IdentityError
from bedside.files import whole_file
from bedside.formats._base import Problem
from bedside.lang import tr
from bedside.model.inputs import Identity, prepare_text, prepare_texts
from bedside.train.pretraining.documents import Document, corpus_files, documents_of, told

BATCH = 4000
"""Documents cleaned at a time: enough to be worth sharing out to processes."""

BATCH_CHARS = 8_000_000
DOCUMENTS, ABOUT = "documents.jsonl", "corpus.json"


@dataclass
class Corpus:
    """The clean documents in `folder`: how many, which are held out, and every one left out with its place."""

    folder: Path
    count: int = 0
    threshold: int = 0
    refused: list[dict[str, str]] = field(default_factory=list)

    def read(self) -> Iterator[tuple[Document, bool]]:
        """Each document and whether it is held out, in the order read."""
        with (self.folder / DOCUMENTS).open(encoding="utf-8", errors="surrogatepass") as lines:
            for line in lines:
                digest, *parts = json.loads(line)
                yield Document(*parts), digest <= self.threshold


def build_corpus(recipe: PretrainRecipe, folder: Path, on_text: Callable[[int], None]) -> Corpus:
    """Clean the whole corpus once into `folder`; raises DataError when fewer than two documents are left."""
    sources, refused = corpus_files(recipe.corpus, recipe.documents)
    corpus, digests = Corpus(folder, refused=refused), []
    with whole_file(folder / DOCUMENTS) as file:
        for document in _cleaned(documents_of(sources, recipe, refused), recipe.identity, refused, on_text):
            digests.append(_digest(document.text, recipe.seed))
            file.write(json.dumps([digests[-1], *asdict(document).values()], ensure_ascii=False) + "\n")
    if not digests and refused:
        first = refused[0]
        what = tr("no document could be used", "没有可用的文档")
        raise DataError(what, where=f"{first['file']} {first['place']}".strip(), value=first["what"])
    corpus.count = len(digests)
    corpus.threshold = _threshold(np.asarray(digests, np.uint64), recipe.held_out)
    with whole_file(folder / ABOUT) as file:
        about = {"count": corpus.count, "threshold": corpus.threshold, "refused": corpus.refused}
        file.write(json.dumps(about, ensure_ascii=False))
    return corpus


def open_corpus(folder: Path) -> Corpus | None:
    """The corpus an earlier run built in `folder`, or None."""
    if not (folder / ABOUT).is_file():
        return None
    return Corpus(folder, **json.loads((folder / ABOUT).read_text(encoding="utf-8")))


def _cleaned(
    documents: Iterator[Document], identity: Identity, refused: list[dict[str, str]], on_text: Callable[[int], None]
) -> Iterator[Document]:
    """The documents without identity; one that cannot be cleaned is left out, never passed on."""
    for batch in _batches(documents):
        try:
            texts: list[str | None] = list(prepare_texts([one.text for one in batch], identity=identity))
        except IdentityError:
            texts = [_clean_or_none(one.text, identity) for one in batch]
        for one, text in zip(batch, texts, strict=True):
            if text is None:
                what = tr("identity could not be removed", "无法去除身份信息")
                refused.append(told(one.file, Problem(one.place, what)))
            else:
                yield Document(one.file, one.place, text)
        on_text(len(batch))


def _clean_or_none(text: str, identity: Identity) -> str | None:
    try:
        return prepare_text(text, identity=identity)
    except IdentityError:
        return None


def _batches(documents: Iterator[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    chars = 0
    for document in documents:
        batch.append(document)
        chars += len(document.text)
        if len(batch) >= BATCH or chars >= BATCH_CHARS:
            yield batch
            batch, chars = [], 0
    if batch:
        yield batch


def _digest(text: str, seed: int) -> int:
    """A number that the text and the seed decide: copies of one document always share it."""
    raw = hashlib.sha256(f"{seed}\n{text}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(raw[:8], "big")


def _threshold(digests: NDArray[np.uint64], share: float) -> int:
    """Documents whose number is no larger are held out: `share` of them, five at least where there are twenty."""
    count = len(digests)
    held = max(1, min(5, count // 4), round(share * count))
    ordered = np.sort(digests)
    if count < 2 or ordered[min(held, count - 1) - 1] == ordered[-1]:
        raise DataError(
            tr(
                "two different documents are needed: to learn from and to measure on",
                "至少需要两份不同的文档：学习与度量",
            ),
            value=count,
            next="bedside pretrain --help",
        )
    return int(ordered[held - 1])
