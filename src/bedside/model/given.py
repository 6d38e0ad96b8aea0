"""What a row gives beside its text: where its tokens stand, a second text, documents, entities marked already."""

from __future__ import annotations

from dataclasses import dataclass, field

from bedside.model.moved import Moved
from bedside.types import Entity

Places = tuple[tuple[int, int], ...]
"""Where each token of a row given as tokens stands in its text: code points, end exclusive."""


@dataclass(frozen=True, slots=True)
class Given:
    """Each head says what it needs of it (`model/forms/`); the rest is empty.

    >>> Given(second="no fever").entities
    ()
    """

    tokens: Places = field(default=(), repr=False)
    second: str = field(default="", repr=False)
    entities: tuple[Entity, ...] = field(default=(), repr=False)
    ids: tuple[str, ...] = field(default=(), repr=False)
    """What the row calls each entity; of the text as it came only."""
    by_words: int = 0
    """How many entities came as words alone and were placed where these first stand."""
    documents: tuple[str, ...] = field(default=(), repr=False)


NOTHING = Given()


def without_identity(given: Given, second: str, removed: Moved, documents: tuple[str, ...] = ()) -> Given:
    """With the second text, and documents, as they are without identity, and entities where they stand in the text now.

    Tokens of which a part was removed are no tokens any more, and then the text is judged by its own.
    """
    entities = tuple(there for one in given.entities if (there := removed.there(one)))
    tokens = given.tokens if removed.nothing else ()
    return Given(tokens, second, entities, by_words=given.by_words, documents=documents)
