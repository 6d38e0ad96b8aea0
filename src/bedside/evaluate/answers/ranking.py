"""Rankings of many rows: gathered, measured, and what they must beat: BM25 and chance.

The encoder as it was before the fit is the third rival; only who has the model at hand can ask it (`commands/`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bedside.evaluate.baselines.rivals import Rows
from bedside.evaluate.bootstrap import Array, Ints
from bedside.evaluate.measures.ranking import evaluate_rankings
from bedside.evaluate.metrics import Evaluation
from bedside.model.bm25 import BM25
from bedside.model.forms.ranking import DEPTH, given_documents
from bedside.model.lists import Grades, key_of
from bedside.model.ranks import right_ones
from bedside.types import Answer, Ranking

RIVALS = ("bm25", "untuned", "chance")
LEARNT = False
"""None of them learns: they need no training part."""


@dataclass(frozen=True)
class RankAnswers:
    """The documents of each row by name, the best first, and the score of the first."""

    labels: tuple[str, ...]
    ranked: list[list[str]] = field(repr=False)
    best: list[float] = field(repr=False)

    def __len__(self) -> int:
        return len(self.ranked)

    def measure(
        self,
        truths: Sequence[Grades],
        patients: Sequence[Any] | None,
        *,
        seed: int,
        subgroups: Mapping[str, Sequence[str]] | None = None,
    ) -> Evaluation:
        """See `Answers`."""
        return evaluate_rankings(truths, self.ranked, patients, seed=seed, subgroups=subgroups)

    def take(self, rows: Ints) -> RankAnswers:
        """See `Answers`."""
        return RankAnswers(self.labels, [self.ranked[row] for row in rows], [self.best[row] for row in rows])

    def joined(self, others: Sequence[RankAnswers], labels: Sequence[str]) -> RankAnswers:
        """See `Answers`; each fold ranked the documents of its own rows."""
        several = (self, *others)
        ranked = [one for answers in several for one in answers.ranked]
        return RankAnswers(tuple(labels), ranked, [one for answers in several for one in answers.best])

    def misread(self, truths: Sequence[Grades], texts: Sequence[str] | None) -> list[tuple[int, str, str, float]]:
        """See `Answers`: the document that stands first though it is not right."""
        found = []
        for row, (truth, names) in enumerate(zip(truths, self.ranked, strict=True)):
            right = right_ones(truth)
            if names and names[0] not in right:
                found.append((row, ", ".join(sorted(right)), names[0], self.best[row]))
        return found


def headline(head: str, labels: int) -> tuple[str, ...]:
    """The figures at the top of a report."""
    return ("mrr", "ndcg@10", "recall@1", "recall@10", "recall@100")


def gather(head: str, labels: tuple[str, ...], answers: Iterable[Answer]) -> RankAnswers:
    """Rankings as a column."""
    rows = [one.documents for one in answers if isinstance(one, Ranking)]
    names = [[document.id for document in row] for row in rows]
    return RankAnswers(labels, names, [row[0].score if row else 0.0 for row in rows])


def rivals(train: Rows | None, test: Rows, *, labels: tuple[str, ...], head: str, seed: int) -> dict[str, RankAnswers]:
    """BM25 over the same candidates, and these in an order drawn by chance."""
    dice = np.random.default_rng(seed)
    shared = dict.fromkeys([*(text for one in test.given if not one.documents for text in given_documents(one))])
    texts = [*shared, *(text for text in test.corpus if text not in shared)]
    own = dict.fromkeys(text for one in test.given for text in one.documents)
    index, place = BM25([*texts, *own]), {text: len(texts) + number for number, text in enumerate(own)}
    keys = list(map(key_of, texts))
    found: dict[str, list[list[str]]] = {"bm25": [], "chance": []}
    best: dict[str, list[float]] = {"bm25": [], "chance": []}
    for given, scores in zip(test.given, index.blocks(test.texts), strict=True):
        names, over = keys, scores[: len(texts)]
        if given.documents:
            names = [str(number) for number in range(1, len(given.documents) + 1)]
            over = scores[[place[text] for text in given.documents]]
        for name, values in (("bm25", over), ("chance", dice.random(len(names)))):
            ranked, score = _ordered(names, values)
            found[name].append(ranked)
            best[name].append(score)
    return {name: RankAnswers(labels, found[name], best[name]) for name in found}


def _ordered(names: Sequence[str], scores: Array) -> tuple[list[str], float]:
    """The names by their scores, equals as they came, and the best score; one name is found once."""
    order = np.argsort(-scores, kind="stable")
    ranked = list(dict.fromkeys(names[place] for place in order[: 2 * DEPTH]))[:DEPTH]
    return ranked, float(scores[order[0]]) if len(order) else 0.0
