"""A library opened for reading: search, resolve a citation, list the sources, export."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from bedside.errors import UsageError
from bedside.lang import tr
from bedside.library._database.database import open_database
from bedside.library._index.files import Encoder
from bedside.library._index.fuse import ANY, FITTED, fuse
from bedside.library._index.lexical import Term, search_terms, shares, weigh
from bedside.library._opened import barred, encoder_of, rows_of, segments_of, sources_of, vectors_of
from bedside.library._question.question import mended, terms_asked
from bedside.library._question.said import DEPTH as REORDERED
from bedside.library._question.said import by_kind
from bedside.library._question.synonyms import open_synonyms
from bedside.library._question.terms import key_of
from bedside.library._resolved import COLUMNS, passage_of
from bedside.spans import span
from bedside.types import Passage

Mode = Literal["hybrid", "lexical", "dense"]
Rerank = Callable[[str, Sequence[str]], Sequence[float]]
"""A question and passages -> how well each answers it."""

DEPTH = 100
"""Passages of each ranking that are fused, at least."""
PASSAGES_A_DOCUMENT = 4
"""So many times the documents wanted are looked for as passages."""
RERANKED = 20
"""Of these a reranker makes a new order."""
TOGETHER = 1000
"""Passages read from the tables at once."""

Floats = NDArray[np.float32]


class Library:
    """The passages of a library as they are now; a later `add` is seen when it is opened anew.

    Without an `encoder` only words are searched. A context manager.
    """

    def __init__(self, folder: str | Path, encoder: Encoder | None = None, rerank: Rerank | None = None) -> None:
        self.folder, self._encoder, self._rerank = Path(folder), encoder, rerank
        self._database = open_database(self.folder)
        self._segments = segments_of(self.folder, self._database)
        self._rows = rows_of(self._database)
        self._start = barred(self._database, self._rows)
        self._vectors = vectors_of(self.folder, self._database, encoder, self._rows)
        self._of_source: dict[tuple[str, ...], Floats] = {}

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files."""
        self._database.close()

    @property
    def encoder(self) -> str:
        """The name of the encoder that the library was made with; "" where it has words only."""
        return encoder_of(self._database)

    @property
    def has_vectors(self) -> bool:
        """Whether meanings can be searched."""
        return self._vectors is not None

    def search(
        self,
        query: str,
        k: int = 10,
        *,
        mode: Mode | None = None,
        sources: Sequence[str] = (),
        vector: Floats | None = None,
    ) -> list[Passage]:
        """The k best passages, the best first; of `sources` only, where some are named.

        `mode` is hybrid where there are vectors, else lexical. A score is comparable within one answer only: a weighted
        sum of both and of what is said on the kind asked for (hybrid), a sum of BM25 weights (lexical), or a cosine
        (dense). `vector` is the question's, where it was encoded before. Raises UsageError for a mode that this
        library cannot.
        """
        hybrid = self._mode(mode) == "hybrid"
        least = max(RERANKED if self._rerank else 0, REORDERED if hybrid else 0)
        with span("retrieval") as note:
            found = self._passages(self._ranked(query, max(k, least), mode, tuple(sources), vector))
            found = by_kind(mended(query, self._segments), found) if hybrid else found
            note(findings=len(found))
            return self._reranked(query, found)[:k]

    def documents(
        self,
        query: str,
        k: int = 10,
        *,
        mode: Mode | None = None,
        sources: Sequence[str] = (),
        vector: Floats | None = None,
    ) -> list[Passage]:
        """The same by document: the best passage of each of the k best documents."""
        found = self.search(query, PASSAGES_A_DOCUMENT * k, mode=mode, sources=sources, vector=vector)
        best: dict[tuple[str, str], Passage] = {}
        for passage in found:
            best.setdefault((passage.source, passage.item), passage)
        return list(best.values())[:k]

    def encode_questions(self, queries: Sequence[str], mode: Mode | None = None) -> Sequence[Floats | None]:
        """The vectors of many questions, to be given to `search` one by one; None each where it needs none."""
        if self._mode(mode) == "lexical":
            return [None] * len(queries)
        assert self._encoder is not None
        return list(self._encoder.questions(queries))

    def _ranked(
        self, query: str, k: int, mode: str | None, sources: tuple[str, ...], vector: Floats | None
    ) -> list[tuple[int, float]]:
        """The numbers of the k best passages, with their scores."""
        mode, start, depth = self._mode(mode), self._allowed(sources), max(k, DEPTH)
        terms, words = list[Term](), list[tuple[int, float]]()
        if mode != "dense":
            asked_for = terms_asked(query, self._segments, open_synonyms())
            terms = weigh(self._segments, asked_for, alive=int(np.count_nonzero(start == 0)))
            words = search_terms(terms, start, depth)
        if mode == "lexical" or not query.strip():
            return words[:k]
        assert self._encoder is not None
        assert self._vectors is not None
        asked = self._encoder.questions([query])[0] if vector is None else vector
        near = self._vectors.search(asked, start, depth)
        if mode == "dense":
            return near[:k]
        numbers = np.unique(np.array([no for no, _ in (*words, *near)], np.uint32))
        cosines, nearest = self._vectors.cosines(asked, numbers), np.array([cosine for _, cosine in near[:DEPTH]])
        weights = FITTED.get(self._encoder.name, ANY)
        return fuse(numbers, shares(terms, numbers), cosines, nearest, weights)[:k] if near else []

    def get(self, id: str) -> Passage:
        """The passage of a citation, current or not: its `status` says which. UsageError for an unknown id."""
        rows = self._database.execute(
            f"SELECT {COLUMNS} WHERE passage.id = ? ORDER BY passage.live DESC, passage.no DESC LIMIT 1", (id,)
        ).fetchall()
        if not rows:
            raise UsageError(tr("no passage of that id", "没有该编号的段落"), value=id)
        return passage_of(rows[0], 0.0)

    def text_of(self, passage: Passage) -> str:
        """The whole text of the document that a passage is of, in the version it was cut from."""
        row = self._database.execute(
            "SELECT item.text FROM passage JOIN item ON item.no = passage.item WHERE passage.id = ? "
            "ORDER BY passage.live DESC, passage.no DESC LIMIT 1",
            (passage.id,),
        ).fetchone()
        return str(row[0]) if row else ""

    def passages_of(self, passage: Passage) -> list[Passage]:
        """All current passages of the document that a passage is of, in its order."""
        rows = self._database.execute(
            f"SELECT {COLUMNS} WHERE passage.live = 1 AND source.name = ? AND item.id = ? "
            "AND item.until IS NULL ORDER BY passage.first",
            (passage.source, passage.item),
        )
        return [passage_of(row) for row in rows]

    def counts(self, terms: Sequence[str]) -> tuple[int, list[int]]:
        """How many passages were ever indexed, and in how many of them each term stands (as `terms_of` cuts them)."""
        keys = map(key_of, terms)
        return self._rows, [sum(len(one.postings(key)[0]) for one in self._segments) for key in keys]

    def passages(self, *, sources: Sequence[str] = ()) -> Iterator[Passage]:
        """All current passages, in the order they came."""
        query, last = f"SELECT {COLUMNS} WHERE passage.live = 1 AND passage.no > ? ORDER BY passage.no LIMIT ?", 0
        while rows := self._database.execute(query, (last, TOGETHER)).fetchall():
            yield from (passage_of(row, 0.0) for row in rows if not sources or row[14] in sources)
            last = rows[-1][0]

    def sources(self) -> list[dict[str, Any]]:
        """What is in the library: of each source its name, licence, version and how many items of each status."""
        return sources_of(self._database)

    def _mode(self, mode: str | None) -> str:
        dense = self._vectors is not None
        if mode is not None and mode not in get_args(Mode):
            raise UsageError(tr("unknown mode", "未知的模式"), value=mode, allowed=get_args(Mode))
        if mode in ("hybrid", "dense") and not dense:
            raise UsageError(
                tr("no vectors can be searched: no encoder", "没有编码器，无法检索向量"),
                value=self.encoder or "none",
                next="--mode lexical",
            )
        return mode or ("hybrid" if dense else "lexical")

    def _allowed(self, sources: tuple[str, ...]) -> Floats:
        """0 at passages that may be found, minus infinity elsewhere."""
        if not sources:
            return self._start
        if sources not in self._of_source:
            known = [name for (name,) in self._database.execute("SELECT name FROM source")]
            if strange := [name for name in sources if name not in known]:
                raise UsageError(tr("no such source", "没有该来源"), value=", ".join(strange), allowed=known)
            start = np.full(len(self._start), -np.inf, np.float32)
            for name in sources:
                rows = self._database.execute(
                    "SELECT passage.no FROM passage JOIN item ON item.no = passage.item "
                    "JOIN source ON source.no = item.source WHERE source.name = ? AND passage.no <= ?",
                    (name, self._rows),
                )
                start[[no for (no,) in rows]] = 0
            self._of_source[sources] = np.minimum(start, self._start)
        return self._of_source[sources]

    def _passages(self, found: Sequence[tuple[int, float]]) -> list[Passage]:
        scores = dict(found)
        rows: dict[int, Passage] = {}
        for at in range(0, len(found), 500):
            some = [no for no, _ in found[at : at + 500]]
            marks = ",".join("?" * len(some))
            for row in self._database.execute(f"SELECT {COLUMNS} WHERE passage.no IN ({marks}) AND live = 1", some):
                rows[row[0]] = passage_of(row, scores[row[0]])
        return [rows[no] for no, _ in found if no in rows]

    def _reranked(self, query: str, found: list[Passage]) -> list[Passage]:
        """The first passages in the reranker's order, with its scores; the others behind them as they were."""
        if self._rerank is None or not found:
            return found
        first = found[:RERANKED]
        scores = self._rerank(query, ["\n".join(filter(None, (one.title, one.text))) for one in first])
        order = np.argsort(-np.asarray(scores), kind="stable")
        return [replace(first[at], score=float(scores[at])) for at in order] + found[RERANKED:]
