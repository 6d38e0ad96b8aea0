"""Answers that are rankings: the documents nearest to a question, of its own list, a corpus, or all that are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.config import DataRecipe
from bedside.errors import UsageError
from bedside.formats._tables import column_text
from bedside.heads._question import QUESTION
from bedside.lang import tr
from bedside.model.calibration import Calibration, Floats
from bedside.model.cells import text_of
from bedside.model.corpus import Corpus, Vectors, search
from bedside.model.engine import Outputs
from bedside.model.given import NOTHING, Given
from bedside.model.inputs import Encoded, Identity, encode, prepare_texts
from bedside.model.lists import Grades, Lists, documents_in, key_of, read_documents, read_grades
from bedside.model.moved import Moved
from bedside.model.ranks import ndcg, reciprocal_rank
from bedside.model.rows import Labelled, Remark
from bedside.types import Ranked, Ranking

DEPTH = 100
"""Documents in a ranking; one that stands lower counts as not found."""

RELEVANT = "relevant"
"""The one name there is to tell."""

OTHER_SIDE = {"query: ": "passage: "}
"""The prefix a backbone was pretrained with for questions, and its prefix for documents (E5; Wang et al. 2024)."""

Rerank = Callable[[str, Sequence[str]], Sequence[float]]
"""A question and documents -> how well each answers it: a cross-encoder."""


@dataclass(frozen=True)
class RankForm:
    """See `forms/__init__.py`. `corpora` are searched for questions without a list of their own.

    With `rerank` the first `reranked` documents of each question are put in its order; they keep their own scores.
    """

    head: str = "rank"
    corpora: tuple[Corpus, ...] = field(default=(), repr=False)
    depth: int = DEPTH
    rerank: Rerank | None = field(default=None, repr=False)
    reranked: int = 20
    scores = ("mrr", "ndcg@10")
    least = 1
    marked = weighted = words = False
    tells = ("documents",)
    pooled = True

    @property
    def two(self) -> bool:
        """A row brings its documents, unless there is a corpus to search."""
        return not self.corpora

    def read(self, row: Mapping[str, Any], data: DataRecipe) -> tuple[str, Given, Any]:
        """A question with its right document, or with a list of documents and their grades."""
        text = text_of(row, data.text)
        if not data.text_b:
            raise UsageError(tr("a ranking needs the documents' column", "排序任务需要文档列"), next="--text-b COLUMN")
        if (found := documents_in(row.get(data.text_b))) is not None:
            return text, Given(documents=read_documents(found)), read_grades(found)
        second = column_text(row, data.text_b)
        if not second.strip():
            raise ValueError(tr("no document", "没有文档"))
        return text, Given(second=second), _only(second)

    def read_text(self, row: Mapping[str, Any], data: DataRecipe) -> tuple[str, Given]:
        """A question, with its own list of documents where it has one."""
        text = text_of(row, data.text)
        if data.text_b and (found := documents_in(row.get(data.text_b))) is not None:
            return text, Given(documents=read_documents(found))
        if data.corpus is None:
            raise UsageError(
                tr("no documents to rank: no corpus is named", "没有可排序的文档：未指定文档库"),
                next="--set data.corpus=FILE",
            )
        return text, NOTHING

    def labels(self, cells: Sequence[Any]) -> list[Grades]:
        """Documents and their grades."""
        return list(cells)

    def cells(self, text: str, given: Given, label: Grades) -> dict[str, Any]:
        """The right document, or the list."""
        if not given.documents:
            return {"text": text, "text_b": given.second}
        pairs = zip(given.documents, label, strict=True)
        return {"text": text, "text_b": [{"text": one, "label": grade} for one, (_, grade) in pairs]}

    def named(self, labels: Sequence[Any]) -> list[tuple[str, ...]]:
        """Every row has a document that is right."""
        return [(RELEVANT,)] * len(labels)

    def names(self, labels: Sequence[Any]) -> tuple[str, ...]:
        """The one name there is."""
        return (RELEVANT,)

    def scrub(self, rows: Labelled, identity: Identity, on_text: Callable[[int], None] | None = None) -> Labelled:
        """Questions and documents without identity."""
        texts = prepare_texts(rows.texts, identity=identity, on_text=on_text)
        loose = iter(prepare_texts([text for one in rows.given for text in given_documents(one)], identity=identity))
        given = [
            Given(documents=tuple(next(loose) for _ in one.documents)) if one.documents else Given(second=next(loose))
            for one in rows.given
        ]
        labels = [old if one.documents else _only(one.second) for old, one in zip(rows.labels, given, strict=True)]
        return replace(rows, texts=texts, given=given, labels=labels)

    def learn(self, rows: Labelled) -> tuple[dict[str, Any], list[Remark]]:
        """Nothing."""
        return {}, []

    def encode(self, tokenizer: Any, texts: Sequence[str], given: Sequence[Given] = (), **limits: Any) -> Encoded:
        """Questions, then the documents that came with them, each once; a corpus was encoded before."""
        number: dict[str, int] = {}
        members = []
        beside = given or [NOTHING] * len(texts)
        for row, one in enumerate(beside):
            with_it = one.documents if self.corpora else given_documents(one)
            members.append((row, *(number.setdefault(text, len(texts) + len(number)) for text in with_it)))
        asked = encode(tokenizer, texts, **limits)
        said = encode_documents(tokenizer, list(number), **limits)
        cut = (*asked.cut, *(len(texts) + place for place in said.cut))
        lists = Lists(list(texts), list(number), members, [bool(one.documents) for one in beside])
        return Encoded(asked.ids + said.ids, cut, asked.unread, lists=lists)

    def thin(self, encoded: Encoded, rows: Labelled, seed: int) -> tuple[Encoded, list[Remark]]:
        """Everything."""
        return encoded, []

    def targets(self, labels: Sequence[Grades], encoded: Encoded, names: Sequence[str]) -> list[NDArray[np.int64]]:
        """Row, text and grade of each text of a row."""
        assert encoded.lists is not None
        return [
            np.array([(row, text, grade) for text, grade in zip(texts, (QUESTION, *_grades(own)), strict=True)])
            for row, (texts, own) in enumerate(zip(encoded.lists.members, labels, strict=True))
        ]

    def calibrate(self, outputs: Outputs, labels: Sequence[Any], encoded: Encoded, names: Sequence[str]) -> Calibration:
        """Cosines stay cosines."""
        return Calibration()

    def answers(
        self, outputs: Outputs, encoded: Encoded, names: Sequence[str], calibration: Calibration
    ) -> list[Ranking]:
        """The nearest documents of each question."""
        assert encoded.lists is not None
        lists, vectors = encoded.lists, np.asarray(outputs, np.float32)
        count = len(lists.questions)
        corpora = self.corpora or (Corpus(list(map(key_of, lists.documents)), vectors[count:], lists.documents),)
        shared = [row for row in range(count) if not lists.own[row]]
        depth = max(self.depth, self.reranked if self.rerank else 0)
        found = dict(zip(shared, search(vectors[shared], corpora, depth), strict=True))
        for row in set(range(count)) - set(shared):
            found[row] = search(vectors[row : row + 1], (_own(lists, row, vectors),), depth)[0]
        return [self._ranking(lists.questions[row], found[row]) for row in range(count)]

    def score(self, metric: str, labels: Sequence[Any], answers: Sequence[Ranking], names: Sequence[str]) -> float:
        """The mean over questions."""
        figure = {"mrr": reciprocal_rank, "ndcg@10": ndcg}[metric]
        ranked = [[one.id for one in answer.documents] for answer in answers]
        return float(np.mean([figure(*row) for row in zip(labels, ranked, strict=True)])) if ranked else 0.0

    def told(self, text: str, given: Given, answer: Ranking) -> dict[str, Any]:
        """Documents with their scores; of a list of the row's own the number from 1."""
        return {"documents": [{"id": one.id, "score": one.score} for one in answer.documents]}

    def spoken(self, told: Mapping[str, Any]) -> list[str]:
        """Each document."""
        found = [f"  {one['score']:.3f}  {one['id']}" for one in told["documents"]]
        return found or [tr("no documents", "无文档")]

    def back(self, answer: Ranking, first: Moved, second: Moved) -> Ranking:
        """Documents stand nowhere in the text."""
        return answer

    def surest(self, answer: Ranking) -> Floats:
        """Every score."""
        return np.array([one.score for one in answer.documents])

    def agree(self, one: Ranking, other: Ranking) -> bool:
        """Whether both put the same document first."""
        return [ranked.id for ranked in one.documents[:1]] == [ranked.id for ranked in other.documents[:1]]

    def change(self, one: Ranking, other: Ranking) -> float:
        """The largest difference of a score, of the documents in both."""
        before, after = ({ranked.id: ranked.score for ranked in answer.documents} for answer in (one, other))
        return max((abs(before[name] - after[name]) for name in before.keys() & after.keys()), default=0.0)

    def _ranking(self, question: str, found: list[tuple[str, float, str]]) -> Ranking:
        if self.rerank is not None:
            first = found[: self.reranked]
            order = np.argsort(-np.asarray(self.rerank(question, [text for _, _, text in first])), kind="stable")
            found = [first[place] for place in order] + found[len(first) :]
        return Ranking(tuple(Ranked(name, score) for name, score, _ in found[: self.depth]))


FORM = RankForm


def encode_documents(tokenizer: Any, texts: Sequence[str], *, prefix: str, max_tokens: int) -> Encoded:
    """Token ids of documents; `prefix` is that of questions."""
    if not texts:
        return Encoded([], ())
    return encode(tokenizer, texts, prefix=OTHER_SIDE.get(prefix, prefix), max_tokens=max_tokens)


def given_documents(given: Given) -> tuple[str, ...]:
    """The documents that came with a row: its list, or the right one."""
    return given.documents or ((given.second,) if given.second else ())


def _grades(label: Grades) -> list[int]:
    return [grade for _, grade in label]


def _only(text: str) -> Grades:
    return ((key_of(text), 1),)


def _own(lists: Lists, row: int, vectors: Vectors) -> Corpus:
    """The row's own list as a corpus."""
    texts = lists.members[row][1:]
    names = [str(number) for number in range(1, len(texts) + 1)]
    return Corpus(names, vectors[list(texts)], [lists.documents[text - len(lists.questions)] for text in texts])
