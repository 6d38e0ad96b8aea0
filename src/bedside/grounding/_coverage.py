"""How far a term is among what is named, and whether two terms name the same thing."""

from __future__ import annotations

from bedside.grounding._terms import Term, above

SAME = 0.99
"""From this coverage on, a term is named."""
ROOT = 6
"""Letters that two words of one root share."""


def covered(term: Term, ids: frozenset[str]) -> float:
    """How far a term is among what is named: 1 by any of its names, else by its parts.

    >>> from bedside.grounding._reading import read
    >>> chart = read("c/o right knee pain").sentences[0]
    >>> [round(covered(one.term, chart.ids), 2) for one in read("gonalgia of the knee", whole=True).sentences[0].claims]
    [0.0, 1.0]
    """
    if term.ids & ids:
        return 1.0
    if term.parts:
        return sum(covered(part, ids) for part in term.parts) / len(term.parts) * 0.95
    plain = min((id for id in term.ids if id.startswith(("w:", "z:"))), default="")
    return _characters(plain[2:], ids) if plain.startswith("z:") else _stem(plain, ids)


def _characters(word: str, ids: frozenset[str]) -> float:
    """How much of a Chinese word is in a word of the chart."""
    return max((len(set(word) & set(id[2:])) / len(set(word)) for id in ids if id.startswith("z:")), default=0.0) * 0.9


def _stem(plain: str, ids: frozenset[str]) -> float:
    """Whether an English word begins as one of the chart does."""
    root = plain[: len("w:") + ROOT]
    return 0.8 if len(plain) >= len(root) == len("w:") + ROOT and any(id.startswith(root) for id in ids) else 0.0


def names_too(one: Term, other: Term) -> bool:
    """Whether a term of the chart names what another does, or a kind of it, or has it as a part."""
    ids = one.all_ids()
    return bool(other.ids & ids) or any(other.ids & above(id) for id in ids)


def alike(one: Term | None, other: Term | None) -> bool:
    """Whether one of two terms names what the other does, or a kind of it."""
    return one is not None and other is not None and (names_too(one, other) or names_too(other, one))
