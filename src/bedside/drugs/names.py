"""Medicines and classes that a text names, and what each is a kind of."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from bedside.drugs.trie import Hit, Trie
from bedside.drugs.vocabulary import Drug, vocabulary

_MEASURED = re.compile(
    r"[\s(（:：]{0,3}(?:(?:ER|XR|SR|CR|IV|PO)\s)?\d[\d.,]*\s*(?:mg|g|mcg|µg|μg|ug|ml|iu|units?|毫克|克|片|粒)|"
    r"\s+(?:po|iv|im|sc|bid|tid|qid|qd|daily|once|twice|q\d+h)\b",
    re.IGNORECASE,
)
"""What stands behind an abbreviation that is a medicine only where a dose follows."""


class Mention(NamedTuple):
    """Where a text names a medicine or a class; code points, end exclusive."""

    id: str
    start: int
    end: int


def drug(name: str) -> Drug | None:
    """The medicine or product of an id or of any of its names; None where there is none.

    >>> drug("paracetamol").zh, drug("Augmentin").id, drug("nsaid")
    ('对乙酰氨基酚', 'co_amoxiclav', None)
    """
    known = vocabulary().drugs
    if name in known:
        return known[name]
    named = find(name)
    return known.get(named[0].id) if len(named) == 1 else None


def kinds(id: str) -> frozenset[str]:
    """A medicine or class and all that it is a kind of; a product is also each of its substances.

    >>> sorted(kinds("ibuprofen"))
    ['ibuprofen', 'nsaid', 'nsaid_nonselective', 'nsaid_or_salicylate', 'nsaid_propionic']
    """
    known = vocabulary()
    if id in known.drugs:
        return frozenset((id, *known.drugs[id].classes))
    return frozenset(known.above.get(id, ()))


def concepts(text: str) -> frozenset[str]:
    """The ids of all that a text names, with all that these are kinds of; empty where nothing is known.

    >>> "penicillin" in concepts("Augmentin 625 mg tablet"), concepts("vitamin soup")
    (True, frozenset())
    """
    return frozenset().union(*(kinds(one.id) for one in find(text)))


def find(text: str) -> list[Mention]:
    """The medicines and classes that a text names, by their places; the longest name where several fit.

    >>> find("对青霉素类过敏，改用阿奇霉素片")
    [Mention(id='penicillin', start=1, end=5), Mention(id='azithromycin', start=10, end=14)]
    >>> find("Fe 12 umol/L, lead poisoning, in a stable condition")
    []
    """
    names = vocabulary().names
    found = ((hit, _meant(text, hit)) for hit in _trie().find(text))
    return [Mention(names[name], hit.start, hit.end) for hit, name in found if name and names[name]]


@cache
def _trie() -> Trie:
    return Trie(vocabulary_names())


def vocabulary_names() -> list[str]:
    """The names as they are written in a text, without the mark of those that ask for care."""
    return [name.lstrip("=?") for name in vocabulary().names]


def _meant(text: str, hit: Hit) -> str | None:
    """The name as filed if this is one: `=` asks for the very letters, `?` for these and a dose behind them."""
    names = vocabulary().names
    if hit.name in names:
        return hit.name
    if text[hit.start : hit.start + len(hit.name)] != hit.name:
        return None
    if f"={hit.name}" in names:
        return f"={hit.name}"
    return f"?{hit.name}" if _MEASURED.match(text, hit.end) else None
