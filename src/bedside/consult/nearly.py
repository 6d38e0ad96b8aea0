"""Whether two words are the same but for one slip of the pen: a letter left out, put in, changed or swapped."""

from __future__ import annotations

from collections.abc import Iterable

OPPOSITES = (("hyper", "hypo"), ("inter", "intra"), ("macro", "micro"), ("ante", "anti"), ("supra", "infra"))
"""Beginnings that a slip or two turn into each other, and into another disease."""
SHORTEST = 5
"""Letters of a word that may be misspelt; shorter ones have too many neighbours."""
TWO_FROM = 10
"""Letters from which two slips are allowed."""


def nearly(word: str, others: Iterable[str]) -> str:
    """The first of the others that a word may be meant to be; "" for none.

    >>> nearly("osteoprosis", ["osteopenia", "osteoporosis"]), nearly("gout", ["goat"])
    ('osteoporosis', '')
    """
    if len(word) < SHORTEST or not word.isascii() or not word.isalpha():
        return ""
    bound = 2 if len(word) >= TWO_FROM else 1
    for other in others:
        if _opposed(word, other):
            continue
        if abs(len(other) - len(word)) <= bound and other[:1] in (word[0], word[1]) and _apart(word, other, bound):
            return other
    return ""


def _opposed(one: str, two: str) -> bool:
    return any(
        (one.startswith(a) and two.startswith(b)) or (one.startswith(b) and two.startswith(a)) for a, b in OPPOSITES
    )


def _apart(one: str, two: str, bound: int) -> bool:
    """Whether at most `bound` slips lie between two words (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        now = [i]
        for j, b in enumerate(two, 1):
            best = min(row[j] + 1, now[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == two[j - 2] and one[i - 2] == b:
                best = min(best, before[j - 2] + 1)
            now.append(best)
        if min(now) > bound:
            return False
        before, row = row, now
    return row[-1] <= bound
