"""Therapy that is doubled: one substance, or one class, in two different medicines."""

from __future__ import annotations

from collections.abc import Iterable

from bedside.drugs.names import kinds
from bedside.drugs.vocabulary import vocabulary


def twice(before: Iterable[str], added: Iterable[str]) -> frozenset[str]:
    """What one of the added medicines shares with another of them, or with one of those before.

    A class that is only named ("an NSAID") is no medicine of its own.

    >>> shared = twice(["ganmaoling_granules"], ["tylenol_cold"])
    >>> [id for id in ("acetaminophen", "chlorphenamine", "pseudoephedrine") if id in shared]
    ['acetaminophen', 'chlorphenamine']
    >>> twice(["lisinopril"], ["lisinopril"])
    frozenset()
    """
    classes = vocabulary().above
    new = {id for id in added if id not in classes}
    every = new | {id for id in before if id not in classes}
    return frozenset(kind for one in new for other in every - {one} for kind in kinds(one) & kinds(other))
