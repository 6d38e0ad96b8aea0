"""Where the right documents stand in a ranking: reciprocal rank, nDCG and recall of one question.

A question's right documents are those of its highest grade; nDCG counts every grade, as its own gain. Sources: Voorhees
1999, "The TREC-8 Question Answering Track Report"; Järvelin & Kekäläinen 2002, "Cumulated gain-based evaluation".
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log2

from bedside.model.lists import Grades


def right_ones(grades: Grades) -> set[str]:
    """The documents of the highest grade.

    >>> right_ones((("1", 0), ("2", 2), ("3", 1)))
    {'2'}
    """
    most = max((grade for _, grade in grades), default=0)
    return {name for name, grade in grades if grade == most and grade > 0}


def reciprocal_rank(grades: Grades, ranked: Sequence[str]) -> float:
    """1 / the place of the first right document; 0 where none is found.

    >>> reciprocal_rank((("a", 1),), ["b", "a"])
    0.5
    """
    right = right_ones(grades)
    return next((1 / place for place, name in enumerate(ranked, 1) if name in right), 0.0)


def ndcg(grades: Grades, ranked: Sequence[str], k: int = 10) -> float:
    """Gain of the first k, each divided by log2(place + 1), relative to that of the best order.

    >>> ndcg((("a", 2), ("b", 1)), ["a", "b"])
    1.0
    """
    gain = dict(grades)
    best = _discounted(sorted(gain.values(), reverse=True)[:k])
    return _discounted([gain.get(name, 0) for name in ranked[:k]]) / best if best else 0.0


def recall(grades: Grades, ranked: Sequence[str], k: int) -> float:
    """Share of the right documents that are among the first k."""
    right = right_ones(grades)
    return len(right & set(ranked[:k])) / len(right) if right else 0.0


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / log2(place + 1) for place, gain in enumerate(gains, 1))
