"""A table of documents as vectors: computed once for a model and a file, kept without texts, mapped into memory."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bedside.config import DataRecipe
from bedside.errors import DataError
from bedside.files import cached_folder
from bedside.formats._base import Problem
from bedside.formats._tables import cell_text, column_text, read_rows
from bedside.home import place
from bedside.lang import tr
from bedside.model.corpus import Corpus, Vectors
from bedside.model.forms.ranking import encode_documents
from bedside.model.inputs import prepare_texts
from bedside.model.lists import key_of
from bedside.receipt import file_sha256

if TYPE_CHECKING:
    from bedside.model.folder import Model

TOGETHER = 2048
"""Documents embedded in one go: enough for texts of like length to meet."""

VECTORS, NAMES = "vectors.f32", "documents.json"
VERSION = 1
"""Raised when what is kept of a corpus changes."""


@dataclass(frozen=True)
class CorpusFile:
    """A table of documents: `data` says where, which column and what of identity; `model_id` is the model's hash."""

    data: DataRecipe
    model_id: str

    def read(self, on_problem: Callable[[Problem], None] = lambda _: None) -> Iterator[tuple[str, str]]:
        """Yield each document's id and text as written; one without text is told to `on_problem`."""
        assert self.data.corpus is not None
        for where, row in read_rows(self.data.corpus, on_problem=on_problem):
            text = column_text(row, _column(row, self.data))
            if text.strip():
                yield (cell_text(row.get(self.data.id or "id")) or where), text
            else:
                on_problem(Problem(where, tr("no text; left out", "没有文本；未使用")))

    def texts(self) -> list[str]:
        """Every document's text without identity."""
        return prepare_texts([text for _, text in self.read()], identity=self.data.identity)

    def open(self, model: Model, on_rows: Callable[[int], None] = lambda _: None) -> Corpus:
        """The corpus, embedded now or before; `on_rows` counts documents. Raises DataError where there is none."""
        folder = place("corpora") / self._name()
        cached_folder(folder, lambda fresh: self._embed(model, fresh, on_rows))
        names = json.loads((folder / NAMES).read_text(encoding="utf-8"))
        shape = (len(names["ids"]), model.settings["hidden_size"])
        return Corpus(names["ids"], np.memmap(folder / VECTORS, np.float32, "r", shape=shape), keys=names["keys"])

    def left_out(self) -> list[Problem]:
        """The rows that hold no document, of a corpus that was opened."""
        names = json.loads((place("corpora") / self._name() / NAMES).read_text(encoding="utf-8"))
        return [Problem(**one) for one in names["refused"]]

    def _name(self) -> str:
        assert self.data.corpus is not None
        columns = [self.data.text_b, self.data.id, self.data.identity, VERSION]
        about = json.dumps([self.model_id, file_sha256(self.data.corpus), *columns])
        return hashlib.sha256(about.encode()).hexdigest()[:24]

    def _embed(self, model: Model, folder: Path, on_rows: Callable[[int], None]) -> None:
        """Write the vectors piece by piece as they are made."""
        refused: list[Problem] = []
        ids: list[str] = []
        keys: list[str] = []
        rows = self.read(refused.append)
        with (folder / VECTORS).open("wb") as out:
            while some := list(islice(rows, TOGETHER)):
                texts = prepare_texts([text for _, text in some], identity=self.data.identity)
                embed(model, texts).tofile(out)
                ids += [name for name, _ in some]
                keys += map(key_of, texts)
                on_rows(len(some))
        if not ids:
            raise DataError(tr("no document in the corpus", "文档库中没有文档"), where=str(self.data.corpus))
        told = [{"place": one.place, "what": one.what} for one in refused]
        names = {"ids": ids, "keys": keys, "refused": told}
        (folder / NAMES).write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")


def embed(model: Model, texts: list[str]) -> Vectors:
    """A vector of length 1 for each document [n, h], in order."""
    limits = {"prefix": model.settings["prefix"], "max_tokens": model.settings["max_tokens"]}
    ids = encode_documents(model.tokenizer, texts, **limits).ids
    return np.asarray(model.engine.logits(ids), np.float32).reshape(len(texts), -1)


def _column(row: Mapping[str, Any], data: DataRecipe) -> str:
    """The column of the documents: as in the model's own table, else `text`."""
    name = data.text_b or "text"
    return name if set(name.split("+")) <= set(row) or "text" not in row else "text"
