"""The baseline of a relation head: logistic regression on the words between and around a pair, and on its types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bedside.evaluate.baselines.rivals import is_chinese
from bedside.model.marked import Pair

AROUND = 40
"""Characters before the first entity and behind the second that count as around."""


class PairWords:
    """Fitted on texts, the candidate pairs of each, and the types of those that are related; absent: none.

    >>> from bedside.types import Entity
    >>> a, b = Entity(0, 7, "drug"), Entity(21, 26, "illness")
    >>> texts = ["aspirin may lead to  ulcer", "aspirin no word on an ulcer"]
    >>> words = PairWords(texts, [[(a, b)]] * 2, [{(a, b): "causes"}, {}])
    >>> words.of("aspirin may lead to  ulcer", [(a, b)])[0][0]
    'causes'
    """

    def __init__(
        self, texts: Sequence[str], pairs: Sequence[Sequence[Pair]], types: Sequence[Mapping[Pair, str]]
    ) -> None:
        from scipy.sparse import hstack
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression

        truth = [known.get(pair, "") for row, known in zip(pairs, types, strict=True) for pair in row]
        self._only = truth[0] if len(set(truth)) == 1 else None
        if self._only is not None or not truth:
            return
        unit = {"analyzer": "char", "ngram_range": (1, 3)} if is_chinese(texts) else {"ngram_range": (1, 3)}
        often = 2 if len(truth) >= 200 else 1
        self._vectors = [TfidfVectorizer(**unit, sublinear_tf=True, min_df=often) for _ in range(3)]
        self._vectors.append(TfidfVectorizer(analyzer=str.split))
        places = list(zip(*_parts(texts, pairs), strict=True))
        columns = [_fitted(vectors, part) for vectors, part in zip(self._vectors, places, strict=True)]
        self._stack = hstack
        self._model = LogisticRegression(max_iter=1000, C=10.0).fit(hstack(columns, format="csr"), truth)

    def of(self, text: str, pairs: Sequence[Pair]) -> list[tuple[str, float]]:
        """The type and probability of each pair of a text; the type is empty for none."""
        if self._only is not None:
            return [(self._only, 1.0)] * len(pairs)
        if not pairs:
            return []
        places = zip(*_parts([text], [pairs]), strict=True)
        columns = [vectors.transform(part) for vectors, part in zip(self._vectors, places, strict=True)]
        chances = self._model.predict_proba(self._stack(columns, format="csr"))
        best = chances.argmax(1)
        return [(str(self._model.classes_[k]), float(row[k])) for k, row in zip(best, chances, strict=True)]


def _fitted(vectors: Any, part: Sequence[str]) -> Any:
    try:
        return vectors.fit_transform(part)
    except ValueError:  # no word anywhere there
        return vectors.set_params(analyzer="char", min_df=1).fit_transform([*part, " "])[:-1]


def _parts(texts: Sequence[str], pairs: Sequence[Sequence[Pair]]) -> Iterable[tuple[str, str, str, str]]:
    """Of each pair the words before, between and behind, and its types with the order in which they stand."""
    for text, row in zip(texts, pairs, strict=True):
        for head, tail in row:
            first, second = sorted((head, tail))
            order = f"head:{head.type} tail:{tail.type} {head.type}>{tail.type}:{head == first}".replace(" ", "_", 0)
            before = text[max(0, first.start - AROUND) : first.start]
            yield before, text[first.end : second.start], text[second.end : second.end + AROUND], order
